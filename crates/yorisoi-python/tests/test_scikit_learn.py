"""Do the forests behave as scikit-learn's own?"""

import numpy as np
import pytest
from yorisoi import CausalForest, ProbabilityForest, RegressionForest

sklearn = pytest.importorskip("sklearn", minversion="1.6")
from sklearn.base import clone  # noqa: E402
from sklearn.model_selection import GridSearchCV  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402
from sklearn.utils.estimator_checks import check_estimator  # noqa: E402

TOO_FEW = "it fits on fewer than 20 rows, where no honest forest can say anything"
BY_NAME = "columns are found by name in any order, and further ones are ignored"
# What does not apply, and why. Anything else must pass; what passes after all must leave this list.
DOES_NOT_APPLY = {
    "check_n_features_in_after_fitting": TOO_FEW,
    "check_sample_weights_pandas_series": TOO_FEW,
    "check_sample_weights_not_an_array": TOO_FEW,
    "check_sample_weights_shape": TOO_FEW,
    "check_sample_weights_not_overwritten": TOO_FEW,
    "check_sample_weight_equivalence_on_dense_data": TOO_FEW,
    "check_regressors_no_decision_function": TOO_FEW,
    "check_classifier_data_not_an_array": TOO_FEW,
    "check_classifiers_one_label": TOO_FEW,
    "check_classifiers_one_label_sample_weights": TOO_FEW,
    "check_fit2d_1sample": TOO_FEW,
    "check_fit2d_1feature": TOO_FEW,
    "check_dataframe_column_names_consistency": BY_NAME,
}


class OfChance(CausalForest):
    """A causal forest that draws its own treatment, so that the checks of two columns can run on it."""

    def fit(self, X, y, **more):
        if y is not None and hasattr(y, "__len__"):
            more["treatment"] = np.random.default_rng(0).integers(0, 2, len(y))
        return super().fit(X, y, **more)


@pytest.mark.parametrize("forest", [RegressionForest(n_estimators=20), ProbabilityForest(n_estimators=20)])
def test_the_checks_pass_where_they_apply(forest):
    results = check_estimator(forest, on_fail=None)
    failed = {result["check_name"]: result["exception"] for result in results if result["status"] == "failed"}
    assert set(failed) <= set(DOES_NOT_APPLY), {name: failed[name] for name in set(failed) - set(DOES_NOT_APPLY)}
    # What fails for want of rows must fail for that, and for nothing else.
    for name, error in failed.items():
        if DOES_NOT_APPLY[name] is TOO_FEW:
            assert "expected at least 20" in str(error.__cause__ or error) or "raises error if" in str(error), name
    assert sum(result["status"] == "passed" for result in results) >= 46


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


def test_causal_forests_pass_the_checks_of_estimators():
    results = check_estimator(OfChance(n_estimators=10), on_fail=None)
    failed = {result["check_name"]: str(result["exception"]) for result in results if result["status"] == "failed"}
    few = [name for name, error in failed.items() if "needed" in error or "at least" in error or "rows" in error]
    others = {name: error for name, error in failed.items() if name not in few and name not in DOES_NOT_APPLY}
    assert not others, others


def test_classes_come_back_as_they_were(world):
    for labels in (np.array([3, 7, 9]), np.array(["a", "b", "c"]), np.array([True, False])):
        y = labels[(np.digitize(world.X[:, 0], [-0.5, 0.5])) % len(labels)]
        forest = ProbabilityForest(n_estimators=20).fit(world.X, y)
        assert (forest.predict(world.X) == y).mean() > 0.8
        assert np.allclose(forest.predict_proba(world.X).sum(axis=1), 1.0)
        assert forest.predict(world.X).dtype.kind == y.dtype.kind
