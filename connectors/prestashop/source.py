"""Reads a resource of the web service: whole, by `date_upd`, or single records.

A page begins behind the highest id of the one before, so that nothing slips past when a record
comes or goes meanwhile, and what was met until the empty page is everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from agent.contract import Batch, Finding, Source
from agent.errors import Rejected
from agent.model import Json, split_key
from connectors._rest.marks import Marks
from connectors._rest.paging import Page
from connectors._rest.passing import Pass
from connectors._rest.records import MISSING, Columns, readable, take
from connectors.prestashop.options import STAMP, PrestaShopOptions, ResourceOptions

if TYPE_CHECKING:
    from connectors.prestashop.service import Service

END_OF_TIME = "9999-12-31 23:59:59"


class PrestaShopSource(Source[PrestaShopOptions, ResourceOptions]):
    """Reads one resource, and what its records name."""

    @cached_property
    def service(self) -> Service:
        """The shop."""
        from connectors.prestashop.service import Service  # noqa: PLC0415 - 100 ms for who asks

        return Service(self.connection)

    @cached_property
    def columns(self) -> Columns:
        """What of a record is read."""
        return Columns(self.options.key, self.options.columns)

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The fields whose text makes the key, in order."""
        return self.options.key

    def close(self) -> None:
        """Close every connection; never raises."""
        if "service" in self.__dict__:
            self.service.close()
            del self.__dict__["service"]

    def check(self) -> Iterator[Finding]:
        """Ask for the first page, and tell what is in it."""
        page = next(self._pages({}))
        yield Finding(self.options.resource, f"{len(page.records)} records on the first page")
        for row in self.columns.rows(page.records[:1], doubtful=False):
            if isinstance(row, Rejected):
                raise row
            yield Finding("first record", repr(dict(zip(self.columns.names, row, strict=True))))

    def read(self, cursor: str) -> Iterator[Batch]:
        """Every record without a mark, else what changed since."""
        marks = self._marks(cursor)
        condition = {}
        if marks and marks.last is not None:
            condition = {f"filter[{STAMP}]": f"[{marks.since()},{END_OF_TIME}]", "date": "1"}
        walk = Pass(self.columns, self.options.resource, marks)
        yield from walk.batches(self._pages(condition), whole=not condition, before=cursor)

    def read_keys(self, keys: Sequence[str]) -> Iterator[Batch]:
        """Only these keys, a call each; one that no longer exists is simply absent."""
        for key in keys:
            try:
                parts = split_key(key, len(self.key_columns))
            except ValueError as error:
                raise Rejected("SA-2115", str(error)) from None
            wanted = dict(zip(self.key_columns, parts, strict=True))
            found = self.service.page(
                self.options.resource,
                {**self._parameters(), **{f"filter[{n}]": v for n, v in wanted.items()}},
            )
            same = [e for e in found.entities if all(e.get(n) == v for n, v in wanted.items())]
            self._read_along(same)
            yield Batch(self.columns.names, readable(self.columns.rows(same, doubtful=False)))

    def cursor_at(self, moment: datetime, cursor: str) -> str:
        """The cursor as it stood at a moment, taken as UTC where it names no zone."""
        marks = self._marks(cursor)
        found = marks.cursor_at(moment) if marks else None
        if found is None:
            raise Rejected(
                "SA-2117",
                f"{self.options.resource} are read without a cursor",
                hint="read single keys, or everything",
            )
        return found

    def _marks(self, cursor: str) -> Marks | None:
        changes = self.options.changes
        return Marks(changes.marks(self.connection.time_zone), cursor) if changes else None

    def _parameters(self) -> dict[str, str]:
        filters = {f"filter[{name}]": value for name, value in self.options.filter.items()}
        return {"display": "full", "language": str(self.options.language), **filters}

    def _pages(self, condition: Mapping[str, str]) -> Iterator[Page]:
        from connectors.prestashop.service import pages  # noqa: PLC0415 - as above

        size = self.options.page_size
        parameters = {**self._parameters(), **condition}
        walk = pages(self.service, self.options.resource, parameters, size)
        for number, found in enumerate(walk, start=1):
            self._read_along(found.entities)
            yield Page(
                number, found.entities, doubtful=False, at=found.at, total=None, counted=False
            )

    def _with_zone(self, record: dict[str, Json]) -> dict[str, Json]:
        """The record with its moments in the shop's time zone; zeros stand for none."""
        zone = ZoneInfo(self.connection.time_zone)
        return record | {
            name: "" if value.startswith("0000") else _in_zone(value, zone)
            for name, value in record.items()
            if name.startswith("date_") and isinstance(value, str) and value
        }

    def _read_along(self, records: list[dict[str, Json]]) -> None:
        """Fill in what other resources have, a question for each resource and page."""
        from connectors.prestashop.service import codes_of  # noqa: PLC0415 - as above

        records[:] = [self._with_zone(each) for each in records]
        if self.options.resource == "addresses":
            records[:] = [codes_of(each, self.service) for each in records]
        for name, along in self.options.along.items():
            held = {id(each): take(each, along.by or "id") for each in records}
            ids = [value for value in held.values() if value not in {MISSING, None, "", "0"}]
            found = (
                self.service.find_among(along.resource, along.of or "id", ids) if records else []
            )
            if along.resource == "addresses":
                found = [codes_of(each, self.service) for each in found]
            for record in records:
                value = held[id(record)]
                if along.of:
                    record[name] = [each for each in found if each[along.of] == value]
                else:
                    record[name] = next((each for each in found if each["id"] == value), None)


def _in_zone(text: str, zone: ZoneInfo) -> str:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone).isoformat()
    except ValueError:
        return text
