"""Reads a list behind an address: whole, what changed, what was deleted, or single records."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from agent.contract import Batch, Finding, Source
from agent.errors import Rejected, Unavailable
from agent.model import Json, split_key
from connectors._rest.access import ServerOptions
from connectors._rest.marks import Marks
from connectors._rest.options import RestOptions
from connectors._rest.paging import Listing
from connectors._rest.passing import Pass
from connectors._rest.questions import Question
from connectors._rest.records import MISSING, Columns, records_at, take
from connectors._rest.single import one_record

if TYPE_CHECKING:
    from connectors._rest.api import Api

ServerT = TypeVar("ServerT", bound=ServerOptions)
RestT = TypeVar("RestT", bound=RestOptions)


class RestSource(Source[ServerT, RestT]):
    """Reads a list page by page; a batch is a page, and a page is one request."""

    @cached_property
    def api(self) -> Api:
        """The server."""
        from connectors._rest.api import Api  # noqa: PLC0415 - 100 ms for who asks

        return Api(self.connection, self.connection.authorization())

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
        if "api" in self.__dict__:
            self.api.close()
            del self.__dict__["api"]

    def check(self) -> Iterator[Finding]:
        """Ask for the first page, and tell what is in it."""
        page = next(self._listing(self._question(None)).pages())
        yield Finding(self.options.path, f"{len(page.records)} records on the first page")
        fields = sorted({name for record in page.records for name in _fields(record, "")})
        yield Finding("fields", ", ".join(fields) or "none: the list is empty")
        for row in self.columns.rows(page.records[:1], doubtful=page.doubtful):
            if isinstance(row, Rejected):
                raise row
            yield Finding("first record", repr(dict(zip(self.columns.names, row, strict=True))))
        if page.counted and page.total is None:
            yield Finding("deletes", "not seen: name where the answer holds paging.total")

    # Reading

    def read(self, cursor: str) -> Iterator[Batch]:
        """The whole list without a mark, else what changed since, and what was deleted."""
        changes = self.options.changes
        marks = Marks(changes, cursor) if changes else None
        since = marks if marks is not None and marks.last is not None else None
        # Before the rows: what is deleted after this look is in the next list again.
        gone = dict.fromkeys(self._gone(since)) if since and self.options.deleted else {}
        walk = Pass(self.columns, self.options.path, marks)
        end = cursor
        for batch in walk.batches(
            self._listing(self._question(since)).pages(),
            whole=since is None,
            before=cursor,
            met=lambda key: gone.pop(key, None),
        ):
            yield batch
            end = batch.cursor
        if gone:
            yield Batch(self.columns.names, (), cursor=end, gone=tuple(gone))

    def read_keys(self, keys: Sequence[str]) -> Iterator[Batch]:
        """Only these keys, a request each; one that no longer exists is simply absent."""
        if not self.options.item:
            raise Rejected(
                "SA-2409",
                f"{self.options.path} has no address for a single record",
                hint="say item: /path/{key} under source",
            )
        for key in keys:
            request = Question(self._address(key), headers=self.options.headers).request()
            yield one_record(self.api, request, key, self.columns, self._item)

    def cursor_at(self, moment: datetime, cursor: str) -> str:
        """The cursor as it stood at a moment, taken as UTC where it names no zone."""
        changes = self.options.changes
        found = Marks(changes, cursor).cursor_at(moment) if changes else None
        if found is None:
            raise Rejected(
                "SA-2117",
                f"the cursor of {self.options.path} counts: no moment can be told from it",
                hint="read single keys, or everything",
            )
        return found

    # Questions

    def _question(self, since: Marks | None) -> Question:
        options = self.options
        question = Question(
            self.connection.url + options.path,
            options.method,
            options.parameters,
            options.headers,
            json.loads(options.body) if options.body else None,
        )
        if since is None or options.changes is None:
            return question
        if options.changes.body:
            question = Question(
                question.url,
                question.method,
                question.parameters,
                question.headers,
                json.loads(options.changes.body),
            )
        added: Mapping[str, Json] = options.changes.parameters
        question = question.put(added, options.paging.place or "query")
        return question.filled(since=since.since())

    def _listing(self, question: Question) -> Listing:
        return Listing(self.api, question, self.options.paging, self._finder(self.options.records))

    def _finder(self, path: str) -> Callable[[Json], list[Json]]:
        def find(value: Json) -> list[Json]:
            self._require_no_error(value)
            return records_at(value, path, self.api.server)

        return find

    def _require_no_error(self, value: Json) -> None:
        found = take(value, self.options.error) if self.options.error else None
        if found is not MISSING and found:
            raise Unavailable("SA-2403", f"{self.api.server} answered 200 and says: {found!r:.200}")

    def _gone(self, since: Marks) -> Iterator[str]:
        """The keys in the list of deletions."""
        options = self.options.deleted
        if options is None:
            return
        key = options.key or self.options.key
        url = self.connection.url + options.path
        question = Question(url, parameters=options.parameters, headers=self.options.headers)
        question = question.filled(since=since.since())
        columns = Columns(key, ())
        paging = options.paging or self.options.paging
        for page in Listing(self.api, question, paging, self._finder(options.records)).pages():
            for row in columns.rows(page.records, doubtful=page.doubtful):
                if isinstance(row, Rejected):
                    raise row
                yield columns.key_of(row)

    # Single records

    def _item(self, value: Json) -> list[Json]:
        self._require_no_error(value)
        found = take(value, self.options.item_record)
        if found is MISSING:
            return records_at(value, self.options.item_record, self.api.server)
        return found if isinstance(found, list) else [] if found is None else [found]

    def _address(self, key: str) -> str:
        try:
            parts = split_key(key, len(self.options.key))
        except ValueError as error:
            raise Rejected("SA-2115", str(error)) from None
        path = self.options.item
        for name, part in (("key", key), *zip(self.options.key, parts, strict=True)):
            if "{" + name + "}" in path and part in {"", ".", ".."}:
                raise Rejected("SA-2413", f"the key {key!r} cannot stand in an address")
            path = path.replace("{" + name + "}", quote(part, safe=""))
        return self.connection.url + path


def _fields(value: Json, prefix: str) -> Iterator[str]:
    """The dotted names of a record's fields; a list with `[]`."""
    if not isinstance(value, dict):
        return
    for name, each in value.items():
        if isinstance(each, dict) and each:
            yield from _fields(each, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}" + ("[]" if isinstance(each, list) else "")
