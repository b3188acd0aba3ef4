"""Is a decision here the decision of every other interface?"""

import json
from pathlib import Path

import pytest
import yorisoi
from yorisoi import InputError

ROOT = Path(__file__).resolve().parents[3]
POLICY = ROOT / "docs" / "policies" / "coach.toml"
# What the service recorded and answered; its own test keeps both true.
RECORDED = ROOT / "crates" / "yorisoi-server" / "tests" / "decisions"
CASES = sorted(path.name.split(".")[0] for path in RECORDED.glob("*.situation.json"))
KEY = bytes([7] * 32)


def situation(**facts):
    record = {"known": "client", "facts": {"client": "c-1", **facts}} if facts else {"known": "unavailable", "client": "c-1"}
    return {"decision": "d-1", "now": "2026-11-20T10:00:00+09:00", "record": record}


def test_an_unreadable_ledger_means_hold_for_that_reason():
    # The example of the library's own documentation.
    decision = yorisoi.decide(POLICY, situation(), key=KEY)
    assert decision["hold"]["code"] == "consent.unavailable"
    assert json.loads(decision.json) == decision
    assert all(decision.words["en"]) and all(decision.words["ja"])


def test_without_consent_nothing_is_advised_or_offered():
    decision = yorisoi.decide(POLICY, situation(zone="Asia/Tokyo"), key=KEY)
    kinds = {candidate["action"] for candidate in decision["candidates"]}
    assert len(kinds) == len(decision["candidates"]) > 1
    assert decision["choice"]["kind"] not in ("offer", "advise")
    assert sum(candidate["probability"] for candidate in decision["candidates"]) == pytest.approx(1.0)


def test_dictionary_text_and_path_are_one_policy_and_answers_repeat():
    text = POLICY.read_text(encoding="utf-8")
    asked = situation(zone="Asia/Tokyo")
    answers = {
        yorisoi.decide(policy, given, key=key).json
        for policy in (POLICY, str(POLICY), text)
        for given in (asked, json.dumps(asked))
        for key in (KEY, KEY.hex())
    }
    assert len(answers) == 1


@pytest.mark.parametrize("case", CASES)
def test_python_gives_the_bytes_that_the_service_gave(case):
    carrier = ROOT / "docs" / "policies" / "carrier.toml"
    key = (RECORDED / "key").read_text(encoding="ascii").strip()
    situation = (RECORDED / f"{case}.situation.json").read_text(encoding="utf-8")
    expected = (RECORDED / f"{case}.decision.json").read_text(encoding="utf-8").rstrip("\n")
    assert yorisoi.decide(carrier, situation, key=key).json == expected
    # A dictionary on the way changes nothing.
    assert yorisoi.decide(carrier, json.loads(situation), key=key).json == expected


def test_there_are_recorded_decisions_to_compare_with():
    assert len(CASES) >= 8


def test_what_cannot_be_read_is_said():
    with pytest.raises(InputError, match="policy"):
        yorisoi.decide("{}", situation(), key=KEY)
    with pytest.raises(InputError, match="situation") as caught:
        yorisoi.decide(POLICY, {"now": "yesterday"}, key=KEY)
    assert caught.value.column == "situation"
    with pytest.raises(InputError, match="31 bytes"):
        yorisoi.decide(POLICY, situation(), key=KEY[1:])
    with pytest.raises(InputError, match="hexadecimal"):
        yorisoi.decide(POLICY, situation(), key="seven")
