"""What the agent works by: the configuration in force, the file on disk, and those before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from agent.api.engine import Engine
from agent.api.operation import Answer
from agent.clock import utc_text
from agent.config import ConfigurationProblems, masked
from agent.config.yaml_text import MOST_BYTES
from agent.errors import Rejected, SyncError
from agent.store import ConfigurationRow
from agent.store.configurations import TEXTS_KEPT

AROUND = 3
"""Lines that are shown before and after what differs."""


def configuration(engine: Engine) -> Answer:
    """What is in force and since when, what differs from the file and from the one before.

    Texts are without secrets: references stay, values are left out. `problems` are those of a
    changed file that was refused. `disk` is null where the file is what is in force.
    """
    config, rows = engine.config, engine.store.configurations.list()
    before = next((row for row in rows if row.digest != config.digest), None)
    since = rows[0].at if rows and rows[0].digest == config.digest else None
    disk = _on_disk(config.path)
    return {
        "path": str(config.path),
        "digest": config.digest,
        "since": utc_text(since) if since else None,
        "text": config.text,
        "problems": _problems(engine.reload_problem),
        "disk": disk | {"differences": differences(config.text, disk["text"])}
        if disk["digest"] != config.digest
        else None,
        "before": _row(before) | {"differences": _since(engine, before, config.text)}
        if before
        else None,
        "history": [_row(row) for row in rows],
    }


def past_configuration(engine: Engine, number: int) -> Answer:
    """One that was in force, and what it changed. Raises `Rejected` SA-7002 where it is gone."""
    rows = engine.store.configurations.list(TEXTS_KEPT + 1)
    place = next((place for place, row in enumerate(rows) if row.number == number), None)
    if place is None or not rows[place].readable:
        raise Rejected("SA-7002", f"there is no configuration {number}, or its text is gone")
    text = engine.store.configurations.text(number)
    before = rows[place + 1] if place + 1 < len(rows) else None
    return _row(rows[place]) | {
        "text": text,
        "before": before.number if before else None,
        "differences": _since(engine, before, text),
    }


def _since(engine: Engine, before: ConfigurationRow | None, text: str) -> list[dict[str, str]]:
    """What differs from an earlier one; nothing where its text is not kept."""
    if before is None or not before.readable:
        return []
    return differences(engine.store.configurations.text(before.number), text)


def differences(before: str, after: str) -> list[dict[str, str]]:
    """The lines that differ with some around them; `kind`: added, removed, same or gap."""
    return list(_differences(before.splitlines(), after.splitlines()))


def _differences(before: list[str], after: list[str]) -> Iterator[dict[str, str]]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for group in matcher.get_grouped_opcodes(AROUND):
        yield {"kind": "gap", "text": str(group[0][3] + 1)}
        for tag, old, old_end, new, new_end in group:
            if tag == "equal":
                yield from ({"kind": "same", "text": line} for line in before[old:old_end])
                continue
            yield from ({"kind": "removed", "text": line} for line in before[old:old_end])
            yield from ({"kind": "added", "text": line} for line in after[new:new_end])


def _on_disk(path: Path) -> dict[str, Any]:
    """The file as it is now; with an empty text and the reason where it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        return {"digest": "", "text": "", "unreadable": error.strerror or str(error)}
    text = masked(content[:MOST_BYTES].decode("utf-8-sig", "replace"))
    return {"digest": hashlib.sha256(content).hexdigest(), "text": text, "unreadable": ""}


def _problems(refused: SyncError | None) -> list[dict[str, Any]]:
    if isinstance(refused, ConfigurationProblems):
        return [problem._asdict() for problem in refused.problems]
    if refused is None:
        return []
    return [
        {
            "line": None,
            "column": None,
            "code": refused.code,
            "text": refused.reason,
            "hint": refused.hint,
        }
    ]


def _row(row: ConfigurationRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "at": utc_text(row.at),
        "digest": row.digest,
        "changes": dict(row.changes),
        "readable": row.readable,
    }
