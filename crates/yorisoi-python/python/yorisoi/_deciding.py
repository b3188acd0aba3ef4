"""What now, for this person?"""

from __future__ import annotations

import json
from os import PathLike
from pathlib import Path
from typing import Any, Dict, Union

from . import _native
from ._errors import InputError


class Decision(Dict[str, Any]):
    """A decision as a dictionary: the choice, and every candidate with its score or what stopped it.

    Attributes
    ----------
    json : str
        The same, byte for byte as every other interface gives it.
    words : dict of "en" and "ja" to (str, str)
        What was chosen and why.
    """

    def __init__(self, text: str, words: "dict[str, tuple[str, str]]") -> None:
        super().__init__(json.loads(text))
        self.json = text
        self.words = words


def decide(
    policy: "Union[dict[str, Any], str, PathLike[str]]", situation: "Union[dict[str, Any], str]", *, key: "Union[bytes, str]"
) -> Decision:
    """Returns what to do now for one person, with everything that was considered.

    A pure function: the same policy, situation and key give the same decision, byte for byte, as the service and the
    command line do. Nothing is recorded.

    Parameters
    ----------
    policy : dict, text, or path
        The policy document: a dictionary, its JSON or TOML, or the path of a file with it.
    situation : dict or JSON
        The time, the client's facts, and what there is to give.
    key : bytes of length 32, or 64 hexadecimal digits
        The secret behind holdout and draws.

    Returns
    -------
    Decision

    Raises
    ------
    InputError
        For a policy or situation that cannot be read, with the place; for a policy with a value out of range.

    Examples
    --------
    >>> import yorisoi
    >>> policy = {
    ...     "name": "quiet", "currency": "JPY", "actions": [],
    ... }
    >>> try:
    ...     yorisoi.decide(policy, {}, key=bytes(32))
    ... except yorisoi.InputError as error:
    ...     print(error.column)
    policy
    """
    secret = _bytes_of(key)
    text, english, japanese = _native.decide(_policy_text(policy), _situation_text(situation), secret)
    return Decision(text, {"en": english, "ja": japanese})


def _bytes_of(key: "Union[bytes, str]") -> bytes:
    if not isinstance(key, str):
        return bytes(key)
    try:
        return bytes.fromhex(key)
    except ValueError as error:
        raise InputError("`key` is no hexadecimal number", code="argument", column="key") from error


def _policy_text(policy: Any) -> str:
    if isinstance(policy, dict):
        return json.dumps(policy)
    if isinstance(policy, PathLike):
        return Path(policy).read_text(encoding="utf-8")
    text = str(policy)
    # A document has lines or braces; a path has neither.
    return text if "\n" in text or text.lstrip().startswith("{") else Path(text).read_text(encoding="utf-8")


def _situation_text(situation: Any) -> str:
    return json.dumps(situation) if isinstance(situation, dict) else str(situation)
