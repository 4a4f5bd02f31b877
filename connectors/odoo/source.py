"""Reads the records of a model: whole, by `write_date`, or single ones.

A page begins behind the highest id of the one before, so that nothing slips past when a record
comes or goes meanwhile, and what was met until the empty page is everything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any

from agent.contract import Batch, Finding, Source
from agent.errors import Misconfigured, Rejected
from agent.model import Json, split_key
from connectors._rest.marks import Marks
from connectors._rest.paging import Page
from connectors._rest.passing import Pass
from connectors._rest.records import Columns, readable, unexpected
from connectors.odoo.options import STAMP, ModelOptions, OdooOptions
from connectors.odoo.related import Described, Related

if TYPE_CHECKING:
    from connectors.odoo.calls import Calls, Result

Domain = list[Any]
WHOLE_NUMBERS = {"integer", "many2one", "many2one_reference"}


class OdooSource(Source[OdooOptions, ModelOptions]):
    """Reads one model, and what its records name."""

    def __init__(self, connection: OdooOptions, options: ModelOptions) -> None:
        super().__init__(connection, options)
        self._descriptions: dict[str, Described] = {}
        self._related = Related(self._read_along, self._described)

    @cached_property
    def odoo(self) -> Calls:
        """The server."""
        from connectors.odoo.calls import calls  # noqa: PLC0415 - 100 ms for who asks

        return calls(self.connection)

    @cached_property
    def types(self) -> Mapping[str, str]:
        """Field → type, of the fields that are read. Raises `Misconfigured` for unknown ones."""
        return self._types(self.options.model, self.options.wanted())

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
        if "odoo" in self.__dict__:
            self.odoo.close()
            del self.__dict__["odoo"]

    def check(self) -> Iterator[Finding]:
        """Ask for the first page, and tell what is in it."""
        page = next(self._pages([]))
        yield Finding(self.options.model, f"{len(page.records)} records on the first page")
        yield Finding("fields", ", ".join(f"{name} ({each})" for name, each in self.types.items()))
        for row in self.columns.rows(page.records[:1], doubtful=page.doubtful):
            if isinstance(row, Rejected):
                raise row
            yield Finding("first record", repr(dict(zip(self.columns.names, row, strict=True))))

    def read(self, cursor: str) -> Iterator[Batch]:
        """Every record without a mark, else what changed since."""
        marks = self._marks(cursor)
        since = marks is not None and marks.last is not None
        condition = [[STAMP, ">=", marks.since()]] if marks and since else []
        walk = Pass(self.columns, self.options.model, marks)
        yield from walk.batches(self._pages(condition), whole=not since, before=cursor)

    def read_keys(self, keys: Sequence[str]) -> Iterator[Batch]:
        """Only these keys, a call each; one that no longer exists is simply absent."""
        for key in keys:
            try:
                parts = split_key(key, len(self.key_columns))
            except ValueError as error:
                raise Rejected("SA-2115", str(error)) from None
            condition = [
                [name.removesuffix(".id"), "=", self._operand(name, part)]
                for name, part in zip(self.key_columns, parts, strict=True)
            ]
            result = self._asked(condition, limit=2)
            rows = self.columns.rows(self._records(result), doubtful=result.doubtful)
            yield Batch(self.columns.names, readable(rows))

    def cursor_at(self, moment: datetime, cursor: str) -> str:
        """The cursor as it stood at a moment, taken as UTC where it names no zone."""
        marks = self._marks(cursor)
        found = marks.cursor_at(moment) if marks else None
        if found is None:
            raise Rejected(
                "SA-2117",
                f"{self.options.model} is read without a cursor",
                hint="read single keys, or everything",
            )
        return found

    def _marks(self, cursor: str) -> Marks | None:
        changes = self.options.changes
        return Marks(changes.marks(), cursor) if changes else None

    def _types(self, model: str, names: Sequence[str]) -> Mapping[str, str]:
        found = self._described(model)
        for name in names:
            if name not in found:
                close = get_close_matches(name, found, n=1)
                raise Misconfigured(
                    "SA-2432",
                    f"{model} has no field {name!r}"
                    + (f": did you mean {close[0]!r}?" if close else ""),
                    hint="correct fields, or install the module of Odoo that brings the field",
                )
        return {name: str(found[name]["type"]) for name in names}

    def _described(self, model: str) -> Described:
        """The fields of a model, asked for once."""
        if model not in self._descriptions:
            asked = self.odoo.call(model, "fields_get", attributes=["type", "relation"])
            if not isinstance(asked.value, dict):
                told = f"it says {asked.value!r}"
                raise unexpected(f"{self.odoo.server} describes no fields", told)
            self._descriptions[model] = asked.value
        return self._descriptions[model]

    def _read_along(self, model: str, domain: Domain, names: list[str]) -> list[dict[str, Json]]:
        """Records of another model, for those that name them."""
        types = {"id": "integer", **self._types(model, names)}
        found = self.odoo.call(
            model,
            "search_read",
            domain=domain,
            fields=list(dict.fromkeys(("id", *names))),
            context=self.options.all_context(),
        )
        return self._plain_records(found, types)

    def _pages(self, condition: Domain) -> Iterator[Page]:
        """Pages in the order of the ids, until one is empty."""
        number, last = 0, 0
        while True:
            number += 1
            result = self._asked([*condition, ["id", ">", last]], self.options.page_size)
            records = self._records(result)
            yield Page(number, records, result.doubtful, result.at, total=None, counted=False)
            if not records:
                return
            ids = [record["id"] for record in records]
            if ids != sorted(ids) or ids[0] <= last:
                raise unexpected(
                    f"{self.odoo.server} does not keep the order of the ids",
                    f"a module changes search_read of {self.options.model}",
                )
            last = ids[-1]

    def _asked(self, condition: Domain, limit: int) -> Result:
        options = self.options
        _ = self.types  # first: it tells of a wrong field in words that help
        return self.odoo.call(
            options.model,
            "search_read",
            domain=[*json.loads(options.domain), *condition],
            fields=options.wanted(),
            limit=limit,
            order="id",
            context=options.all_context(),
        )

    def _records(self, result: Result) -> list[dict[str, Json]]:
        records = self._plain_records(result, self.types)
        self._related.fill(self.options.model, records, self.columns.names, self.options.lists)
        return records

    def _plain_records(self, result: Result, types: Mapping[str, str]) -> list[dict[str, Json]]:
        found = result.value
        if not isinstance(found, list) or not all(
            isinstance(each, dict) and type(each.get("id")) is int for each in found
        ):
            raise unexpected(f"{self.odoo.server} answers no records", f"it says {found!r:.100}")
        return [
            {name: _plain(value, types.get(name, "")) for name, value in record.items()}
            for record in found
        ]

    def _operand(self, name: str, part: str) -> str | int:
        """A part of a key as the field's type has it."""
        if self.types[name.partition(".")[0]] not in WHOLE_NUMBERS:
            return part
        if not (part.isascii() and part.isdigit() and len(part) < 10):
            raise Rejected("SA-2115", f"{part!r} cannot be a key: {name} is a number")
        return int(part)


def _plain(value: Json, kind: str) -> Json:
    """A value without Odoo's ways: False for nothing, a pair for a related record."""
    if value is False and kind != "boolean":
        return None
    if kind == "many2one" and isinstance(value, list) and len(value) == 2:
        return {"id": value[0], "name": value[1]}
    return value
