"""A support bundle without an agent: the configuration is wrong, or the store cannot be opened."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from agent import __version__
from agent.cli.glance import log_setting, state_folder
from agent.clock import SystemClock, utc_text
from agent.config import ConfigurationProblems
from agent.errors import SyncError
from agent.support import Bundle, Outside, configuration_outside, environment
from agent.telemetry.backwards import newest
from agent.telemetry.place import log_path
from agent.telemetry.reading import Wanted

LINES = 4_000


def bundle_without_agent(config: Path, error: SyncError) -> dict[str, Any]:
    """What the files say, and why there is no more. Nothing is known of flows: all are personal."""
    now, outside = utc_text(SystemClock().now_ms()), Outside(None)
    bundle = Bundle(__version__, now, "unknown: the agent cannot be opened")
    problems = error.problems if isinstance(error, ConfigurationProblems) else []
    bundle.add(
        "error.json",
        "why the agent cannot be opened",
        {
            "code": error.code,
            "reason": outside.told(error.reason),
            "hint": outside.told(error.hint),
            "problems": [
                {"line": each.line, "code": each.code, "text": outside.told(each.text)}
                for each in problems
            ],
        },
    )
    bundle.add("environment.json", "versions, drivers, system", environment())
    bundle.add("configuration.yaml", "the file; no secrets", _text(config))
    path = log_path(log_setting(config), config, state_folder(config))
    found = newest(path, Wanted(), LINES).lines if path else []
    bundle.add("log.jsonl", "the end of the log, newest first", outside.log(found))
    zipped = base64.b64encode(bundle.zipped()).decode()
    return {"name": f"syncagent-support-{now[:19].replace(':', '')}Z.zip", "zip": zipped}


def _text(config: Path) -> str:
    try:
        return configuration_outside(config.read_bytes().decode("utf-8-sig", "replace"))
    except OSError as error:
        return f"# cannot be read: {error.strerror}"
