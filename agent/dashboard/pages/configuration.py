"""What the agent works by: the file in force, what changed, and whether every system answers."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any, NamedTuple

from starlette.responses import Response

from agent.config import Flow
from agent.dashboard.pages.page import Page
from agent.dashboard.visit import Role, Visit


class System(NamedTuple):
    """A connection and what it answered; green, yellow for a warning, red where it failed."""

    name: str
    light: str
    findings: list[dict[str, Any]]


def configuration(visit: Visit) -> Response:
    """The one in force, beside a file that was refused or is not taken over yet."""
    return visit.page(
        "configuration.html", status=visit.ask("status"), found=visit.ask("configuration")
    )


def past(visit: Visit) -> Response:
    """One that was in force, and what it changed."""
    found = visit.ask("past_configuration", number=visit.parts["number"])
    return visit.page("past_configuration.html", status=visit.ask("status"), found=found)


def check(visit: Visit) -> Response:
    """Reach every system now; what each answered."""
    findings = visit.ask("check")["findings"]
    return visit.page(
        "check.html",
        status=visit.ask("status"),
        systems=by_system(visit.engine.config.flows, findings),
    )


def by_system(flows: Mapping[str, Flow], findings: list[dict[str, Any]]) -> list[System]:
    """The findings of each connection, those that failed first."""

    def connection(finding: dict[str, Any]) -> str:
        flow = flows.get(finding["name"].partition(".")[0])
        if finding["end"] == "source" and flow:
            return flow.source.connection.name
        if finding["end"] == "lookup" and flow:
            lookup = finding["name"].partition(".")[2]
            ends = {each.name: each.end.connection.name for each in flow.lookups}
            return ends.get(lookup, flow.source.connection.name)
        return flow.target.connection.name if flow else str(finding["name"])

    grouped = groupby(sorted(findings, key=connection), key=connection)
    found = [_system(name, list(each)) for name, each in grouped]
    return sorted(found, key=lambda system: ("red", "yellow", "green").index(system.light))


def _system(name: str, findings: list[dict[str, Any]]) -> System:
    if not all(each["ok"] for each in findings):
        return System(name, "red", findings)
    return System(
        name, "yellow" if any(each["warning"] for each in findings) else "green", findings
    )


PAGES = (
    Page("GET", "/configuration", Role.VIEWER, configuration),
    Page("GET", "/configuration/check", Role.OPERATOR, check),
    Page("GET", "/configuration/{number:number}", Role.VIEWER, past),
)
