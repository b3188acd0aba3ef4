"""Does the causal forest find known effects, and say how sure it is?"""

import pickle

import numpy as np
import pytest
import yorisoi
from yorisoi import CausalForest, Effects, InputError, InstrumentalForest

# A step between -0.5 and 1 with noise of 1 and 3,000 people. Guessing the mean effect errs by 0.75; the forest of 100
# trees has to do at least twice as well.
HALF_OF_GUESSING = 0.375


def test_effects_are_found(world, forest):
    rng = np.random.default_rng(9)
    X = rng.normal(size=(2000, 5))
    error = forest.effect(X) - np.where(X[:, 0] > 0, 1.0, -0.5)
    assert np.sqrt(np.mean(error**2)) < HALF_OF_GUESSING


def test_the_average_is_inside_five_standard_errors_of_the_truth(world, forest):
    for target in ("all", "treated", "control", "overlap"):
        average = forest.average_effect(target_population=target)
        assert abs(average.estimate - world.tau.mean()) < 5 * average.std_error, target
        # Two arms of 1,500 with noise of at least 1: no honest error is below 1 / sqrt(750) / 2.
        assert average.std_error > 0.018


def test_an_unknown_target_is_refused(forest):
    with pytest.raises(InputError, match="target_population"):
        forest.average_effect(target_population="everyone")


def test_an_interval_that_is_not_known_is_unknown_at_every_level(world):
    few = CausalForest(n_estimators=4, random_state=1).fit(world.X, world.y, world.w)
    effects = few.effects_oob_
    unknown = np.isnan(effects.std_error)
    assert unknown.any() and np.isfinite(effects.effect[unknown]).any()
    for alpha in (0.05, 0.2):
        low, high = effects.interval(alpha)
        assert np.array_equal(np.isnan(low), unknown) and np.array_equal(np.isnan(high), unknown)


def test_intervals_of_every_level_lie_around_the_same_centre():
    effect, se = np.array([[0.6]]), np.array([[0.1]])
    # 95 %: .9 ± .196, widened down to the effect and cut at 1.
    made = Effects(["call"], effect, se, effect, np.array([[1.0]]), centre=np.array([[0.9]]), bound=1.0)
    low, high = made.interval(alpha=0.6170750774519738)  # half a standard error
    assert abs(low[0, 0] - 0.6) < 1e-9 and abs(high[0, 0] - 0.95) < 1e-9
    assert made.interval(alpha=1e-6)[1][0, 0] == 1.0


def test_intervals_hold_the_effect_and_widen_with_their_level(world, forest):
    effect = forest.effect(world.X)
    widths = []
    for alpha in (0.5, 0.1, 0.05, 0.01):
        low, high = forest.effect_interval(world.X, alpha)
        assert np.all(low <= effect) and np.all(effect <= high)
        widths.append(np.mean(high - low))
    assert widths == sorted(widths)
    with pytest.raises(InputError, match="alpha"):
        forest.effect_interval(world.X, alpha=0.0)


def test_the_same_seed_gives_the_same_bytes_for_any_number_of_threads(world, tmp_path):
    def fit(n_jobs, seed):
        forest = CausalForest(n_estimators=20, random_state=seed, n_jobs=n_jobs).fit(world.X, world.y, world.w)
        forest.save(tmp_path / "model")
        return (tmp_path / "model").read_bytes()

    assert fit(1, 7) == fit(2, 7) == fit(-1, 7)
    assert fit(1, 7) != fit(1, 8)


def test_several_arms_have_a_column_each(world):
    rng = np.random.default_rng(3)
    arm = rng.choice(["none", "mail", "call"], len(world.y))
    y = world.X[:, 1] + (arm == "mail") * 0.5 + (arm == "call") * (world.X[:, 0] > 0) + rng.normal(size=len(arm))
    forest = CausalForest(n_estimators=50).fit(world.X, y, arm)
    assert forest.arms_ == ["none", "call", "mail"]
    assert forest.effect(world.X).shape == (len(y), 2)
    averages = forest.average_effect()
    assert set(averages) == {"call", "mail"}
    assert averages["mail"].low < 0.5 < averages["mail"].high
    assert forest.doubly_robust_scores().shape == (len(y), 2)
    assert forest.feature_importances_.shape == (2, 5)


def test_an_amount_has_an_effect_per_unit(world):
    rng = np.random.default_rng(4)
    dose = rng.uniform(0, 2, len(world.y))
    y = world.X[:, 1] + 0.8 * dose + rng.normal(size=len(dose))
    forest = CausalForest(n_estimators=50, discrete_treatment=False).fit(world.X, y, dose)
    # The average of an effect of 0.8 everywhere; its own error with 3,000 people and a dose variance of 1/3 is 0.03.
    assert abs(forest.effect_oob_.mean() - 0.8) < 0.15
    for target in ("all", "overlap"):
        average = forest.average_effect(target_population=target)
        # At least 1 / sqrt(3000 / 3), for noise of 1 and a variance of 1/3.
        assert abs(average.estimate - 0.8) < 5 * average.std_error and 0.03 < average.std_error < 0.06, target
    assert np.isclose(forest.doubly_robust_scores().mean(), forest.average_effect().estimate)
    y_hat, mean = forest.nuisances()
    assert mean.shape == (len(dose), 1) and abs(mean.mean() - 1.0) < 0.1
    new = type(world)(seed=7)
    dose = rng.uniform(0, 2, len(new.y))
    average = forest.average_effect(new.X, new.X[:, 1] + 0.8 * dose + rng.normal(size=len(dose)), dose)
    assert abs(average.estimate - 0.8) < 5 * average.std_error
    with pytest.raises(InputError, match="all or overlap"):
        forest.average_effect(target_population="treated")


def test_an_instrument_tells_cause_from_company():
    rng = np.random.default_rng(5)
    n = 6000
    X, keen = rng.normal(size=(n, 3)), rng.uniform(size=n) < 0.3
    coin = rng.integers(0, 2, n)
    took = np.where(keen, 1, coin * (rng.uniform(size=n) < 0.7))
    y = took + 2.0 * keen + rng.normal(size=n)
    naive = y[took == 1].mean() - y[took == 0].mean()
    forest = InstrumentalForest(n_estimators=100).fit(X, y, took, instrument=coin)
    assert naive > 1.5
    # Wald's estimate has a standard error of about 2 / (0.49 sqrt(6000)) = 0.05.
    assert abs(forest.effect_oob_.mean() - 1.0) < 0.25
    assert forest.first_stage_f_ > 100
    for target in ("all", "compliers", "overlap"):
        average = forest.average_effect(target_population=target)
        assert abs(average.estimate - 1.0) < 5 * average.std_error and 0.02 < average.std_error < 0.1, target
    assert np.isclose(forest.doubly_robust_scores().mean(), forest.average_effect().estimate)
    half = n // 2
    learned = InstrumentalForest(n_estimators=100).fit(X[:half], y[:half], took[:half], instrument=coin[:half])
    judged = learned.average_effect(X[half:], y[half:], took[half:], instrument=coin[half:], target_population="compliers")
    assert abs(judged.estimate - 1.0) < 5 * judged.std_error and judged.n == half
    again = pickle.loads(pickle.dumps(forest))
    assert again.average_effect() == forest.average_effect()
    with pytest.raises(InputError, match="instrument"):
        learned.average_effect(X[half:], y[half:], took[half:])
    with pytest.raises(InputError, match="compliers"):
        forest.average_effect(target_population="treated")
    with pytest.raises(InputError, match="instrument"):
        InstrumentalForest().fit(X, y, took)
    with pytest.raises(InputError, match="first-stage F"):
        InstrumentalForest(n_estimators=20).fit(X, y, took, instrument=rng.integers(0, 2, n))


def test_weights_and_clusters_reach_the_averages(world):
    heavy = np.where(world.X[:, 0] > 0, 3.0, 1.0)
    weighted = CausalForest(n_estimators=50).fit(world.X, world.y, world.w, sample_weight=heavy, propensity=0.5)
    truth = np.average(world.tau, weights=heavy)
    assert abs(weighted.average_effect().estimate - truth) < 5 * weighted.average_effect().std_error
    families = [f"family {row // 3}" for row in range(len(world.y))]
    clustered = CausalForest(n_estimators=50).fit(world.X, world.y, world.w, cluster=families)
    assert clustered.average_effect().n == len(set(families))


def test_scores_of_new_people_need_their_outcomes(world, forest):
    fresh = type(world)(seed=1)
    scores = forest.doubly_robust_scores(fresh.X, fresh.y, fresh.w)
    assert abs(scores.mean() - fresh.tau.mean()) < 5 * scores.std() / np.sqrt(len(scores))
    average = forest.average_effect(fresh.X, fresh.y, fresh.w)
    assert average.estimate == pytest.approx(scores.mean(), abs=1e-12)
    assert forest.score(fresh.X, fresh.y, fresh.w) > 0
    with pytest.raises(InputError, match="together"):
        forest.average_effect(fresh.X)
    with pytest.raises(InputError, match="the model knows 0, 1"):
        forest.average_effect(fresh.X, fresh.y, fresh.w + 7)


def test_rows_without_outcome_are_counted_and_have_no_oob_effect(world):
    y = world.y.copy()
    y[:30] = np.nan
    forest = CausalForest(n_estimators=100).fit(world.X, y, world.w)
    assert forest.dropped_ == {"outcome.missing": 30}
    assert np.isnan(forest.effect_oob_[:30]).all() and np.isfinite(forest.effect_oob_[30:]).all()
    assert np.isnan(forest.doubly_robust_scores()).sum() == 30


def test_rows_that_every_one_of_few_trees_has_seen_are_left_out_of_averages(world):
    # Four trees are two bags: a quarter of the rows is in both.
    forest = CausalForest(n_estimators=4).fit(world.X, world.y, world.w, propensity=0.5)
    unknown = np.isnan(forest.effect_oob_)
    assert 0.2 < unknown.mean() < 0.3
    assert forest.average_effect().n == (~unknown).sum()
    assert np.array_equal(np.isnan(forest.doubly_robust_scores()), unknown)


def test_tuning_says_what_was_chosen(forest):
    (tuning,) = forest.tuning_
    assert tuning["n_trees"] == 100
    assert tuning["min_leaf"] in [loss["min_leaf"] for loss in tuning["losses"]] or tuning["losses"]


def test_errors_name_column_row_and_remedy(world):
    broken = world.y.copy()
    broken[41] = np.inf
    with pytest.raises(InputError) as caught:
        CausalForest().fit(world.X, broken, world.w)
    assert (caught.value.column, caught.value.row, caught.value.code) == ("y", 41, "roles.not_finite")
    assert "row 42" in str(caught.value) and caught.value.hint
    with pytest.raises(InputError) as caught:
        CausalForest().fit(world.X, world.y, np.where(world.w, "mail", "call"))
    assert caught.value.code == "treatment.no_control" and "control=" in caught.value.hint
    with pytest.raises(InputError, match="`y` has 10 rows|has 10 rows"):
        CausalForest().fit(world.X, world.y[:10], world.w)
    for name, value in {"n_estimators": 0, "max_samples": 0.9, "max_bins": 1000, "cv": 1, "n_jobs": 0}.items():
        with pytest.raises(InputError, match=name):
            CausalForest(**{name: value}).fit(world.X, world.y, world.w)


def test_a_feature_that_is_the_outcome_is_refused(world):
    with pytest.raises(InputError) as caught:
        CausalForest().fit(np.column_stack([world.X, world.y]), world.y, world.w)
    assert (caught.value.code, caught.value.column) == ("feature.is_outcome", "x5")
    assert "--" not in str(caught.value)


def test_known_propensities_may_be_a_number_one_an_arm_or_one_a_row(world):
    fit = lambda propensity: CausalForest(n_estimators=20).fit(world.X, world.y, world.w, propensity=propensity)
    one = fit(0.5).effect(world.X)
    assert np.array_equal(one, fit({0: 0.5, 1: 0.5}).effect(world.X))
    assert np.array_equal(one, fit(np.full(len(world.y), 0.5)).effect(world.X))
    with pytest.raises(InputError) as caught:
        fit(np.where(np.arange(len(world.y)) == 5, 1.0, 0.5))
    assert (caught.value.column, caught.value.row) == ("propensity", 5)


def test_chances_of_several_arms_may_differ_from_row_to_row():
    # Who needs help is called, and nothing in X shows the need: without the chances the call seems to help.
    rng = np.random.default_rng(5)
    n = 4000
    need = rng.uniform(size=n) < 0.5
    chances = np.where(need[:, None], [0.2, 0.6, 0.2], [0.6, 0.1, 0.3])
    arm = np.array(["none", "call", "mail"])[(rng.uniform(size=n)[:, None] > chances.cumsum(axis=1)).sum(axis=1)]
    X = rng.normal(size=(n, 2))
    y = 1.5 * need - 0.2 * (arm == "call") + 0.3 * (arm == "mail") + rng.normal(size=n)
    grow = lambda propensity: CausalForest(n_estimators=40, control="none").fit(X, y, arm, propensity=propensity)
    told, guessed = grow(chances), grow(None)
    averages = told.average_effect()
    for name, truth in (("call", -0.2), ("mail", 0.3)):
        # Further off once in 16,000.
        assert abs(averages[name].estimate - truth) < 4 * averages[name].std_error, name
    assert guessed.average_effect()["call"].estimate > 0.2
    by_arm = {"none": chances[:, 0], "call": chances[:, 1], "mail": chances[:, 2]}
    assert np.array_equal(told.effect(X), grow(by_arm).effect(X))
    del by_arm["none"]
    assert np.allclose(told.effect(X), grow(by_arm).effect(X))
    assert told.doubly_robust_scores(X, y, arm, propensity=chances).shape == (n, 2)
    with pytest.raises(InputError, match="2 columns"):
        told.doubly_robust_scores(X, y, arm, propensity=chances[:, 1:])
    with pytest.raises(InputError, match="2 columns in order"):
        grow(chances[:, 1:])
    chances[7] = [0.2, 0.3, 0.4]
    with pytest.raises(InputError, match="row 8 they sum to 0.9"):
        grow(chances)


def test_public_names_all_exist():
    for name in yorisoi.__all__:
        assert getattr(yorisoi, name) is not None
    with pytest.raises(AttributeError):
        yorisoi.no_such_name
