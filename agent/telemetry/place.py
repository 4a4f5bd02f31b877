"""Where the log file is; one answer for whoever writes it and whoever reads it."""

from __future__ import annotations

from pathlib import Path

NAME = "syncagent.log"


def log_path(file: str, configuration: Path, state: Path) -> Path | None:
    """The file that `log: file:` means: `auto` in `log/` beside the store, `off` none."""
    if file == "off":
        return None
    return state / "log" / NAME if file == "auto" else configuration.absolute().parent / file
