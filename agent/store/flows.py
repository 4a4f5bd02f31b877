"""What a flow's passes leave behind: cursor, fingerprint, halts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict, Unpack

from agent.store.database import Database
from agent.store.names import enter_flow


@dataclass(frozen=True, slots=True)
class FlowState:
    """Where a flow stands. Times are unix ms, 0 for never."""

    cursor: str = ""
    fingerprint: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    """The source's columns as last seen and the source's word for the type of each, "" for none."""
    layout: str = ""
    blocks_valid: bool = False
    full_pass_at: int = 0
    halted: str = ""


class FlowFields(TypedDict, total=False):
    """What `Flows.update` may change."""

    cursor: str
    fingerprint: str
    columns: Mapping[str, str]
    full_pass_at: int
    halted: str


class Flows:
    """A line per flow."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, flow: str) -> FlowState:
        """The flow's state; that of a new flow when nothing was kept for it."""
        found = self._database.row(
            "SELECT cursor, fingerprint, columns, layout, blocks_valid, full_pass_at,"
            " halted FROM flow WHERE name = ?",
            (flow,),
        )
        if found is None:
            return FlowState()
        cursor, fingerprint, columns, layout, valid, *rest = found
        return FlowState(cursor, fingerprint, json.loads(columns), layout, bool(valid), *rest)

    def update(self, flow: str, **fields: Unpack[FlowFields]) -> None:
        """Change these fields of the flow."""
        values: dict[str, object] = dict(fields)
        if "columns" in values:
            values["columns"] = json.dumps(dict(fields["columns"]))
        if not values:
            return
        unknown = values.keys() - FlowFields.__annotations__.keys()
        if unknown:
            raise TypeError(f"a flow has no {', '.join(sorted(unknown))} to update")
        with self._database.transaction():
            number = enter_flow(self._database, flow)
            for field, value in values.items():
                # The name is one of FlowFields, checked above.
                self._database.write(
                    f"UPDATE flow SET {field} = ? WHERE id = ?",
                    (value, number),
                )
