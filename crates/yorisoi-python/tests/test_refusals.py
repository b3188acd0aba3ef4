"""Is what cannot be used refused in Python's own words, with the argument and the row?"""

import pickle

import numpy as np
import pytest
import yorisoi
from yorisoi import CausalForest, Effects, InputError, InstrumentalForest, ProbabilityForest, RegressionForest

# What the library calls things among its own; people who write Python know none of it.
NAMES_OF_RUST = ("tau_hat", "y_hat", "w_hat", "`w`", "`z`", "`weights`", "`clusters`", "`rows`", "`trim`", "unit ", "n_cells")

N = 200


def some(n=N, seed=0):
    """Features, outcome, arm and a coin that moves it, of people without any effect."""
    rng = np.random.default_rng(seed)
    X, coin = rng.normal(size=(n, 2)), rng.integers(0, 2, n)
    took = np.where(rng.uniform(size=n) < 0.8, coin, 1 - coin)
    return X, rng.normal(size=n), took, coin


@pytest.fixture(scope="module")
def small():
    X, y, took, _ = some(400)
    return CausalForest(n_estimators=20).fit(X, y, took)


@pytest.fixture(scope="module")
def moved():
    X, y, took, coin = some(400)
    return InstrumentalForest(n_estimators=20).fit(X, y, took, instrument=coin)


def refused(call, column=None, row=None, words=()):
    """Checks that a call raises `InputError` in Python's names, and returns its message."""
    with pytest.raises(InputError) as caught:
        call()
    message = str(caught.value)
    assert not [name for name in NAMES_OF_RUST if name in message], message
    if column is not None:
        assert caught.value.column == column, (caught.value.column, message)
    if row is not None:
        assert caught.value.row == row and f"row {row + 1}" in message, message
    for word in words:
        assert str(word) in message, message
    return message


def scores(**other):
    """Doubly robust scores of four people, with some arguments others than they should be."""
    given = {
        "y": [3.0, 1.0, 2.0, 0.0],
        "treatment": [1, 0, 1, 0],
        "effect": [2.0, 2.0, 2.0, 2.0],
        "expected_outcome": [1.0, 1.0, 1.0, 1.0],
        "propensity": [0.5, 0.5, 0.5, 0.5],
    }
    given.update(other)
    return lambda: yorisoi.doubly_robust_scores(**given)


@pytest.mark.parametrize("argument", ["treatment", "effect", "expected_outcome", "propensity"])
@pytest.mark.parametrize("length", [2, 6])
def test_scores_of_any_model_need_columns_of_one_length(argument, length):
    column = [index % 2 for index in range(length)] if argument == "treatment" else [0.5] * length
    refused(scores(**{argument: column}), argument, words=[f"`{argument}` has {length} rows, expected 4"])


def test_an_effect_that_is_not_known_gives_no_score_and_no_panic():
    assert np.array_equal(scores(effect=[2.0, np.nan, 2.0, 2.0])(), [4.0, np.nan, 2.0, 2.0], equal_nan=True)
    refused(scores(effect=[2.0, np.nan, 2.0, 2.0], expected_outcome=[1.0]), "expected_outcome", words=["1 rows, expected 4"])
    assert np.isnan(scores(effect=[np.nan] * 4)()).all()


def test_scores_of_any_model_name_what_is_wrong():
    refused(scores(y=[3.0, np.nan, 2.0, 0.0]), "y", 1)
    refused(scores(expected_outcome=[1.0, 1.0, np.inf, 1.0]), "expected_outcome", 2)
    # In the rows that were given, also where some effects are not known.
    refused(scores(effect=[np.nan, 2.0, 2.0, 2.0], y=[3.0, 1.0, np.nan, 0.0]), "y", 2)
    refused(scores(propensity=[0.5, 0.5, 0.5, 1.0]), "propensity", 3)
    refused(scores(propensity=np.array([[0.5, 0.5], [0.5, 0.5], [0.5, 0.4], [0.5, 0.5]])), "propensity", 2, ["sums to 0.9"])
    refused(scores(propensity="half"), "propensity")
    refused(scores(propensity=np.full((4, 3), 1 / 3)), "propensity", words=["3 columns, expected 2"])
    refused(scores(effect=np.ones((4, 2))), "effect", words=["2 columns, expected 1"])
    refused(scores(effect=["a", "b", "c", "d"]), "effect", 0)
    refused(scores(y=["1.0", "x", "2", "3"]), "y", words=["numeric"])


def test_arms_of_scores_are_of_one_kind_and_have_a_control():
    mixed = np.array(["call", "none", "call", 1], dtype=object)
    refused(scores(treatment=mixed, control="none"), "treatment", words=["int, str"])
    refused(scores(treatment=np.array(["call", None, "call", "none"], dtype=object)), "treatment", 1)
    refused(scores(treatment=[1.0, np.nan, 1.0, 0.0]), "treatment", 1)
    message = refused(scores(treatment=["call", "none", "call", "none"]), "treatment", words=["which arm", "call, none"])
    assert "control=" in message
    refused(scores(treatment=[1, 0, 1, 0], control="none"), "treatment", words=["no arm `none`"])
    refused(scores(treatment=[1, 1, 1, 1], control=1), "treatment", words=["one arm"])
    assert scores(treatment=[True, False, True, False])().tolist() == scores()().tolist()
    assert scores(treatment=["1", "0", "1", "0"], control=0)().tolist() == scores()().tolist()


@pytest.mark.parametrize("ask", ["average_effect", "doubly_robust_scores", "score"])
@pytest.mark.parametrize("argument", ["y", "treatment", "propensity", "sample_weight", "cluster"])
def test_new_rows_need_columns_of_one_length(ask, argument, small):
    X, y, took, _ = some(seed=1)
    columns = {"y": y, "treatment": took, "propensity": np.full(N, 0.5), "sample_weight": np.ones(N), "cluster": np.arange(N)}
    for length in (N - 50, N + 50):
        given = {**columns, argument: np.resize(columns[argument], length)}
        refused(lambda: getattr(small, ask)(X, **given), argument, words=[f"`{argument}` has {length} rows, expected {N}"])


@pytest.mark.parametrize("argument", ["y", "treatment", "instrument", "sample_weight", "cluster"])
def test_new_rows_of_an_instrument_need_columns_of_one_length(argument, moved):
    X, y, took, coin = some(seed=1)
    columns = {"y": y, "treatment": took, "instrument": coin, "sample_weight": np.ones(N), "cluster": np.arange(N)}
    for length in (N - 50, N + 50):
        given = {**columns, argument: np.resize(columns[argument], length)}
        refused(lambda: moved.average_effect(X, **given), argument, words=[f"{length} rows, expected {N}"])


FITS = {
    "mean": lambda X, y, took, coin, **more: RegressionForest(n_estimators=10).fit(X, y, **more),
    "class": lambda X, y, took, coin, **more: ProbabilityForest(n_estimators=10).fit(X, took, **more),
    "arms": lambda X, y, took, coin, **more: CausalForest(n_estimators=10).fit(X, y, took, **more),
    "amount": lambda X, y, took, coin, **more: CausalForest(n_estimators=10, discrete_treatment=False).fit(X, y, y + took, **more),
    "instrument": lambda X, y, took, coin, **more: InstrumentalForest(n_estimators=10).fit(X, y, took, instrument=coin, **more),
}


@pytest.mark.parametrize("kind", FITS)
@pytest.mark.parametrize("argument", ["cluster", "sample_weight"])
@pytest.mark.parametrize("length", [N - 50, N + 50])
def test_clusters_and_weights_have_one_entry_a_row(kind, argument, length):
    more = {argument: np.arange(length) // 2 + 1.0}
    refused(lambda: FITS[kind](*some(), **more), argument, words=[f"{length} rows, expected {N}"])


@pytest.mark.parametrize("kind", ["mean", "class", "arms", "instrument"])
def test_outcomes_have_one_entry_a_row(kind):
    X, y, took, coin = some()
    for length in (N - 50, N + 50):
        refused(lambda: FITS[kind](X, np.resize(y, length), np.resize(took, length), coin), words=[f"{length} rows, expected {N}"])


def test_no_column_of_a_table_is_cut():
    columns = {"a": np.arange(50.0), "b": np.arange(60.0)}
    refused(lambda: yorisoi.best_linear_projection(columns, np.arange(50.0)), "b", words=["60 rows, expected 50"])
    refused(lambda: yorisoi.best_linear_projection({"a": np.arange(50.0)}, np.arange(60.0)), words=["50", "60"])
    infinite = np.arange(50.0)
    infinite[7] = -np.inf
    refused(lambda: yorisoi.best_linear_projection({"a": infinite}, np.arange(50.0)), "a", 7)
    refused(
        lambda: yorisoi.rate(np.arange(50.0), np.arange(50.0), cluster=np.arange(40)), "cluster", words=["40 rows, expected 50"]
    )
    refused(lambda: yorisoi.rate(np.arange(50.0), np.arange(50.0), sample_weight=np.ones(40)), "sample_weight")


def test_faults_of_learning_have_pythons_names_and_rows_from_one():
    X, y, took, coin = some()
    broken = y.copy()
    broken[41] = np.nan
    refused(lambda: RegressionForest().fit(X, broken), "y", 41)
    refused(lambda: InstrumentalForest().fit(X, broken, took, instrument=coin), "y", 41)
    refused(lambda: InstrumentalForest().fit(X, y, broken, instrument=coin), "treatment", 41)
    refused(lambda: InstrumentalForest().fit(X, y, took, instrument=np.ones(N)), "instrument", words=["same in every row"])
    refused(lambda: InstrumentalForest().fit(X, y, np.ones(N), instrument=coin), "treatment", words=["same in every row"])
    refused(lambda: RegressionForest().fit(X, y, sample_weight=np.where(np.arange(N) == 3, -1.0, 1.0)), "sample_weight", 3)
    refused(lambda: RegressionForest().fit(X, y, cluster=np.zeros(N)), "cluster")
    refused(lambda: RegressionForest().fit(X[:9], y[:9]), words=["9 rows", "at least 20"])
    refused(lambda: RegressionForest().fit(X, np.where(y > 0, "yes", "no")), "y", 0, ["numeric"])
    refused(lambda: ProbabilityForest().fit(X, np.where(np.arange(N) == 5, np.nan, took)), "y", 5)


def test_faults_of_new_rows_have_pythons_names_and_rows_from_one(small, moved):
    X, y, took, coin = some(seed=1)
    broken = y.copy()
    broken[41] = np.nan
    refused(lambda: small.average_effect(X, broken, took), "y", 41)
    refused(lambda: moved.average_effect(X, broken, took, instrument=coin), "y", 41)
    refused(lambda: small.average_effect(X, y, took, propensity=np.where(np.arange(N) == 6, 1.0, 0.5)), "propensity", 6)
    refused(lambda: small.average_effect(X, y, took, propensity=1.5), "propensity", 0)
    refused(lambda: small.average_effect(X, y, took, propensity="known"), "propensity")
    refused(lambda: small.average_effect(X, y, took, sample_weight=np.where(np.arange(N) == 6, 0.0, 1.0)), "sample_weight", 6)
    refused(lambda: small.average_effect(X, y, np.where(np.arange(N) == 6, 7, took)), "treatment", 6, ["the model knows 0, 1"])
    refused(lambda: small.average_effect(X, y, took, instrument=coin), "instrument")
    refused(lambda: moved.average_effect(X, y, took, instrument=coin, propensity=0.5), "propensity")
    refused(lambda: small.average_effect(propensity=0.5), "propensity")
    refused(lambda: small.average_effect(X, y, took, target_population="everyone"), "target_population")


def test_an_amount_of_new_rows_is_checked_too():
    X, y, took, _ = some(400)
    dose = np.random.default_rng(9).uniform(size=400)
    forest = CausalForest(n_estimators=20, discrete_treatment=False).fit(X, y, dose)
    broken = dose.copy()
    broken[3] = np.nan
    refused(lambda: forest.average_effect(X, y, broken), "treatment", 3)
    for known in (0.5, {"1": 0.5}):
        refused(lambda: forest.average_effect(X, y, dose, propensity=known), "propensity", words=["an amount has none"])
    refused(lambda: forest.average_effect(X[:9], y[:9], dose[:9]), words=["9 rows", "at least 20"])
    refused(lambda: forest.average_effect(X, y, dose, cluster=np.arange(400) % 3), "cluster", words=["3 clusters"])
    refused(lambda: forest.average_effect(X, y, dose, sample_weight=np.zeros(400)), "sample_weight", 0)
    assert forest.average_effect(X, y, dose, cluster=np.arange(400) // 4).n == 100


def test_rows_whose_effect_no_tree_knows_are_left_out_with_an_instrument_too():
    X, y, took, coin = some(400)
    forest = InstrumentalForest(n_estimators=4).fit(X, y, took, instrument=coin)
    unknown = np.isnan(forest.effect_oob_)
    assert unknown.any() and not unknown.all()
    assert forest.average_effect().n == (~unknown).sum()
    assert np.array_equal(np.isnan(forest.doubly_robust_scores()), unknown)


def test_a_cell_that_is_no_value_is_a_type_error_with_its_place():
    for error in (TypeError, InputError):
        with pytest.raises(error, match="string or a number") as caught:
            RegressionForest().fit({"a": [1.0, {}, 2.0]}, [0.0, 1.0, 2.0])
        assert (caught.value.column, caught.value.row) == ("a", 1) and "row 2" in str(caught.value)
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is type(caught.value) and (again.column, again.row, str(again)) == ("a", 1, str(caught.value))


def effects():
    effect = np.full((10, 1), 0.5)
    return Effects(["a"], effect, effect / 10, effect - 0.1, effect + 0.1)


def planned(**limits):
    return lambda: yorisoi.plan(effects(), **{"allowed_harm": 0.1, **limits})


def rated(**options):
    return lambda: yorisoi.rate(np.arange(20.0), np.arange(20.0), **options)


ARGUMENTS = {
    "replicates": rated(replicates=-1),
    "points": rated(points=0),
    "n_jobs": rated(n_jobs="all"),
    "random_state": rated(random_state="x"),
    "random_state below 0": rated(random_state=-1),
    "random_state too large": rated(random_state=2**70),
    "bins": lambda: yorisoi.uplift_by_quantile(np.arange(20.0), np.arange(20.0), bins=-1),
    "bins one": lambda: yorisoi.uplift_by_quantile(np.arange(20.0), np.arange(20.0), bins=1),
    "capacity of a": planned(capacity={"a": -1}),
    "capacity of a, half": planned(capacity={"a": 0.5}),
    "capacity of a, none": planned(capacity={"a": None}),
    "capacity": planned(capacity=5),
    "cost of a": planned(costs={"a": None}),
    "cost of a, nested": planned(costs={"a": [[1.0] * 10] * 2}),
    "cost of a, short": planned(costs={"a": [1.0] * 9}),
    "costs": planned(costs=5.0),
    "budget": planned(budget="much"),
    "budget below 0": planned(budget=-1.0),
    "allowed_harm": planned(allowed_harm="some"),
    "value_per_outcome": planned(value_per_outcome="much"),
    "alpha": lambda: effects().interval(alpha="wide"),
    "alpha 0": lambda: yorisoi.Estimate(0.0, 1.0, -2.0, 2.0, 9).interval(alpha=0),
    "low": lambda: Effects(["a"], np.ones((9, 1)), np.ones((9, 1)), np.ones((8, 1)), np.ones((9, 1))).interval(0.1),
    "n_estimators": lambda: CausalForest(n_estimators="many").fit(*some()[:3]),
    "max_samples": lambda: CausalForest(max_samples="half").fit(*some()[:3]),
    "progress": lambda: CausalForest(progress="yes").fit(*some()[:3]),
    "key": lambda: yorisoi.decide({}, {}, key=None),
    "holdout": lambda: yorisoi.study({"t": [0]}, treatment="t", outcome="y", holdout="half"),
    "repeats": lambda: yorisoi.study({"t": [0]}, treatment="t", outcome="y", repeats=0),
    "treatment": lambda: yorisoi.study({"t": [0]}, treatment=3, outcome="y"),
    "drop": lambda: yorisoi.study({"t": [0]}, treatment="t", outcome="y", drop=3),
    "propensity": lambda: yorisoi.study({"t": [0]}, treatment="t", outcome="y", propensity=[0.5]),
}


@pytest.mark.parametrize("case", ARGUMENTS)
def test_an_argument_out_of_range_is_named(case):
    refused(ARGUMENTS[case], case.split(",")[0] if " of " in case else case.split(" ")[0])


def test_judgements_take_any_column_of_numbers_and_refuse_others():
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    numbers = np.arange(20.0)
    expected = yorisoi.rate(numbers, numbers).autoc
    for make in (list, pandas.Series, polars.Series, lambda v: pandas.Series(v).convert_dtypes(), lambda v: v[:, None], lambda v: v.astype(int)):
        assert yorisoi.rate(make(numbers), numbers).autoc == expected
    refused(lambda: yorisoi.rate(numbers, ["a"] * 20), "scores", 0, ["numeric"])
    gap = pandas.Series([*range(19), pandas.NA], dtype="Int64")
    refused(lambda: yorisoi.rate(numbers, gap), "scores", 19)
    refused(lambda: yorisoi.rate(gap.astype(object), numbers), "priority", 19)
    refused(lambda: yorisoi.rate(numbers, None), "scores")
    refused(lambda: yorisoi.rate(numbers, 1.0), "scores", words=["0 dimensions"])


def test_none_is_a_seed_everywhere():
    rng = np.random.default_rng(0)
    priority, found = rng.normal(size=50), rng.normal(size=50)
    assert yorisoi.rate(priority, found, random_state=None).autoc == yorisoi.rate(priority, found, random_state=42).autoc
    assert yorisoi.rate(priority, found, random_state=None).autoc != yorisoi.rate(priority, found).autoc
    compared = yorisoi.compare_rates(priority, -priority, found, random_state=np.random.default_rng(1))
    assert compared["autoc"].n == 50


def test_classes_that_cannot_be_told_apart_are_refused():
    X = some()[0]
    labels = np.array(["a", "b"] * (N // 2), dtype=object)
    mixed, gap = labels.copy(), labels.copy()
    mixed[3], gap[3] = 7, None
    refused(lambda: ProbabilityForest().fit(X, mixed), "y", words=["int, str"])
    refused(lambda: ProbabilityForest().fit(X, gap), "y", 3)
    refused(lambda: ProbabilityForest().fit(X, np.array(["2024-01-01", "2024-01-02"] * (N // 2), dtype="M8[D]")), "y")
    refused(lambda: ProbabilityForest().fit(X, np.arange(N)), "y", words=["classes"])
    refused(lambda: ProbabilityForest().fit(X, np.arange(N) / 7), "y", words=["continuous"])


def test_a_forest_that_could_not_learn_stays_what_it_was(small):
    X, y, took, _ = some(400)
    forest = CausalForest(n_estimators=20).fit(X, y, took)
    before = forest.effect(X), forest.fingerprint_
    with pytest.raises(InputError):
        forest.fit(X[:, :1], np.zeros(400), took)
    assert np.array_equal(forest.effect(X), before[0]) and forest.fingerprint_ == before[1]
    fresh = CausalForest()
    with pytest.raises(InputError):
        fresh.fit(X, np.zeros(400), took)
    assert not hasattr(fresh, "n_features_in_")
