"""What all forests share: parameters, features, checks at prediction.

Where scikit-learn is installed the forests are its estimators: ``clone``, pipelines, grid search and metadata routing
work. Without it, ``get_params`` and ``set_params`` do the same.
"""

from __future__ import annotations

import inspect
import warnings
from contextlib import contextmanager
from typing import Any, Iterator, Optional

from ._checks import number, one_of, refused, whole, whole_or_none
from ._errors import InputError, YorisoiWarning, not_fitted
from ._native import ColumnSet
from ._running import Progress, seed
from ._tables import table

try:
    from sklearn.base import BaseEstimator
except ImportError:

    class BaseEstimator:  # type: ignore[no-redef]
        """The part of scikit-learn's base class that is needed without scikit-learn."""

        def get_params(self, deep: bool = True) -> "dict[str, Any]":
            """Returns the parameters by name."""
            return {name: getattr(self, name) for name in inspect.signature(type(self).__init__).parameters if name != "self"}

        def set_params(self, **params: Any) -> Any:
            """Sets parameters by name."""
            known = self.get_params()
            for name, value in params.items():
                if name not in known:
                    raise ValueError(f"Invalid parameter {name!r} for {type(self).__name__}. Valid: {sorted(known)}")
                setattr(self, name, value)
            return self


class Forest(BaseEstimator):  # type: ignore[misc]
    """A forest over a table of features."""

    n_estimators: Optional[int]
    min_samples_leaf: Optional[int]
    max_samples: Optional[float]
    max_bins: int
    random_state: Any
    n_jobs: Optional[int]
    progress: Progress

    def _growth(self, *, interval_leaf: Any = None, cv: Any = None, learner: Any = "boosted") -> "dict[str, Any]":
        """Checks the parameters and hands them over."""
        return {
            "n_trees": whole_or_none("n_estimators", self.n_estimators, 2, 100_000),
            "seed": seed(self.random_state),
            "sample_fraction": _fraction("max_samples", self.max_samples),
            "min_leaf": whole_or_none("min_samples_leaf", self.min_samples_leaf, 1, 2**31),
            "interval_leaf": whole_or_none("interval_leaf", interval_leaf, 1, 2**31),
            "folds": whole_or_none("cv", cv, 2, 1000),
            "are_nuisances_bagged": are_bagged(learner),
            "max_bins": whole("max_bins", self.max_bins, 3, 256),
        }

    @contextmanager
    def _whole_or_as_before(self) -> "Iterator[None]":
        """Leaves a forest that could not learn as it was: half of a new one beside half of an old one answers wrongly."""
        before = dict(self.__dict__)
        try:
            yield
        except BaseException:
            self.__dict__.clear()
            self.__dict__.update(before)
            raise

    def _learn_features(self, X: Any) -> ColumnSet:
        """Reads the features to learn from and remembers what they are called."""
        columns, names, given = table(X)
        self._had_names = names is not None
        self._names = given
        self.n_features_in_ = len(given)
        if names is not None and all(isinstance(name, str) for name in names):
            import numpy as np

            self.feature_names_in_ = np.asarray(names, dtype=object)
        elif hasattr(self, "feature_names_in_"):
            del self.feature_names_in_
        self._tell(columns.notices)
        return columns

    def _known_features(self, X: Any) -> ColumnSet:
        """Reads features to answer for: by name where both sides have names, by position otherwise."""
        if not hasattr(self, "_names"):
            raise not_fitted(self)
        columns, names, given = table(X)
        if names is not None and self._had_names:
            return columns
        if len(given) != self.n_features_in_:
            raise InputError(
                f"X has {len(given)} features, but {type(self).__name__} is expecting {self.n_features_in_} features "
                "as input",
                code="bin.missing_columns",
            )
        if (names is not None) != self._had_names:
            side = "X does not have valid feature names" if self._had_names else "X has feature names"
            warnings.warn(
                f"{side}, but {type(self).__name__} was fitted {'with' if self._had_names else 'without'} feature "
                "names; columns are taken in their order",
                UserWarning,
                stacklevel=3,
            )
        return columns if given == self._names else columns.renamed(self._names)

    def _tell(self, notices: "list[Any]") -> None:
        for notice in notices:
            warnings.warn(notice[-1], YorisoiWarning, stacklevel=4)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "_names")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags

    def _more_tags(self) -> "dict[str, Any]":
        return {"allow_nan": True, "X_types": ["2darray", "categorical", "string"]}


def are_bagged(learner: Any) -> bool:
    """Returns whether nuisances are learned by forests out of bag."""
    return one_of("nuisance_learner", learner, ("boosted", "forest")) == "forest"


def _fraction(name: str, value: Any) -> Optional[float]:
    if value is None:
        return None
    expected = "a number above 0, at most 0.5"
    found = number(name, value, expected)
    if not 0.0 < found <= 0.5:
        raise refused(name, value, expected)
    return found


def given_or_none(matrix: Any) -> Any:
    """Returns a matrix of one column as a vector, as numpy users expect."""
    return matrix[:, 0] if matrix.shape[1] == 1 else matrix
