"""What now, for this person? By the rules of ``docs/decision.md``."""

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

    Examples
    --------
    >>> from yorisoi import Decision
    >>> decision = Decision('{"choice": {"action": "hold"}}', {"en": ("Leave in peace", "It is the hour of rest.")})
    >>> decision["choice"]["action"], decision.words["en"][0]
    ('hold', 'Leave in peace')
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

    See Also
    --------
    ``docs/decision.md`` has the gates, the worth and the words; ``docs/policies`` has whole policies.

    Examples
    --------
    A house may send a card or leave in peace:

    >>> import yorisoi
    >>> policy = '''
    ... name = "cards"
    ... currency = "JPY"
    ... reservation_minutes = 60
    ... look_again_hours = 24
    ... values = { outcome_minor = 30000, replacement_minor = 10000, nuisance_minor = 6000, allowed_harm = 0.02 }
    ... attempts = { max_attempts = 2 }
    ... exploration = { rate = 0.0, among = 2 }
    ... holdout = { programme = "2026", share = 0.0 }
    ...
    ... [contact]
    ... caps = [{ scope = "person", max = 2, window_hours = 240 }]
    ... cool_down_hours = 336
    ... quiet_hours = { from = "20:00", until = "09:00", rest_days = false }
    ... holidays = "japan"
    ... plausible_zones = ["Asia/Tokyo"]
    ...
    ... [[actions]]
    ... id = "hold"
    ... kind = "hold"
    ... class = "care"
    ... name = { en = "Leave in peace", ja = "見守る" }
    ... intention = { en = "Silence can be kind.", ja = "そっとしておくことも思いやりです。" }
    ... cost_minor = 0
    ... agent_minutes = 0
    ...
    ... [[actions]]
    ... id = "let_go"
    ... kind = "let_go"
    ... class = "care"
    ... name = { en = "Let go well", ja = "気持ちよくお見送りする" }
    ... intention = { en = "A good ending.", ja = "良い締めくくりのために。" }
    ... cost_minor = 0
    ... agent_minutes = 5
    ...
    ... [[actions]]
    ... id = "card"
    ... kind = "offer"
    ... class = "offer"
    ... name = { en = "A card by hand", ja = "手書きのカード" }
    ... intention = { en = "To be remembered.", ja = "覚えていることをお伝えするため。" }
    ... channel = "mail"
    ... topic = "cards"
    ... cost_minor = 300
    ... agent_minutes = 5
    ... prior = { benefit_mean = 0.1, benefit_sd = 0.02, nuisance_mean = 0.02, nuisance_weight = 20.0 }
    ... '''

    Who has not agreed to be spoken to is left in peace, with the reason in words:

    >>> client = {"client": "c-1", "zone": "Asia/Tokyo"}
    >>> situation = {"decision": "d-1", "now": "2026-11-20T10:00:00+09:00", "record": {"known": "client", "facts": client}}
    >>> decision = yorisoi.decide(policy, situation, key=bytes(32))
    >>> decision["choice"]["action"], decision["hold"]["code"]
    ('hold', 'consent.talk_missing')
    >>> print(*decision.words["en"], sep=": ")
    Leave in peace: The client has not yet agreed to talk with us about this.

    Whoever has agreed is sent the card, since it is believed to be worth more than it costs:

    >>> client["consents"] = [{"kind": kind, "granted_at": "2026-11-01T00:00:00Z"} for kind in ("talk", "advise")]
    >>> decision = yorisoi.decide(policy, situation, key=bytes(32))
    >>> decision["choice"]["action"], decision["choice"]["channel"]
    ('card', 'mail')
    >>> card = decision["candidates"][2]["verdict"]["scored"]
    >>> card["benefit_minor"] - card["nuisance_minor"] - card["cost_minor"]  # (30000 + 10000) · 0.1 less 6000 · 0.02 less 300
    3580.0
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
