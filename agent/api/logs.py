"""What the agent wrote about its work, the newest first."""

from __future__ import annotations

from datetime import UTC
from typing import Literal

from agent.api.engine import Engine
from agent.api.operation import Answer
from agent.errors import Rejected
from agent.kpi.periods import since as period_since
from agent.telemetry.backwards import newest
from agent.telemetry.files import log_files
from agent.telemetry.place import log_path
from agent.telemetry.reading import Wanted

MOST_LINES = 5_000
Level = Literal["debug", "info", "warning", "error", "critical"]


def logs(
    engine: Engine,
    flow: str = "",
    target: str = "",
    run: int = 0,
    message: str = "",
    key: str = "",
    code: str = "",
    text: str = "",
    level: Level = "info",
    since: str = "",
    before: str = "",
    limit: int = 200,
) -> Answer:
    """Lines of the log files, the newest first; secrets and personal data were never written.

    `older`: what to ask for as `before` to go on, "" where nothing is left. One look goes through
    a few megabytes only, so few lines, or none, do not mean that there are no older ones. Raises
    `Rejected` SA-7482 where the agent writes no file.
    """
    config = engine.config
    path = log_path(config.log.file, config.path, config.store.path.parent)
    if path is None or not log_files(path):
        raise Rejected(
            "SA-7482", "there is no log file", hint="under systemd: journalctl -u syncagent -o cat"
        )
    begin = period_since(since, engine.clock.now_ms(), UTC, whole_hours=False).start if since else 0
    wanted = Wanted(flow, target, run, message, key, code, text, level, begin)
    found = newest(path, wanted, min(limit, MOST_LINES), before)
    return {"path": str(path), "lines": found.lines, "older": found.older}
