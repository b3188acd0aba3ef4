"""What now, for this person?"""

from __future__ import annotations

import json
from os import PathLike
from pathlib import Path
from typing import Any, Dict, Union

from . import _native
from ._checks import refused, text
from ._errors import InputError


class Decision(Dict[str, Any]):
    """A decision as a dictionary: the choice, and every candidate with its score or what stopped it.

    Parameters
    ----------
    text : str
        The decision as JSON; :func:`decide` makes one of it.
    words : dict
        As the attribute.

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
    decision, english, japanese = _native.decide(_policy_text(policy), _situation_text(situation), secret)
    return Decision(decision, {"en": english, "ja": japanese})


def _bytes_of(key: "Union[bytes, str]") -> bytes:
    if isinstance(key, (bytes, bytearray, memoryview)):
        return bytes(key)
    if not isinstance(key, str):
        raise refused("key", type(key).__name__, "32 bytes, or 64 hexadecimal digits")
    try:
        return bytes.fromhex(key)
    except ValueError as error:
        raise InputError("`key` is no hexadecimal number", code="argument", column="key") from error


def _policy_text(policy: Any) -> str:
    if isinstance(policy, dict):
        return _json("policy", policy)
    if isinstance(policy, PathLike):
        return Path(policy).read_text(encoding="utf-8")
    document = text("policy", policy, "a dictionary, a document, or a path")
    # A document has lines or braces; a path has neither.
    is_document = "\n" in document or document.lstrip().startswith("{")
    return document if is_document else Path(document).read_text(encoding="utf-8")


def _situation_text(situation: Any) -> str:
    if isinstance(situation, dict):
        return _json("situation", situation)
    return text("situation", situation, "a dictionary, or JSON")


def _json(name: str, document: "dict[str, Any]") -> str:
    try:
        return json.dumps(document)
    except (TypeError, ValueError) as error:
        raise InputError(f"`{name}` cannot be written as JSON: {error}", code="argument", column=name) from error
