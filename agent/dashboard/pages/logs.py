"""The agent's own log, and the bundle for those who help."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from agent.dashboard.pages.page import Page
from agent.dashboard.visit import Role, Visit
from agent.errors import Rejected

SHOWN, TAKEN_ALONG = 200, 5_000
LEVELS = ("debug", "info", "warning", "error")
SPANS = ("1h", "1d", "7d")
_ASKED = ("level", "flow", "since", "text", "run", "message", "before")
_APART = {"timestamp", "level", "event", "logger", "exception"}


def logs(visit: Visit) -> Response:
    """Lines, newest first, of those that the form asks for."""
    asked, status = _asked(visit), visit.ask("status")
    found: dict[str, Any] = {"lines": [], "older": ""}
    missing: Rejected | None = None
    try:
        found = visit.ask("logs", limit=SHOWN, **_arguments(asked))
    except Rejected as error:
        if error.code != "SA-7482":
            raise
        missing = error
    return visit.page(
        "logs.html",
        status=status,
        asked=asked,
        levels=LEVELS,
        spans=SPANS,
        lines=[_told(line) for line in found["lines"]],
        query=urlencode({name: asked[name] for name in _ASKED if asked[name] and name != "before"}),
        older=found["older"],
        missing=missing,
    )


def download(visit: Visit) -> Response:
    """The same lines, more of them, as they were written."""
    found = visit.ask("logs", limit=TAKEN_ALONG, **_arguments(_asked(visit)))
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in reversed(found["lines"]))
    headers = {"content-disposition": 'attachment; filename="syncagent-log.jsonl"'}
    return Response(text, media_type="application/x-ndjson; charset=utf-8", headers=headers)


def support(visit: Visit) -> Response:
    """The bundle for those who help, to be saved and sent."""
    checked = "check" in visit.form
    found = visit.tell("support_bundle", check=checked)
    headers = {"content-disposition": f'attachment; filename="{found["name"]}"'}
    return Response(b64decode(found["zip"]), media_type="application/zip", headers=headers)


def _asked(visit: Visit) -> dict[str, str]:
    asked = {name: visit.query.get(name, "").strip() for name in _ASKED}
    asked["level"] = asked["level"] if asked["level"] in LEVELS else "info"
    return asked


def _arguments(asked: dict[str, str]) -> dict[str, Any]:
    """For the question; a run is a number, and nothing else is one."""
    given = {name: value for name, value in asked.items() if value}
    if not given.get("run", "0").isdigit():
        raise Rejected("SA-7003", f"{given['run']!r} is no number of a run")
    return given


def _told(line: dict[str, Any]) -> dict[str, Any]:
    """A line as people read it: when, how grave, what, about what; a traceback below."""
    return {
        "at": line.get("timestamp"),
        "level": str(line.get("level", "")),
        "event": str(line.get("event", "")),
        "about": [(name, str(value)) for name, value in line.items() if name not in _APART],
        "exception": str(line.get("exception", "")),
    }


PAGES = (
    Page("GET", "/logs", Role.OPERATOR, logs),
    Page("GET", "/logs/download", Role.OPERATOR, download),
    Page("POST", "/logs/support", Role.ADMIN, support),
)
