"""Is anything at all, in the place of any argument, either taken or refused in words?"""

import numpy as np
import pytest
import yorisoi
from yorisoi import CausalForest, Effects, InputError, InstrumentalForest, ProbabilityForest, RegressionForest

# Inner names, and what a mistake of the library's own is called.
NEVER_SAID = ("tau_hat", "y_hat", "w_hat", "`w`", "`z`", "`weights`", "`clusters`", "unit ", "n_cells", "mistake of its own")

N = 60
RNG = np.random.default_rng(0)
X, Y, W, DOSE = RNG.normal(size=(N, 2)), RNG.normal(size=N), np.arange(N) % 2, RNG.uniform(size=N)
TABLE = {"a": X[:, 0], "b": X[:, 1], "t": W, "y": Y}


def with_one(value, row=3):
    column = Y.astype(object)
    column[row] = value
    return column


THINGS = [
    None, "x", b"x", True, 0, 1, 3, -1, 0.5, 1.5, float("nan"), float("inf"), 2**70, 10**400, lambda: 1, object(), range(N),
    [], [[]], {}, set(), {"a": Y}, {0: 0.5, 1: 0.5}, list(Y), [[1.0, 2.0], [3.0]],
    np.array([]), np.array(5.0), np.zeros((0, 2)), np.zeros((N, 1)), np.zeros((N, 2)), np.full((N, 3), 1 / 3), X[:9],
    Y, Y[:9], np.r_[Y, Y], np.full(N, 0.5), np.full(N, np.nan), np.full(N, np.inf), np.full(N, 1e300), np.full(N, 1e-300),
    W, W + 7, W.astype(bool), np.zeros(N), np.zeros(N, dtype=complex), np.zeros(N, dtype="M8[D]"), np.zeros(N, dtype=[("a", float)]),
    np.arange(N) * 10**16, np.array(["a"] * N), np.array(["a", "b"] * (N // 2)),
    with_one(np.nan), with_one(None), with_one("text"), with_one({}), with_one(-np.inf),
]  # fmt: skip


@pytest.fixture(scope="module")
def calls():
    grow = {"n_estimators": 6, "n_jobs": 1}
    coin = np.where(np.arange(N) % 10 == 0, 1 - W, W)
    of_arms = CausalForest(**grow).fit(X, Y, W)
    forests = {
        "arms": (of_arms, {"treatment": W, "propensity": None}),
        "chances": (CausalForest(**grow).fit(X, Y, W, propensity=np.full(N, 0.5)), {"treatment": W, "propensity": 0.5}),
        "amount": (CausalForest(discrete_treatment=False, **grow).fit(X, Y, DOSE), {"treatment": DOSE, "propensity": None}),
        "instrument": (InstrumentalForest(**grow).fit(X, Y, coin, instrument=W), {"treatment": coin, "instrument": W}),
    }
    judged = {"sample_weight": None, "cluster": None, "n_jobs": 1}
    drawn = {"replicates": 2, "random_state": 0, **judged}
    study = yorisoi.study(TABLE, treatment="t", outcome="y", n_estimators=6, repeats=1, n_jobs=1)
    effects = of_arms.effects(X)
    calls = {
        "rate": (yorisoi.rate, {"priority": Y, "scores": Y, "points": 2, **drawn}),
        "compare_rates": (yorisoi.compare_rates, {"priority": Y, "against": -Y, "scores": Y, **drawn}),
        "calibration": (yorisoi.calibration, {"predicted": Y, "scores": Y, **judged}),
        "uplift_by_quantile": (yorisoi.uplift_by_quantile, {"predicted": Y, "scores": Y, "bins": 3, **judged}),
        "best_linear_projection": (yorisoi.best_linear_projection, {"X": X, "scores": Y, **judged}),
        "doubly_robust_scores": (
            yorisoi.doubly_robust_scores,
            {"y": Y, "treatment": W, "effect": Y, "expected_outcome": Y, "propensity": 0.5, "control": None},
        ),
        "plan": (
            yorisoi.plan,
            {"effects": effects, "allowed_harm": 0.1, "costs": None, "budget": None, "value_per_outcome": None, "capacity": None,
             "random_state": 0, "n_jobs": 1},
        ),
        "Effects": (
            lambda **parts: [ask(Effects(**parts)) for ask in (lambda e: e.interval(0.1), lambda e: yorisoi.plan(e, allowed_harm=0.1))],
            {"arms": ["1"], "effect": effects.effect, "std_error": effects.std_error, "low": effects.low, "high": effects.high,
             "centre": None, "bound": None},
        ),
        "means": (lambda **data: RegressionForest(**grow).fit(**data), {"X": X, "y": Y, "sample_weight": None, "cluster": None}),
        "classes": (lambda **data: ProbabilityForest(**grow).fit(**data), {"X": X, "y": W, "sample_weight": None, "cluster": None}),
        "fit": (
            lambda **data: CausalForest(**grow).fit(**data),
            {"X": X, "y": Y, "treatment": W, "instrument": None, "cluster": None, "sample_weight": None, "propensity": None},
        ),
        "parameters": (
            lambda **given: CausalForest(**{**grow, **given}).fit(X, Y, W),
            {"n_estimators": 6, "control": None, "discrete_treatment": True, "min_samples_leaf": None, "interval_leaf": None,
             "max_samples": None, "cv": None, "nuisance_learner": "boosted", "max_bins": 64, "random_state": 0, "n_jobs": 1,
             "progress": None},
        ),
        "effect_interval": (of_arms.effect_interval, {"X": X, "alpha": 0.1}),
        "nuisances": (of_arms.nuisances, {"X": X}),
        "study": (
            yorisoi.study,
            {"table": TABLE, "treatment": "t", "outcome": "y", "control": None, "lower_is_better": False, "features": None,
             "drop": None, "cluster": None, "sample_weight": None, "propensity": None, "costs": None, "budget": None,
             "capacity": None, "holdout": None, "repeats": 1, "trim": None, "name": None, "n_estimators": 6, "nuisance_learner": "boosted",
             "n_jobs": 1},
        ),
        "decide": (yorisoi.decide, {"policy": {}, "situation": {}, "key": bytes(32)}),
    }  # fmt: skip
    for kind, (forest, own) in forests.items():
        data = {"X": X, "y": Y, **own, "sample_weight": None, "cluster": None}
        calls[f"average_effect of {kind}"] = forest.average_effect, {**data, "target_population": "all"}
        calls[f"doubly_robust_scores of {kind}"] = forest.doubly_robust_scores, data
        calls[f"score of {kind}"] = forest.score, data
    for name, first in (("toc", "curve"), ("qini", "curve"), ("calibration", "cells"), ("effects", "effects"), ("overlap", "study")):
        calls[f"plot.{name}"] = getattr(yorisoi.plot, name), {first: study, "arm": 0}
    return calls


NAMES = [
    "rate", "compare_rates", "calibration", "uplift_by_quantile", "best_linear_projection", "doubly_robust_scores", "plan",
    "Effects", "means", "classes", "fit", "parameters", "effect_interval", "nuisances", "study", "decide",
    *(f"{ask} of {kind}" for ask in ("average_effect", "doubly_robust_scores", "score") for kind in ("arms", "chances", "amount", "instrument")),
    "plot.toc", "plot.qini", "plot.calibration", "plot.effects", "plot.overlap",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_what_cannot_be_used_is_refused_in_words(name, calls):
    if name.startswith("plot."):
        pytest.importorskip("matplotlib").use("Agg")
    call, given = calls[name]
    for argument in given:
        for thing in THINGS:
            try:
                call(**{**given, argument: thing})
            except InputError as error:
                said = [word for word in NEVER_SAID if word in str(error)]
                assert not said, (argument, thing, str(error))
            except FileNotFoundError:
                # A text may be a path.
                assert isinstance(thing, str)
            except Exception as error:
                raise AssertionError(f"{name}({argument}={thing!r})") from error
    if name.startswith("plot."):
        pytest.importorskip("matplotlib.pyplot").close("all")
