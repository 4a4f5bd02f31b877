"""A glance at the configuration: where the state is, which flows there are. Takes milliseconds.

Checking a whole configuration loads every connector that it names. Finding the daemon, and
completing a flow's name in a shell, must not wait for that.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

DEFAULT_STORE = "syncagent.db"


def state_folder(config: Path) -> Path:
    """The folder of the store, where a running daemon says how to reach it."""
    store = _section(_read(config), "store").get("path")
    return (config.absolute().parent / (store if isinstance(store, str) else DEFAULT_STORE)).parent


def log_setting(config: Path) -> str:
    """What stands under `log: file:`."""
    file = _section(_read(config), "log").get("file")
    return file if isinstance(file, str) else "auto"


def flow_names(config: Path) -> list[str]:
    """The names under `flows:`."""
    return [name for name in _section(_read(config), "flows") if isinstance(name, str)]


def _read(config: Path) -> dict[Any, Any]:
    """The file as plain text values; {} where it cannot be read: the check will say why."""
    try:
        with config.open("rb") as file:
            document = yaml.load(file, Loader=yaml.BaseLoader)  # noqa: S506 - it builds only text
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    return document if isinstance(document, dict) else {}


def _section(document: dict[Any, Any], name: str) -> dict[Any, Any]:
    section = document.get(name)
    return section if isinstance(section, dict) else {}
