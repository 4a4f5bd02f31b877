"""SAP Business One through its Service Layer."""

from __future__ import annotations

from agent.contract import Kind
from agent.model import Json
from connectors._odata.source import ODataSource
from connectors._presets import presets_beside
from connectors.business_one.options import (
    STAMP,
    EntityOptions,
    ServiceLayerOptions,
    WritingOptions,
)
from connectors.business_one.target import BusinessOneTarget


class BusinessOneSource(ODataSource[ServiceLayerOptions, EntityOptions]):
    """Reads the entities of one company."""

    @property
    def counting(self) -> dict[str, Json]:
        """`/b1s/v1` speaks version 3, in which the number was asked for in another way."""
        if self.connection.url.endswith("/v1"):
            return {"$inlinecount": "allpages"}
        return super().counting

    def _records(self, value: Json) -> list[Json]:
        records = super()._records(value)
        changes = self.options.changes
        if changes is None:
            return records
        return [
            {**each, STAMP: _moment(each, changes.property, changes.time)}
            if isinstance(each, dict)
            else each
            for each in records
        ]


def _moment(record: dict[str, Json], day: str, time: str) -> Json:
    """`2026-01-31T15:04:05` of a day (with or without a midnight) and a time of day."""
    if not record.get(day):
        return None
    clock = str(record.get(time) or "00:00:00")[:8]
    return f"{str(record[day])[:10]}T{clock}"


KIND = Kind(
    name="business_one",
    summary="SAP Business One through its Service Layer.",
    connection=ServiceLayerOptions,
    source=BusinessOneSource,
    source_options=EntityOptions,
    target=BusinessOneTarget,
    target_options=WritingOptions,
    presets=presets_beside(__file__),
)
