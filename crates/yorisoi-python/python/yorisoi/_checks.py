"""Are the numbers and names of a call what they should be? Said in words that name the argument."""

from __future__ import annotations

import numbers
from typing import Any, Optional

from ._errors import InputError


def refused(name: str, value: Any, expected: str) -> InputError:
    """Returns what is raised for an argument that cannot be used."""
    return InputError(f"`{name}` is {value!r}, expected {expected}", code="argument", column=name)


def whole(name: str, value: Any, low: int, high: int) -> int:
    """Returns a whole number from ``low`` to ``high``."""
    is_whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not is_whole or not low <= int(value) <= high:
        raise refused(name, value, f"a whole number from {low} to {high}")
    return int(value)


def whole_or_none(name: str, value: Any, low: int, high: int) -> Optional[int]:
    """Returns a whole number from ``low`` to ``high``, or ``None``."""
    return None if value is None else whole(name, value, low, high)


def number(name: str, value: Any, expected: str = "a number") -> float:
    """Returns a number; text is none, even where it spells one."""
    if not isinstance(value, (str, bytes, bool)):
        try:
            return float(value)
        except (TypeError, ValueError, OverflowError):
            pass
    raise refused(name, value, expected)


def number_or_none(name: str, value: Any) -> Optional[float]:
    """Returns a number, or ``None``."""
    return None if value is None else number(name, value)


def amount_or_none(name: str, value: Any) -> Optional[float]:
    """Returns a number that is 0 or more, or ``None``."""
    if value is None:
        return None
    expected = "a number, 0 or more"
    amount = number(name, value, expected)
    if not amount >= 0.0:
        raise refused(name, value, expected)
    return amount


def share(name: str, value: Any) -> float:
    """Returns a number between 0 and 1, without its ends."""
    expected = "a number between 0 and 1"
    found = number(name, value, expected)
    if not 0.0 < found < 1.0:
        raise refused(name, value, expected)
    return found


def share_or_none(name: str, value: Any) -> Optional[float]:
    """Returns a number between 0 and 1, without its ends, or ``None``."""
    return None if value is None else share(name, value)


def flag(name: str, value: Any) -> bool:
    """Returns yes or no, of anything that is one of them."""
    try:
        return bool(value)
    except (TypeError, ValueError):
        raise refused(name, type(value).__name__, "True or False") from None


def text(name: str, value: Any, expected: str) -> str:
    """Returns a name."""
    if not isinstance(value, str):
        raise refused(name, value, expected)
    return value


def one_of(name: str, value: Any, words: "tuple[str, ...]") -> str:
    """Returns one of a few words."""
    expected = " or ".join(f'"{word}"' for word in words)
    found = text(name, value, expected)
    if found not in words:
        raise refused(name, value, expected)
    return found


def names(name: str, value: Any) -> "list[str]":
    """Returns a list of names; one name alone is a list of one."""
    expected = "a list of names of columns"
    try:
        given = [value] if isinstance(value, str) else list(value)
    except TypeError:
        raise refused(name, value, expected) from None
    return [text(name, entry, expected) for entry in given]


def by_arm(name: str, value: Any) -> "list[tuple[Any, Any]]":
    """Returns the pairs of a dictionary by arm; ``None`` has none."""
    if value is None:
        return []
    if not isinstance(value, dict):
        raise refused(name, value, "a dictionary by arm")
    return list(value.items())


def arm_name(arm: Any) -> str:
    """Spells an arm as a column of them would."""
    is_whole = isinstance(arm, numbers.Integral) or type(arm).__name__ in ("bool", "bool_")
    if is_whole or (isinstance(arm, numbers.Real) and float(arm).is_integer()):
        return str(int(arm))
    return str(arm)
