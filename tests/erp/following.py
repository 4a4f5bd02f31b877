"""Flows as a configuration says them, over a server of the test's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from agent.config import Config, load
from agent.contract import Batch
from agent.errors import Rejected
from agent.mapping import compile_mapping
from agent.model import Op, join_key, key_text

DOCS = Path(__file__).resolve().parents[2] / "docs" / "connectors"


class Seen(NamedTuple):
    """What one run of a flow gave."""

    records: list[dict[str, Any]]
    deleted: int
    refused: list[str]
    cursor: str
    complete: bool


def page_example(page: str, number: int = 1) -> dict[str, Any]:
    """A whole example on a connector's page, counted from 1."""
    text = (DOCS / page).read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(
        text.split("```yaml\n")[number].partition("```")[0], yaml.BaseLoader
    )
    return found


def configured(folder: Path, said: dict[str, Any]) -> Config:
    """A configuration that says this."""
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(said), encoding="utf-8")
    return load(path)


def presets_of(kind: str, connection: dict[str, Any], *names: str) -> dict[str, Any]:
    """A configuration with a flow for each preset, which says nothing else."""
    flows = {
        name: {
            "source": {"connection": "erp"},
            "preset": name,
            "target": {"connection": "shop", "receiver": "shop"},
        }
        for name in names
    }
    connections = {"erp": {"kind": kind, **connection}, "shop": {"kind": "memory"}}
    return {"connections": connections, "flows": flows}


def run(config: Config, flow: str, cursor: str = "") -> Seen:
    """Read a flow's source from a cursor and map what comes."""
    with closing(config.build_source(flow)) as source:
        return _mapped(config, flow, source.read(cursor))


def read_keys_of(config: Config, flow: str) -> list[str]:
    """The keys that a whole pass of a flow sees."""
    with closing(config.build_source(flow)) as source:
        return [
            join_key(tuple(key_text(row[batch.columns.index(name)]) for name in source.key_columns))
            for batch in source.read("")
            for row in batch.rows
        ]


def run_keys(config: Config, flow: str, *keys: str) -> Seen:
    """Read single keys of a flow's source and map what comes."""
    with closing(config.build_source(flow)) as source:
        return _mapped(config, flow, source.read_keys(keys))


def _mapped(config: Config, name: str, batches: Iterator[Batch]) -> Seen:
    flow = config.flows[name]
    mapping = compile_mapping(
        flow.mapping,
        entity=flow.entity,
        where=flow.where,
        delete_when=flow.delete_when,
        notation=flow.notation,
    )
    seen = Seen([], 0, [], "", complete=False)
    for batch in batches:
        mapped = mapping.bind(batch.columns)
        for place in range(len(batch.rows)):
            try:
                found = mapped(batch.rows[place])
            except Rejected as refused:
                seen.refused.append(f"{refused.code} {refused.reason}")
                continue
            if found.op is Op.DELETE:
                seen = seen._replace(deleted=seen.deleted + 1)
            elif not found.skipped:
                seen.records.append(json.loads(found.body))
        seen = seen._replace(cursor=batch.cursor, complete=batch.complete)
    return seen
