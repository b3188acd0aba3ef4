"""Every peer, called as its documentation does, at its defaults.

Where a default cannot be had (a meta-learner needs some regression), the choice is one and the same for all: LightGBM as
it comes. Each function returns effects of the test rows, shape (n, arms - 1), and the ends of 95 % intervals or ``None``.
"""

from __future__ import annotations

import warnings

import numpy as np

warnings.filterwarnings("ignore")


def lightgbm(task, kind="LGBMRegressor"):
    import lightgbm as library

    return getattr(library, kind)(n_jobs=task.threads, verbose=-1, random_state=1)


def propensity_model(task):
    from sklearn.dummy import DummyClassifier

    return DummyClassifier(strategy="prior") if task.propensity is not None else lightgbm(task, "LGBMClassifier")


def yorisoi(task):
    from yorisoi import CausalForest

    known = None if task.propensity is None else dict(enumerate(task.propensity))
    forest = CausalForest(n_jobs=task.threads).fit(task.X, task.y, task.w, propensity=known)
    found = forest.effects(task.X_test)
    return found.effect, found.low, found.high


def econml_arms(task, model, method, **options):
    columns = [getattr(model, method)(task.X_test, T0=0, T1=arm, **options) for arm in range(1, task.n_arms)]
    return columns


def econml_forest(task):
    from econml.dml import CausalForestDML

    model = CausalForestDML(
        model_y=lightgbm(task), model_t=propensity_model(task), discrete_treatment=True, n_estimators=500,
        n_jobs=task.threads, random_state=1,
    )
    model.fit(task.y, task.w, X=task.X)
    effect = np.column_stack([np.ravel(part) for part in econml_arms(task, model, "effect")])
    ends = econml_arms(task, model, "effect_interval", alpha=0.05)
    low, high = (np.column_stack([np.ravel(end[side]) for end in ends]) for side in (0, 1))
    return effect, low, high


def econml_meta(task, name):
    from econml.dr import DRLearner
    from econml.metalearners import TLearner, XLearner

    model = {
        "T": lambda: TLearner(models=lightgbm(task)),
        "X": lambda: XLearner(models=lightgbm(task), propensity_model=propensity_model(task)),
        "DR": lambda: DRLearner(
            model_propensity=propensity_model(task), model_regression=lightgbm(task), model_final=lightgbm(task), random_state=1
        ),
    }[name]()
    model.fit(task.y, task.w, X=task.X)
    return np.column_stack([np.ravel(part) for part in econml_arms(task, model, "effect")]), None, None


def causalml_uplift(task):
    from causalml.inference.tree import UpliftRandomForestClassifier

    names = np.array(["control"] + [f"arm {arm}" for arm in range(1, task.n_arms)])
    model = UpliftRandomForestClassifier(control_name="control", n_jobs=task.threads, random_state=1)
    model.fit(task.X, names[task.w], task.y.astype(int))
    return np.asarray(model.predict(task.X_test)).reshape(len(task.X_test), -1), None, None


def causalml_forest(task):
    from causalml.inference.tree import CausalRandomForestRegressor

    model = CausalRandomForestRegressor(control_name=0, n_jobs=task.threads, random_state=1)
    model.fit(task.X, task.w, task.y)
    return np.asarray(model.predict(task.X_test)).reshape(len(task.X_test), -1), None, None


def scikit_uplift(task):
    from sklift.models import SoloModel, TwoModels  # noqa: F401

    kind = "LGBMClassifier" if task.is_binary else "LGBMRegressor"
    model = TwoModels(estimator_trmnt=lightgbm(task, kind), estimator_ctrl=lightgbm(task, kind))
    model.fit(task.X, task.y, task.w)
    return np.asarray(model.predict(task.X_test)).reshape(-1, 1), None, None


def utboost(task):
    import utboost as library

    kind = library.UTBClassifier if task.is_binary else library.UTBRegressor
    data = library.Dataset(
        data=np.ascontiguousarray(task.X.astype(np.float32)), label=task.y.astype(np.float32), treatment=task.w.astype(np.int32)
    )
    model = kind(n_threads=task.threads)
    model.fit(data)
    answers = np.asarray(model.predict(np.ascontiguousarray(task.X_test.astype(np.float32))))
    answers = answers.reshape(len(task.X_test), -1)
    return (answers[:, 1:] - answers[:, :1] if answers.shape[1] == task.n_arms else answers), None, None


def uplift_kit(task):
    import pandas
    from uplift_kit.trees import UpliftRandomForestModel

    names = [f"x{at}" for at in range(task.X.shape[1])]
    table = pandas.DataFrame(task.X, columns=names).assign(w=task.w, y=task.y.astype(int))
    model = UpliftRandomForestModel()
    model.fit(table, names, "w", "y", task.threads)
    answers = np.asarray(model.predict(pandas.DataFrame(task.X_test, columns=names), task.threads))
    answers = answers.reshape(len(task.X_test), -1)
    return (answers[:, 1:] if answers.shape[1] == task.n_arms else answers), None, None


def perpetual(task):
    import perpetual as library

    model = library.UpliftBooster(num_threads=task.threads)
    model.fit(task.X, task.w, task.y)
    return np.asarray(model.predict(task.X_test)).reshape(-1, 1), None, None


def dml_rs(task):
    import dml_rs as library

    model = library.DRLearner(
        library.RandomForestRegressor(), library.RandomForestClassifier(), library.RandomForestRegressor()
    )
    model.fit(task.X, task.y, task.w.astype(float))
    return np.asarray(model.effect(task.X_test)).reshape(-1, 1), None, None


# What a peer can be asked only, in words, and whether a problem is so.
ONE_ARM = {"one arm only": lambda world: world.n_arms == 2}
BINARY = {"yes or no only": lambda world: world.is_binary}


def can(peer, world):
    """Says whether a peer can be asked a problem."""
    return all(condition(world) for condition in PEERS[peer][2].values())


# Name, what it is, how it is called, what it can be asked only, rows it is asked at most.
PEERS = {
    "yorisoi": ("causal forest", yorisoi, {}, 10**9),
    "econml CausalForestDML": ("causal forest, 500 trees, LightGBM nuisances", econml_forest, {}, 40_000),
    "econml X-learner": ("LightGBM", lambda task: econml_meta(task, "X"), {}, 200_000),
    "econml DR-learner": ("LightGBM", lambda task: econml_meta(task, "DR"), {}, 200_000),
    "econml T-learner": ("LightGBM", lambda task: econml_meta(task, "T"), {}, 10**7),
    "scikit-uplift TwoModels": ("LightGBM", scikit_uplift, ONE_ARM, 10**7),
    "causalml UpliftRandomForest": ("uplift trees", causalml_uplift, BINARY, 40_000),
    "causalml CausalRandomForest": ("causal trees", causalml_forest, ONE_ARM, 40_000),
    "UTBoost": ("boosted uplift trees", utboost, {}, 10**7),
    "uplift-kit": ("uplift trees", uplift_kit, BINARY, 40_000),
    "dml-rs DRLearner": ("its random forests", dml_rs, ONE_ARM, 40_000),
    "perpetual UpliftBooster": ("boosted trees", perpetual, ONE_ARM, 200_000),
}
