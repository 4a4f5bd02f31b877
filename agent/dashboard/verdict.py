"""How the agent does, in one sentence: what needs a person comes first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple


class Verdict(NamedTuple):
    """`light` is green, yellow or red; `text` names a sentence, `values` fill it in."""

    light: Literal["green", "yellow", "red"]
    text: str
    values: Mapping[str, Any]
    link: str
    """The page on which it can be mended."""


def verdict(status: Mapping[str, Any]) -> Verdict:
    """The same order as in the agent's own verdict, which is told in English only."""
    flows, targets = status["flows"], status["targets"]
    for flow in flows:
        if flow["halted"]:
            values = {"name": flow["flow"], "reason": flow["halted"]}
            return Verdict("red", "verdict_halted", values, "/flows")
    for target in targets:
        if target["state"] == "halted":
            reason = (target["last_error"] or {}).get("reason", "")
            return Verdict(
                "red", "verdict_halted", {"name": target["target"], "reason": reason}, "/flows"
            )
    held = ", ".join(flow["flow"] for flow in flows if flow["held"])
    if held:
        return Verdict("yellow", "verdict_held", {"flows": held}, "/flows")
    if status["configuration"]["problem"]:
        return Verdict("yellow", "verdict_configuration", {}, "/")
    if status["closed_doors"]:
        door = status["closed_doors"][0]
        return Verdict("yellow", "verdict_door", {"reason": door["reason"]}, "/")
    for target in targets:
        if target["state"] == "open":
            values = {"name": target["target"], "count": target["open_messages"]}
            return Verdict("red", "verdict_unreachable", values, "/flows")
    parked = sum(flow["parked"] for flow in flows)
    if parked:
        return Verdict("yellow", "verdict_parked", {"count": parked}, "/errors")
    failed = ", ".join(
        flow["flow"]
        for flow in flows
        if flow["last_run"] and flow["last_run"]["outcome"] == "failed"
    )
    if failed:
        return Verdict("yellow", "verdict_failed", {"flows": failed}, "/flows")
    return Verdict("green", "verdict_well", {}, "/")
