"""What all forests share: parameters, features, checks at prediction.

Where scikit-learn is installed the forests are its estimators: ``clone``, pipelines, grid search and metadata routing
work. Without it, ``get_params`` and ``set_params`` do the same.
"""

from __future__ import annotations

import inspect
import numbers
import warnings
from typing import Any, Optional

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

    def _growth(self, *, interval_leaf: Any = None, cv: Any = None) -> "dict[str, Any]":
        """Checks the parameters and hands them over."""
        return {
            "n_trees": _whole("n_estimators", self.n_estimators, 2, 100_000),
            "seed": seed(self.random_state),
            "sample_fraction": _fraction("max_samples", self.max_samples),
            "min_leaf": _whole("min_samples_leaf", self.min_samples_leaf, 1, 2**31),
            "interval_leaf": _whole("interval_leaf", interval_leaf, 1, 2**31),
            "folds": _whole("cv", cv, 2, 1000),
            "max_bins": _whole("max_bins", self.max_bins, 3, 256),
        }

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


def _whole(name: str, value: Any, low: int, high: int) -> Optional[int]:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or not low <= int(value) <= high:
        raise InputError(
            f"`{name}` is {value!r}, expected a whole number from {low} to {high}", code="argument", column=name
        )
    return int(value)


def _fraction(name: str, value: Any) -> Optional[float]:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or not 0.0 < float(value) <= 0.5:
        raise InputError(f"`{name}` is {value!r}, expected a number above 0, at most 0.5", code="argument", column=name)
    return float(value)


def given_or_none(matrix: Any) -> Any:
    """Returns a matrix of one column as a vector, as numpy users expect."""
    return matrix[:, 0] if matrix.shape[1] == 1 else matrix
