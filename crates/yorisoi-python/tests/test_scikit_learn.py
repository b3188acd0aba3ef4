"""Do the forests behave as scikit-learn's own?"""

import numpy as np
import pytest
from yorisoi import CausalForest, InputError, InstrumentalForest, ProbabilityForest, RegressionForest

sklearn = pytest.importorskip("sklearn", minversion="1.6")
from sklearn.base import clone  # noqa: E402
from sklearn.model_selection import GridSearchCV  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402
from sklearn.utils.estimator_checks import check_estimator  # noqa: E402

# Checks that fit on fewer than 20 rows, where no honest forest can say anything. Anything else must pass, and what passes
# after all must leave this list.
OF_ALL = {
    "check_n_features_in_after_fitting",
    "check_sample_weights_pandas_series",
    "check_sample_weights_not_an_array",
    "check_sample_weights_shape",
    "check_sample_weights_not_overwritten",
    "check_sample_weight_equivalence_on_dense_data",
    "check_fit2d_1sample",
    "check_fit2d_1feature",
}
TOO_FEW_ROWS = {
    "RegressionForest": OF_ALL | {"check_regressors_no_decision_function"},
    "ProbabilityForest": OF_ALL
    | {
        "check_classifier_data_not_an_array",
        "check_classifiers_one_label",
        "check_classifiers_one_label_sample_weights",
    },
    # A single row says nothing of anybody, and the words for that are not those which the check looks for.
    "OfChance": {"check_fit2d_1sample"},
    "OfLot": set(),
}
# Of 58, 61, 40 and 40 checks in scikit-learn 1.9: where a version has others, so many must pass all the same.
PASSED_AT_LEAST = {"RegressionForest": 46, "ProbabilityForest": 46, "OfChance": 36, "OfLot": 36}


def by_chance(fit, X, y, roles, more):
    """Fits with these roles drawn, and takes rows several times over, with other noise, where they are too few or their
    outcome is a feature: so the checks, whose data have two columns, run on what needs more."""
    if y is None or not hasattr(y, "__len__"):
        return fit(X, y, **more)
    try:
        return fit(X, y, **dict.fromkeys(roles, np.arange(len(y)) % 2), **more)
    except InputError as error:
        # A forest with an instrument has no code of its own for too few rows.
        is_known = error.code in ("rows.too_few", "treatment.small_arm", "treatment.one_arm", "feature.is_outcome")
        if not is_known and "rows to learn from" not in str(error):
            raise
    times = -(-60 // len(y))
    rows = times * len(y)
    drawn = dict.fromkeys(roles, np.arange(rows) // len(y) % 2)
    noise = np.random.default_rng(0).normal(size=rows)
    return fit(np.concatenate([X] * times), np.concatenate([y] * times) + noise, **{**more, **drawn})


class OfChance(CausalForest):
    """A causal forest that draws its own treatment."""

    def fit(self, X, y, **more):
        return by_chance(super().fit, X, y, ("treatment",), more)

    def score(self, X, y, **more):
        return super().score(X, y, treatment=np.arange(len(y)) % 2, **more)


class OfLot(InstrumentalForest):
    """A forest with an instrument that draws lots, which everyone obeys."""

    def fit(self, X, y, **more):
        return by_chance(super().fit, X, y, ("treatment", "instrument"), more)

    def score(self, X, y, **more):
        lot = np.arange(len(y)) % 2
        return super().score(X, y, treatment=lot, instrument=lot, **more)


@pytest.mark.parametrize(
    "forest",
    [RegressionForest(n_estimators=20), ProbabilityForest(n_estimators=20), OfChance(n_estimators=10), OfLot(n_estimators=10)],
    ids=lambda forest: type(forest).__name__,
)
def test_the_checks_pass_where_they_apply(forest):
    name = type(forest).__name__
    results = check_estimator(forest, on_fail=None)
    failed = {result["check_name"]: result["exception"] for result in results if result["status"] == "failed"}
    assert set(failed) == TOO_FEW_ROWS[name], {check: failed.get(check) for check in set(failed) ^ TOO_FEW_ROWS[name]}
    # What fails for want of rows must fail for that, and for nothing else.
    for check, error in failed.items():
        few = "expected at least 20" in str(error.__cause__ or error) or "raises error if" in str(error)
        assert few or name == "OfChance", check
    assert sum(result["status"] == "passed" for result in results) >= PASSED_AT_LEAST[name]


def test_parameters_clone(forest):
    copy = clone(CausalForest(n_estimators=7, control="none", cv=3))
    assert copy.get_params()["n_estimators"] == 7 and copy.get_params()["cv"] == 3
    assert not hasattr(copy, "arms_")
    assert copy.set_params(n_estimators=9).n_estimators == 9
    with pytest.raises(ValueError):
        copy.set_params(trees=3)
    with pytest.raises(sklearn.exceptions.NotFittedError):
        copy.effect([[1.0]])
    assert "n_estimators=7" in repr(CausalForest(n_estimators=7))


def test_pipelines_pass_the_treatment_on(world):
    pipeline = make_pipeline(StandardScaler(), CausalForest(n_estimators=20))
    pipeline.fit(world.X, world.y, causalforest__treatment=world.w)
    assert pipeline.predict(world.X).shape == world.y.shape
    alone = CausalForest(n_estimators=20).fit(StandardScaler().fit_transform(world.X), world.y, world.w)
    assert np.array_equal(pipeline.predict(world.X), alone.effect(StandardScaler().fit_transform(world.X)))


def test_grid_search_ranks_by_held_out_autoc(world):
    with sklearn.config_context(enable_metadata_routing=True):
        forest = CausalForest(n_estimators=20).set_fit_request(treatment=True).set_score_request(treatment=True)
        search = GridSearchCV(forest, {"min_samples_leaf": [10, 500]}, cv=2)
        search.fit(world.X, world.y, treatment=world.w)
    assert search.best_score_ > 0
    assert search.best_params_["min_samples_leaf"] in (10, 500)
    assert search.best_estimator_.effect(world.X).shape == world.y.shape


def test_classes_come_back_as_they_were(world):
    for labels in (np.array([3, 7, 9]), np.array(["a", "b", "c"]), np.array([True, False])):
        y = labels[(np.digitize(world.X[:, 0], [-0.5, 0.5])) % len(labels)]
        forest = ProbabilityForest(n_estimators=20).fit(world.X, y)
        assert (forest.predict(world.X) == y).mean() > 0.8
        assert np.allclose(forest.predict_proba(world.X).sum(axis=1), 1.0)
        assert forest.predict(world.X).dtype.kind == y.dtype.kind
