"""A list that an operation gives: whole, or what changed since, or single records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from agent.contract import Batch, Finding, Source
from agent.errors import Misconfigured, Rejected, Unavailable
from agent.model import Json, split_key
from connectors._rest.marks import Marks
from connectors._rest.passing import Pass
from connectors._rest.records import MISSING, Columns, readable, take
from connectors.soap.options import KeysOptions, SoapConnection, SoapOptions

if TYPE_CHECKING:
    from connectors.soap.paging import Listing
    from connectors.soap.service import Service


class SoapSource(Source[SoapConnection, SoapOptions]):
    """Reads a list page by page; a batch is a page, and a page is one call."""

    @cached_property
    def service(self) -> Service:
        """The service, described by its WSDL."""
        try:
            from connectors.soap.service import Service  # noqa: PLC0415 - zeep: 400 ms, an extra
        except ModuleNotFoundError as error:
            raise Misconfigured(
                "SA-2509", f"{error.name} is not installed", hint="pip install 'syncagent[soap]'"
            ) from None
        return Service(self.connection)

    @cached_property
    def columns(self) -> Columns:
        """What of a record is read."""
        return Columns(self.options.key, self.options.columns, self.options.optional)

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
        """Tell what the WSDL offers, ask for the first page, and tell what is in it."""
        operation = self.options.operation
        operations = self.service.operations
        yield Finding("operations", ", ".join(operations))
        if operation in operations:
            yield Finding(operation, operations[operation])
        page = next(self._listing(None).pages())
        yield Finding("first page", f"{len(page.records)} records")
        for row in self.columns.rows(page.records[:1], doubtful=page.doubtful):
            if isinstance(row, Rejected):
                raise row
            yield Finding("first record", repr(page.records[0]))
        if page.counted and page.total is None:
            yield Finding("deletes", "not seen: name where the answer holds paging.total")

    def read(self, cursor: str) -> Iterator[Batch]:
        """The whole list without a mark, else what changed since."""
        changes = self.options.changes
        marks = Marks(changes, cursor) if changes else None
        since = marks.since() if marks is not None and marks.last is not None else None
        walk = Pass(self.columns, self.options.operation, marks)
        yield from walk.batches(self._listing(since).pages(), whole=since is None, before=cursor)

    def read_keys(self, keys: Sequence[str]) -> Iterator[Batch]:
        """Only these keys, a call each; one that no longer exists is simply absent."""
        options = self.options.keys
        if options is None:
            raise Rejected(
                "SA-2409",
                f"{self.options.operation} gives no single records",
                hint="say keys: {operation: …} under source",
            )
        for key in keys:
            records, doubtful = self._records_of(key, options)
            rows = self.columns.rows(records, doubtful=doubtful)
            for row in rows:
                if not isinstance(row, Rejected) and (found := self.columns.key_of(row)) != key:
                    raise Unavailable(
                        "SA-2410",
                        f"{self.service.server} was asked for {key!r} and answered {found!r}",
                    )
            yield Batch(self.columns.names, readable(rows))

    def cursor_at(self, moment: datetime, cursor: str) -> str:
        """The cursor as it stood at a moment, taken as UTC where it names no zone."""
        changes = self.options.changes
        found = Marks(changes, cursor).cursor_at(moment) if changes else None
        if found is None:
            raise Rejected(
                "SA-2117",
                f"the cursor of {self.options.operation} counts: no moment can be told from it",
                hint="read single keys, or everything",
            )
        return found

    def _listing(self, since: str | None) -> Listing:
        from connectors.soap.paging import Listing, Question  # noqa: PLC0415 - as above
        from connectors.soap.values import filled  # noqa: PLC0415 - as above

        options, changes = self.options, self.options.changes
        question = Question(options.operation, options.parameters, options.records)
        if since is not None and changes is not None:
            added = filled(changes.parameters, {"since": since})
            question = Question(
                changes.operation or options.operation,
                {**options.parameters, **added},
                options.records,
            )
        return Listing(self.service, question, options.paging)

    def _records_of(self, key: str, options: KeysOptions) -> tuple[list[Json], bool]:
        from connectors.soap.values import filled  # noqa: PLC0415 - as above

        try:
            parts = split_key(key, len(self.options.key))
        except ValueError as error:
            raise Rejected("SA-2115", str(error)) from None
        values = {"key": key, **dict(zip(self.options.key, parts, strict=True))}
        parameters = filled(options.parameters, values)
        answer = self.service.call(options.operation, parameters, options.gone_faults)
        found = take(answer.value, options.records) if answer else None
        if answer is None or found is None or found is MISSING:
            return [], False
        return found if isinstance(found, list) else [found], answer.doubtful
