"""What to expect of an outcome: forests of means and of probabilities, with intervals."""

from __future__ import annotations

import json
from os import PathLike
from typing import TYPE_CHECKING, Any, Optional, Union

from ._base import Forest
from ._errors import InputError, not_fitted
from ._native import ClassForest, MeanForest
from ._results import normal_quantile
from ._running import Progress, running
from ._tables import roles, warn_of_column_vector

if TYPE_CHECKING:
    from numpy.typing import NDArray

try:
    from sklearn.base import ClassifierMixin, RegressorMixin
except ImportError:

    class RegressorMixin:  # type: ignore[no-redef]
        """Nothing, without scikit-learn."""

    class ClassifierMixin:  # type: ignore[no-redef]
        """Nothing, without scikit-learn."""


class _MeanForest(Forest):
    """What both forests share."""

    def __init__(
        self,
        n_estimators: int = 500,
        *,
        min_samples_leaf: int = 5,
        max_samples: Optional[float] = None,
        max_bins: int = 64,
        random_state: Any = None,
        n_jobs: Optional[int] = None,
        progress: Progress = None,
    ) -> None:
        self.n_estimators = n_estimators
        self.min_samples_leaf = min_samples_leaf
        self.max_samples = max_samples
        self.max_bins = max_bins
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.progress = progress

    def _ask(self, X: Any) -> Any:
        columns = self._known_features(X)
        with running(self.n_jobs, self.progress) as how:
            return self._forest.predict(columns, how)

    def save(self, path: "Union[str, PathLike[str]]") -> None:
        """Writes the forest: checksummed, without code. :func:`yorisoi.load` opens it."""
        from ._stored import write

        if not hasattr(self, "_forest"):
            raise not_fitted(self)
        write(path, self._forest.to_bytes())

    def _opened_with(self, forest: Any) -> Any:
        import numpy as np

        names = list(forest.features)
        self._forest, self._names, self.n_features_in_ = forest, names, len(names)
        self._had_names = names != [f"x{at}" for at in range(len(names))]
        if self._had_names:
            self.feature_names_in_ = np.asarray(names, dtype=object)
        return self

    def __getstate__(self) -> "dict[str, Any]":
        state = dict(self.__dict__)
        if "_forest" in state:
            state["_forest"] = (type(self._forest).__name__, self._forest.to_bytes())
        if callable(state.get("progress")):
            state["progress"] = None
        return state

    def __setstate__(self, state: "dict[str, Any]") -> None:
        state = dict(state)
        if "_forest" in state:
            kind, stored = state["_forest"]
            opened = MeanForest.from_bytes if kind == "MeanForest" else ClassForest.from_bytes
            state["_forest"] = opened(stored)
        self.__dict__.update(state)


class RegressionForest(RegressorMixin, _MeanForest):  # type: ignore[misc]
    """Estimates the mean of an outcome for each person, with an interval.

    Honest: people who choose a tree's splits never fill its leaves. The interval is for the noise alone: where the mean
    bends faster than leaves can follow, it covers too rarely.

    Parameters
    ----------
    n_estimators : int
        Trees.
    min_samples_leaf : int
        People a leaf holds at least.
    max_samples : float, optional
        Share of the people in a subsample, at most 0.5.
    max_bins : int
        Cells a number is sorted into before trees see it.
    random_state : int, RandomState or Generator, optional
        Key of all randomness; ``None`` is 42.
    n_jobs : int, optional
        Threads; ``None`` and -1 take every core.
    progress : bool or callable, optional
        ``True`` shows a bar; a callable is called with stage, steps done and steps in all.

    Attributes
    ----------
    oob_prediction_ : ndarray of shape (n,)
        Means of the rows it learned from, each by trees that have not seen the row nor its cluster.

    References
    ----------
    Athey, Tibshirani & Wager (2019), "Generalized random forests"; Wager & Athey (2018) for honesty.

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import RegressionForest
    >>> rng = np.random.default_rng(0)
    >>> X = rng.uniform(size=(1000, 2))
    >>> forest = RegressionForest(n_estimators=100).fit(X, 10 * (X[:, 0] > 0.5) + rng.normal(size=1000))
    >>> low, high = forest.predict_interval([[0.9, 0.5]])
    >>> bool(low[0] < 10 < high[0])
    True
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None, *, cluster: Any = None) -> "RegressionForest":
        """Learns the mean of ``y``, shape (n,), given ``X``, shape (n, features)."""
        if y is None:
            raise InputError("requires y to be passed, but the target y is None", code="argument", column="y")
        growth = self._growth()
        columns = self._learn_features(X)
        more = roles(y=y, sample_weight=sample_weight, cluster=cluster)
        with running(self.n_jobs, self.progress) as how:
            self._forest, parts = MeanForest.fit(columns, more, growth, how)
        self.oob_prediction_ = parts[0][:, 0]
        return self

    def predict(self, X: Any) -> "NDArray[Any]":
        """Returns the means, shape (n,), of people whom the forest has not learned from, in the unit of ``y``."""
        return self._ask(X)[0][:, 0]  # type: ignore[no-any-return]

    def predict_interval(self, X: Any, alpha: float = 0.05) -> "tuple[NDArray[Any], NDArray[Any]]":
        """Returns both ends of the interval of level ``1 - alpha`` of each mean."""
        mean, std_error, low, high = self._ask(X)
        if alpha == 0.05:
            return low[:, 0], high[:, 0]
        half = normal_quantile(alpha) * std_error[:, 0]
        return mean[:, 0] - half, mean[:, 0] + half


class ProbabilityForest(ClassifierMixin, _MeanForest):  # type: ignore[misc]
    """Estimates the probabilities of up to six classes for each person, with intervals.

    Parameters
    ----------
    n_estimators : int
        Trees.
    min_samples_leaf : int
        People a leaf holds at least.
    max_samples : float, optional
        Share of the people in a subsample, at most 0.5.
    max_bins : int
        Cells a number is sorted into before trees see it.
    random_state : int, RandomState or Generator, optional
        Key of all randomness; ``None`` is 42.
    n_jobs : int, optional
        Threads; ``None`` and -1 take every core.
    progress : bool or callable, optional
        ``True`` shows a bar; a callable is called with stage, steps done and steps in all.

    Attributes
    ----------
    classes_ : ndarray of shape (classes,)
        The classes, sorted.
    oob_decision_function_ : ndarray of shape (n, classes)
        Probabilities of the rows it learned from, out of bag.

    References
    ----------
    Malley, Kruppa, Dasgupta, Malley & Ziegler (2012), "Probability machines".

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import ProbabilityForest
    >>> X = np.linspace(0, 1, 400)[:, None]
    >>> forest = ProbabilityForest(n_estimators=50).fit(X, np.where(X[:, 0] > 0.5, "stays", "leaves"))
    >>> str(forest.predict([[0.9]])[0])
    'stays'
    >>> forest.predict_proba([[0.9]]).shape
    (1, 2)
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None, *, cluster: Any = None) -> "ProbabilityForest":
        """Learns the probabilities of the classes in ``y``, shape (n,), given ``X``, shape (n, features)."""
        import numpy as np

        if y is None:
            raise InputError("requires y to be passed, but the target y is None", code="argument", column="y")
        growth = self._growth()
        columns = self._learn_features(X)
        labels = np.asarray(y)
        if labels.ndim == 2 and labels.shape[1] == 1:
            warn_of_column_vector("y")
            labels = labels[:, 0]
        self.classes_, codes = _classes(labels)
        more = roles(sample_weight=sample_weight, cluster=cluster)
        # As JSON, so that numbers come back as numbers.
        names = [json.dumps(name) for name in self.classes_.tolist()]
        with running(self.n_jobs, self.progress) as how:
            self._forest, parts = ClassForest.fit(columns, more, (codes, names), growth, how)
        self.oob_decision_function_ = parts[0]
        return self

    def predict_proba(self, X: Any) -> "NDArray[Any]":
        """Returns the probabilities, shape (n, classes), of people whom the forest has not learned from."""
        return self._ask(X)[0]  # type: ignore[no-any-return]

    def predict_proba_interval(self, X: Any, alpha: float = 0.05) -> "tuple[NDArray[Any], NDArray[Any]]":
        """Returns both ends of the interval of level ``1 - alpha`` of each probability."""
        import numpy as np

        mean, std_error, low, high = self._ask(X)
        if alpha == 0.05:
            return low, high
        half = normal_quantile(alpha) * std_error
        return np.clip(mean - half, 0.0, 1.0), np.clip(mean + half, 0.0, 1.0)

    def predict(self, X: Any) -> "NDArray[Any]":
        """Returns the likeliest class, shape (n,), of people whom the forest has not learned from."""
        likeliest = self.predict_proba(X).argmax(axis=1)
        return self.classes_[likeliest]  # type: ignore[no-any-return]


def _classes(labels: Any) -> "tuple[Any, Any]":
    """Returns the sorted classes and the number of each row's class."""
    import numpy as np

    if labels.ndim != 1:
        raise InputError(f"`y` has {labels.ndim} dimensions, expected 1", code="argument", column="y")
    if labels.dtype.kind == "c":
        raise InputError("Complex data not supported in `y`", code="argument", column="y")
    if labels.dtype.kind == "f":
        bad = np.flatnonzero(~np.isfinite(labels))
        if len(bad):
            raise InputError(f"Input y contains NaN or infinity in row {bad[0]}", code="argument", column="y", row=int(bad[0]))
        if len(np.unique(labels)) > 6 or not np.all(labels == np.floor(labels)):
            raise InputError("Unknown label type: continuous. `y` must hold up to six classes", code="argument", column="y")
    classes, codes = np.unique(labels, return_inverse=True)
    if len(classes) > 6:
        raise InputError(f"`y` has {len(classes)} classes, expected at most 6", code="argument", column="y")
    return classes, codes.astype(np.uint8)

