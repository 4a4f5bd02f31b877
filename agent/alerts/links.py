"""Which page of the dashboard shows what an alert is about."""

from __future__ import annotations

from urllib.parse import quote

ALERTS, ORDERS, FLOWS, CONFLICTS = "/alerts", "/orders", "/flows", "/conflicts"
CONFIGURATION, AUDIT = "/configuration", "/audit"
PLACES = (ALERTS, ORDERS, FLOWS, CONFLICTS, CONFIGURATION, AUDIT)


def flow(name: str) -> str:
    """All about a flow: how it does, and what can be done about it."""
    return f"{FLOWS}/{_segment(name)}"


def records(flow_name: str, code: str, keys: tuple[str, ...], count: int) -> str:
    """What was refused: the one record, or the group of those with the same cause."""
    if count == 1 and keys:
        return f"/records/{_segment(flow_name)}/{_segment(keys[0])}"
    return f"/errors/{_segment(flow_name)}/{_segment(code)}"


def _segment(text: str) -> str:
    """One part of a path, whatever a key holds."""
    return quote(text, safe="")
