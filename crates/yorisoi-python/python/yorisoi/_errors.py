"""What can go wrong, as exceptions."""

from __future__ import annotations

from typing import Optional


class InputError(ValueError):
    """What was given cannot be used; says why, where, and what helps.

    Parameters
    ----------
    message : str
        What is wrong.
    code, column, row, hint
        As the attributes.

    Attributes
    ----------
    code : str
        Stable code, such as ``"outcome.constant"``, the same as the command line's.
    column : str or None
        The column or argument at fault, as it is called here.
    row : int or None
        The row at fault, counted from 0 as Python does; the message counts data rows from 1, as a spreadsheet does.
    hint : str
        What to do about it; also part of ``str(error)``.

    Examples
    --------
    >>> import yorisoi
    >>> try:
    ...     yorisoi.CausalForest().fit([[1.0]] * 60, [0, 1] * 30, ["mail"] * 60)
    ... except yorisoi.InputError as error:
    ...     print(error.code)
    treatment.one_arm
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        column: Optional[str] = None,
        row: Optional[int] = None,
        hint: str = "",
    ) -> None:
        super().__init__(f"{message}; hint: {hint}" if hint else message)
        self.code = code
        self.column = column
        self.row = row
        self.hint = hint

    def __reduce__(self) -> "tuple[object, ...]":
        state = {"code": self.code, "column": self.column, "row": self.row, "hint": self.hint}
        return (_again, (type(self), self.args[0], state))


class InputTypeError(InputError, TypeError):
    """As :class:`InputError`, for something of a type that cannot be used: a `TypeError` too, as numpy raises."""


class NotFittedError(InputError, AttributeError):
    """As scikit-learn's, where there is none: also an ``AttributeError``, so that ``hasattr`` is an answer."""


def _again(kind: "type[InputError]", text: str, state: "dict[str, object]") -> InputError:
    error = kind.__new__(kind)
    error.args = (text,)
    error.__dict__.update(state)
    return error


class YorisoiWarning(UserWarning):
    """Something about the data that stopped nothing and that one should know.

    Examples
    --------
    >>> import warnings
    >>> import numpy as np
    >>> import yorisoi
    >>> X = {"age": np.arange(60.0) % 7, "year": np.full(60, 2026)}
    >>> with warnings.catch_warnings(record=True) as told:
    ...     warnings.simplefilter("always", yorisoi.YorisoiWarning)
    ...     forest = yorisoi.CausalForest(n_estimators=10).fit(X, np.arange(60.0) ** 2, np.arange(60) % 2)
    >>> print(told[0].message)
    feature `year` has one value for everyone and was left out
    """


def not_fitted(estimator: object) -> Exception:
    """Returns scikit-learn's own exception where there is a scikit-learn."""
    message = f"this {type(estimator).__name__} is not fitted yet; call `fit` first"
    try:
        from sklearn.exceptions import NotFittedError as OfScikitLearn
    except ImportError:
        return NotFittedError(message, code="not_fitted")
    return OfScikitLearn(message)  # type: ignore[no-any-return]
