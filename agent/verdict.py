"""How the agent does, in one finding: what needs a person comes first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple


class Verdict(NamedTuple):
    """What is most in need of a person."""

    light: Literal["green", "yellow", "red"]
    about: str
    """Also what it is called in the texts: halted, held, disk, parked, well and so on."""
    values: Mapping[str, Any]
    """More of it: names, reasons, how many."""


DISK_LOW = "SA-6020"
SAID_OTHERWISE = frozenset(
    {
        "parked",
        "doubt",
        "held",
        "halted",
        "unreachable",
        "failing",
        "configuration",
        "listener",
        "paused",
    }
)
"""Kinds of alerts that tell of what is looked at here too."""


def verdict(
    flows: Sequence[Mapping[str, Any]],
    targets: Sequence[Mapping[str, Any]],
    configuration: Mapping[str, str] | None = None,
    doors: Sequence[Mapping[str, str]] = (),
    alerts: Collection[str] = (),
) -> Verdict:
    """Of flows and targets as the status has them.

    `configuration`: why a changed one was refused; `doors`: why addresses are closed; `alerts`: the
    kinds of those that are open.
    """
    return (
        _halted(flows, targets)
        or _waiting_for_a_person(flows, configuration, doors)
        or _not_getting_through(flows, targets)
        or _less_than_well(flows, alerts)
    )


def _halted(
    flows: Sequence[Mapping[str, Any]], targets: Sequence[Mapping[str, Any]]
) -> Verdict | None:
    for flow in flows:
        if flow["halted"]:
            return Verdict("red", "halted", {"name": flow["flow"], "reason": flow["halted"]})
    for target in targets:
        if target["state"] == "halted":
            error = target["last_error"] or {"code": "", "reason": ""}
            reason = f"{error['code']} {error['reason']}".strip()
            return Verdict("red", "halted", {"name": target["target"], "reason": reason})
    return None


def _waiting_for_a_person(
    flows: Sequence[Mapping[str, Any]],
    configuration: Mapping[str, str] | None,
    doors: Sequence[Mapping[str, str]],
) -> Verdict | None:
    held = _names(flow for flow in flows if flow["held"])
    if held:
        return Verdict("yellow", "held", {"flows": held})
    if configuration:
        return Verdict("yellow", "configuration", {})
    if doors:
        return Verdict("yellow", "door", {"code": doors[0]["code"], "reason": doors[0]["reason"]})
    return None


def _not_getting_through(
    flows: Sequence[Mapping[str, Any]], targets: Sequence[Mapping[str, Any]]
) -> Verdict | None:
    for target in targets:
        if target["state"] == "open":
            values = {"name": target["target"], "count": target["open_messages"]}
            return Verdict("red", "unreachable", values)
    if any((flow["last_run"] or {}).get("code") == DISK_LOW for flow in flows):
        return Verdict("red", "disk", {})
    parked = sum(flow["parked"] for flow in flows)
    if parked:
        return Verdict("yellow", "parked", {"count": parked})
    failed = _names(
        flow for flow in flows if flow["last_run"] and flow["last_run"]["outcome"] == "failed"
    )
    return Verdict("yellow", "failed", {"flows": failed}) if failed else None


def _less_than_well(flows: Sequence[Mapping[str, Any]], alerts: Collection[str]) -> Verdict:
    others = [kind for kind in alerts if kind not in SAID_OTHERWISE]
    if others:
        return Verdict("yellow", "alerts", {"count": len(others)})
    paused = _names(flow for flow in flows if flow["paused"])
    return (
        Verdict("yellow", "paused", {"flows": paused}) if paused else Verdict("green", "well", {})
    )


def _names(flows: Iterable[Mapping[str, Any]]) -> str:
    return ", ".join(flow["flow"] for flow in flows)
