"""What to expect of an outcome: forests of means and of probabilities, with intervals."""

from __future__ import annotations

import json
import math
from os import PathLike
from typing import TYPE_CHECKING, Any, Optional, Union

from ._base import Forest
from ._checks import share
from ._errors import InputError, not_fitted
from ._native import ClassForest, MeanForest, mean_interval
from ._running import Progress, running
from ._tables import distinct, roles

if TYPE_CHECKING:
    from numpy.typing import NDArray

try:
    from sklearn.base import ClassifierMixin, RegressorMixin
except ImportError:

    class RegressorMixin:  # type: ignore[no-redef]
        """Nothing, without scikit-learn."""

    class ClassifierMixin:  # type: ignore[no-redef]
        """Nothing, without scikit-learn."""


# More are too many to tell apart by a leaf's shares.
MOST_CLASSES = 6


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

    def _interval(self, X: Any, alpha: float, within: "tuple[float, float]") -> "tuple[NDArray[Any], NDArray[Any]]":
        level = share("alpha", alpha)
        mean, std_error, low, high = self._ask(X)
        return (low, high) if level == 0.05 else mean_interval((mean, std_error), level, within)

    def save(self, path: "Union[str, PathLike[str]]") -> None:
        """Writes the forest to ``path``: checksummed, without code. :func:`yorisoi.load` opens it."""
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
        Means of the rows it learned from, each by trees that have not seen the row nor its cluster, in the unit of the
        outcome.

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
        """Learns the mean of an outcome.

        Parameters
        ----------
        X : table of shape (n, features)
            What was known before.
        y : column of shape (n,)
            The outcome: numbers, none missing.
        sample_weight : column of shape (n,), optional
            How much each row counts; 0 leaves it out.
        cluster : column of shape (n,), optional
            Who belongs together, and is kept whole in subsamples.

        Returns
        -------
        RegressionForest
            Itself.

        Raises
        ------
        InputError
            For an outcome that is no finite number, with its row; for different lengths, fewer than 20 rows.
        """
        if y is None:
            raise InputError("requires y to be passed, but the target y is None", code="argument", column="y")
        growth = self._growth()
        with self._whole_or_as_before():
            columns = self._learn_features(X)
            more = roles(y=y, sample_weight=sample_weight, cluster=cluster)
            with running(self.n_jobs, self.progress) as how:
                self._forest, parts = MeanForest.fit(columns, more, growth, how)
            self.oob_prediction_ = parts[0][:, 0]
        return self

    def predict(self, X: Any) -> "NDArray[Any]":
        """Returns the means of people whom the forest has not learned from.

        Parameters
        ----------
        X : table of shape (n, features)
            The columns it learned from, by name, or in their order.

        Returns
        -------
        ndarray of shape (n,)
            In the unit of the outcome.

        Raises
        ------
        InputError
            For a column that is missing, or holds text where there were numbers.
        """
        return self._ask(X)[0][:, 0]  # type: ignore[no-any-return]

    def predict_interval(self, X: Any, alpha: float = 0.05) -> "tuple[NDArray[Any], NDArray[Any]]":
        """Returns both ends of the interval of each mean.

        Parameters
        ----------
        X : table of shape (n, features)
            As in :meth:`predict`.
        alpha : float
            One less the level: 0.05 for 95 %.

        Returns
        -------
        low, high : ndarray of shape (n,)
            In the unit of the outcome.

        Raises
        ------
        InputError
            As :meth:`predict`; for an ``alpha`` that is not between 0 and 1.
        """
        low, high = self._interval(X, alpha, (-math.inf, math.inf))
        return low[:, 0], high[:, 0]


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
        """Learns the probabilities of classes.

        Parameters
        ----------
        X : table of shape (n, features)
            What was known before.
        y : column of shape (n,)
            Up to six classes: text, whole numbers or booleans, all of one kind, none missing.
        sample_weight : column of shape (n,), optional
            How much each row counts; 0 leaves it out.
        cluster : column of shape (n,), optional
            Who belongs together, and is kept whole in subsamples.

        Returns
        -------
        ProbabilityForest
            Itself.

        Raises
        ------
        InputError
            For a class that is missing, more than six of them, different lengths, fewer than 20 rows.
        """
        if y is None:
            raise InputError("requires y to be passed, but the target y is None", code="argument", column="y")
        growth = self._growth()
        with self._whole_or_as_before():
            columns = self._learn_features(X)
            self.classes_, codes = _classes(y)
            names = _spelt(self.classes_)
            more = roles(sample_weight=sample_weight, cluster=cluster)
            with running(self.n_jobs, self.progress) as how:
                self._forest, parts = ClassForest.fit(columns, more, (codes, names), growth, how)
            self.oob_decision_function_ = parts[0]
        return self

    def predict_proba(self, X: Any) -> "NDArray[Any]":
        """Returns the probabilities of people whom the forest has not learned from.

        Parameters
        ----------
        X : table of shape (n, features)
            The columns it learned from, by name, or in their order.

        Returns
        -------
        ndarray of shape (n, classes)
            In the order of ``classes_``.

        Raises
        ------
        InputError
            For a column that is missing, or holds text where there were numbers.
        """
        return self._ask(X)[0]  # type: ignore[no-any-return]

    def predict_proba_interval(self, X: Any, alpha: float = 0.05) -> "tuple[NDArray[Any], NDArray[Any]]":
        """Returns both ends of the interval of each probability, within 0 and 1.

        Parameters
        ----------
        X : table of shape (n, features)
            As in :meth:`predict_proba`.
        alpha : float
            One less the level: 0.05 for 95 %.

        Returns
        -------
        low, high : ndarray of shape (n, classes)
            Probabilities, in the order of ``classes_``.

        Raises
        ------
        InputError
            As :meth:`predict_proba`; for an ``alpha`` that is not between 0 and 1.
        """
        return self._interval(X, alpha, (0.0, 1.0))

    def predict(self, X: Any) -> "NDArray[Any]":
        """Returns the likeliest class of people whom the forest has not learned from.

        Parameters
        ----------
        X : table of shape (n, features)
            As in :meth:`predict_proba`.

        Returns
        -------
        ndarray of shape (n,)
            Classes as they were in ``y``.

        Raises
        ------
        InputError
            As :meth:`predict_proba`.
        """
        likeliest = self.predict_proba(X).argmax(axis=1)
        return self.classes_[likeliest]  # type: ignore[no-any-return]


def _classes(labels: Any) -> "tuple[Any, Any]":
    """Returns the sorted classes and the number of each row's class."""
    import numpy as np

    classes, codes = distinct(labels, "y")
    is_continuous = classes.dtype.kind == "f" and (len(classes) > MOST_CLASSES or bool(np.any(classes != np.floor(classes))))
    if is_continuous:
        raise InputError(
            f"Unknown label type: continuous. `y` must hold up to {MOST_CLASSES} classes", code="argument", column="y"
        )
    if len(classes) > MOST_CLASSES:
        raise InputError(f"`y` has {len(classes)} classes, expected at most {MOST_CLASSES}", code="argument", column="y")
    return classes, codes.astype(np.uint8)


def _spelt(classes: Any) -> "list[str]":
    """Spells classes as JSON, so that numbers come back as numbers."""
    try:
        return [json.dumps(name) for name in classes.tolist()]
    except TypeError as error:
        kind = type(classes.tolist()[0]).__name__
        raise InputError(f"`y` holds {kind}: give text, numbers or booleans", code="argument", column="y") from error
