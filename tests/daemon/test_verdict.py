"""What needs a person comes first, and nothing that is amiss reads as well."""

from __future__ import annotations

from typing import Any

import pytest

from agent.overview import in_words
from agent.verdict import verdict

FAILED = {"outcome": "failed"}
DOOR = {"code": "SA-2601", "reason": "the port is taken"}
REFUSED = {"code": "SA-1007", "reason": "unknown key"}


def flow(name: str = "prices", **said: Any) -> dict[str, Any]:
    usual = {"halted": "", "held": 0, "parked": 0, "last_run": None, "paused": None}
    return {"flow": name, **usual, **said}


def target(state: str = "idle") -> dict[str, Any]:
    error = {"code": "SA-5220", "reason": "401 unauthorized"}
    return {"target": "shop", "state": state, "open_messages": 7, "last_error": error}


AMISS: list[tuple[dict[str, Any], str]] = [
    (
        {"flows": [flow(halted="SA-4001 gone")]},
        "prices is halted: SA-4001 gone (once mended: syncagent resume)",
    ),
    (
        {"targets": [target("halted")]},
        "shop is halted: SA-5220 401 unauthorized (once mended: syncagent resume)",
    ),
    ({"flows": [flow(held=3)]}, "prices: a run waits for approval (syncagent hold list)"),
    (
        {"configuration": REFUSED},
        "the changed configuration was refused, the last good one is in force",
    ),
    ({"doors": [DOOR]}, "SA-2601 the port is taken"),
    ({"targets": [target("open")]}, "shop does not answer; messages waiting: 7"),
    (
        {"flows": [flow(last_run={"outcome": "failed", "code": "SA-6020"})]},
        "the disk of the store is almost full: nothing new is read until there is room",
    ),
    (
        {"flows": [flow(parked=1)]},
        "1 record did not go through (syncagent outbox list --state parked)",
    ),
    ({"flows": [flow(last_run=FAILED)]}, "the last run failed: prices"),
    ({"alerts": ["disk", "parked"]}, "open alerts: 1 (syncagent alerts list)"),
    ({"flows": [flow(paused={"until": None})]}, "all is well; paused: prices"),
]


def found(**said: Any) -> str:
    flows, targets = said.pop("flows", []), said.pop("targets", [])
    return in_words(verdict([*flows, flow("stock")], [*targets, target()], **said))


@pytest.mark.parametrize(("said", "words"), AMISS)
def test_each_trouble_has_its_sentence(said: dict[str, Any], words: str) -> None:
    assert found(**said) == words


@pytest.mark.parametrize("first", range(len(AMISS) - 1))
def test_what_is_worse_is_said_instead_of_what_is_less_bad(first: int) -> None:
    worse, words = AMISS[first]
    for less, _ in AMISS[first + 1 :]:
        both = {
            name: [*worse.get(name, []), *less.get(name, [])]
            for name in ("flows", "targets", "doors", "alerts")
        }
        configuration = worse.get("configuration") or less.get("configuration")
        assert found(**both, configuration=configuration) == words


def test_nothing_amiss_is_well() -> None:
    assert found() == "all is well"
