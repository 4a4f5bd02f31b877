"""Reads an entity set: whole, by a stamp, by delta links, or single entities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING, Literal, TypeVar

from agent.contract import Batch, Finding, Source
from agent.errors import Misconfigured, Rejected
from agent.model import Json, join_key, key_text, split_key
from connectors._odata.links import EXPIRED, DeltaLink, LinkExpired, link_in
from connectors._odata.literals import key_predicate, parsed_predicate
from connectors._odata.metadata import EntityType, entity_type
from connectors._odata.options import ODataOptions
from connectors._odata.rows import spread, spread_pages
from connectors._rest.access import ServerOptions
from connectors._rest.marks import Marks
from connectors._rest.paging import Listing, Page, PagingOptions
from connectors._rest.passing import Course, Pass
from connectors._rest.questions import Question
from connectors._rest.records import MISSING, Columns, take
from connectors._rest.single import one_record

if TYPE_CHECKING:
    from connectors._odata.service import Service

ServerT = TypeVar("ServerT", bound=ServerOptions)
ODataT = TypeVar("ODataT", bound=ODataOptions)

DELETED = "/$deletedEntity"
SET = "$set"
"""Stands in a key for the name of the set: its value comes from nowhere else."""


class ODataSource(Source[ServerT, ODataT]):
    """A batch is a page as the service cuts it, and a page is one request."""

    @property
    def version(self) -> Literal["4", "2"]:
        """The version that the service speaks."""
        return "4"

    @cached_property
    def service(self) -> Service:
        """The service."""
        from connectors._odata.service import Service  # noqa: PLC0415 - 100 ms for who asks

        return Service(self.connection, self.connection.authorization(), self.version)

    @cached_property
    def type(self) -> EntityType:
        """What $metadata says about the set; asked for where the flow leaves something open."""
        document = self.service.document("/$metadata")
        return entity_type(document, self.options.entity_set, self.service.server)

    @cached_property
    def expanded(self) -> tuple[str, ...]:
        """The names of what is expanded, without their options."""
        return tuple(each.partition("(")[0].partition("/")[0] for each in self.options.expand)

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The properties whose text makes the key, in order."""
        key = self.options.key or self.type.key
        if not key:
            raise Misconfigured(
                "SA-2423",
                f"$metadata names no key for {self.options.entity_set}",
                hint="say key: [...] under source",
            )
        return key

    @cached_property
    def columns(self) -> Columns:
        """What of an entity is read."""
        options = self.options
        names = (*options.columns, *options.also) or tuple(self.type.properties)
        return Columns(self.key_columns, (*names, *self.expanded), options.optional)

    @property
    def entity_key(self) -> tuple[str, ...]:
        """The part of the key that names an entity; the rest names a row in it."""
        inside = self.options.rows + "."
        return tuple(
            name for name in self.key_columns if name != SET and not name.startswith(inside)
        )

    @property
    def path(self) -> str:
        """The way to the set, below the connection's url."""
        return self.options.entity_set

    def close(self) -> None:
        """Close every connection; never raises."""
        if "service" in self.__dict__:
            self.service.close()
            del self.__dict__["service"]

    def check(self) -> Iterator[Finding]:
        """Ask for the first page, and tell what is in it."""
        page = next(self._pages(self._question()))
        yield Finding(self.options.entity_set, f"{len(page.records)} entities on the first page")
        yield Finding("columns", ", ".join(self.columns.names))
        for row in self.columns.rows(page.records[:1], doubtful=page.doubtful):
            if isinstance(row, Rejected):
                raise row
            yield Finding("first entity", repr(dict(zip(self.columns.names, row, strict=True))))
        if page.counted and page.total is None:
            yield Finding("deletes", "not seen: the next links count, and no total is told")

    # Reading

    def read(self, cursor: str) -> Iterator[Batch]:
        """The whole set without a mark, else what changed since."""
        if self.options.delta:
            yield from self._follow(cursor)
            return
        changes = self.options.changes
        marks = Marks(changes.marks(self.version), cursor) if changes else None
        condition = ""
        if changes and marks and marks.last is not None:
            condition = changes.condition(marks.since())
        walk = Pass(self.columns, self.options.entity_set, marks)
        pages = self._pages(self._question(condition))
        yield from walk.batches(pages, whole=not condition, before=cursor)

    def read_keys(self, keys: Sequence[str]) -> Iterator[Batch]:
        """Only these keys, a request each; one that no longer exists is simply absent."""
        for key in keys:
            request = self._entity(key).request()
            yield one_record(self.service, request, key, self.columns, partial(self._one, key))

    def cursor_at(self, moment: datetime, cursor: str) -> str:
        """The cursor as it stood at a moment, taken as UTC where it names no zone."""
        changes = self.options.changes
        marks = Marks(changes.marks(self.version), cursor) if changes else None
        found = marks.cursor_at(moment) if marks else None
        if found is None:
            raise Rejected(
                "SA-2117",
                f"the cursor of {self.options.entity_set} is none of a moment",
                hint="read single keys, or everything",
            )
        return found

    # Questions

    def _question(self, condition: str = "") -> Question:
        options, wanted = self.options, self._wanted()
        conditions = [f"({each})" if condition else each for each in (options.filter,) if each]
        if filtered := " and ".join([*conditions, *([condition] if condition else [])]):
            wanted["$filter"] = filtered
        if options.order:
            wanted["$orderby"] = options.order
        if options.count and not options.delta:
            wanted |= self.counting
        headers = dict(self.service.headers)
        if preferences := self._preferences():
            headers["prefer"] = ",".join(preferences)
        return Question(f"{self.service.url}/{self.path}", "GET", wanted, headers)

    @property
    def counting(self) -> dict[str, Json]:
        """The parameter that asks for the number of entities."""
        return {"$count": "true"} if self.version == "4" else {"$inlinecount": "allpages"}

    def _wanted(self) -> dict[str, Json]:
        """The parameters that say which properties come."""
        options, wanted = self.options, dict[str, Json]()
        if options.columns:
            stamps = options.changes.names() if options.changes else ()
            named = (*self.key_columns, *options.columns, *options.also, *stamps)
            names = [name.partition(".")[0] for name in named if name != SET]
            if self.version == "4":
                names = [name for name in names if name not in self.expanded]
            else:
                names += self.expanded
            wanted["$select"] = ",".join(dict.fromkeys(names))
        if options.expand:
            wanted["$expand"] = ",".join(options.expand)
        return wanted

    def _preferences(self) -> Iterator[str]:
        if self.options.delta:
            yield "odata.track-changes"
        if self.options.page_size and self.options.pages == "server":
            yield f"odata.maxpagesize={self.options.page_size}"

    def _pages(self, question: Question) -> Iterator[Page]:
        options = self.options
        total = "count" if options.count and not options.delta else ""
        paging = PagingOptions(kind="next", next="next", total=total)
        if options.pages == "skip" and options.page_size:
            paging = PagingOptions(
                kind="offset",
                parameter="$skip",
                size_parameter="$top",
                size=options.page_size,
                total=total,
            )
        listing = Listing(self.service, question, paging, self._records, total_once=True)
        if not options.rows:
            return listing.pages()
        return spread_pages(listing.pages(), options.rows, self.entity_key)

    def _records(self, value: Json) -> list[Json]:
        """The entities in an answer, in the one shape that the service gives it."""
        return self._with_set(value["records"])

    def _with_set(self, records: list[Json]) -> list[Json]:
        """The entities with the name of their set, where that belongs to the key."""
        if SET not in self.key_columns:
            return records
        name = self.options.entity_set
        return [{**each, SET: name} if isinstance(each, dict) else each for each in records]

    def _one(self, key: str, value: Json) -> list[Json]:
        """What the answer to a single key holds of it."""
        records = self._with_set(self.service.record(value))
        if not self.options.rows:
            return records
        rows = spread(records, self.options.rows)
        return [row for row in rows if self._key_of(row) == key]

    def _key_of(self, record: Json) -> str:
        return join_key(tuple(key_text(take(record, name)) for name in self.key_columns))

    def _parts(self, key: str) -> tuple[str, ...]:
        try:
            return split_key(key, len(self.key_columns))
        except ValueError as error:
            raise Rejected("SA-2115", str(error)) from None

    def _entity(self, key: str) -> Question:
        names = self.entity_key
        at = dict(zip(self.key_columns, self._parts(key), strict=True))
        parts = [at[name] for name in names]
        types = [self.type.properties.get(name, "Edm.String") for name in names]
        predicate = key_predicate(names, parts, types, self.version)
        url = f"{self.service.url}/{self.path}{predicate}"
        return Question(url, "GET", self._wanted(), self.service.headers)

    # Delta links

    def _follow(self, cursor: str) -> Iterator[Batch]:
        """What changed since the link in the cursor; everything where there is none any more."""
        course = DeltaLink(self.service.server)
        link = link_in(cursor)
        if link:
            question = self._question()
            request_url = self.service.follow(self.service.url, link)
            pages = self._pages(replace(question, url=request_url, parameters={}))
            try:
                first = next(pages)
            except LinkExpired:
                pass
            else:
                yield from self._changed(chain([first], pages), course, cursor)
                return
        walk = Pass(self.columns, self.options.entity_set, course)
        pages = self._pages(self._question())
        yield from walk.batches(pages, whole=True, before=cursor)

    def _changed(self, pages: Iterator[Page], course: Course, cursor: str) -> Iterator[Batch]:
        gone: dict[str, None] = {}
        walk = Pass(self.columns, self.options.entity_set, course)
        end = cursor
        for batch in walk.batches(self._sorted(pages, gone), whole=False, before=cursor):
            yield batch
            end = batch.cursor
        if gone:
            yield Batch(self.columns.names, (), cursor=end, gone=tuple(gone))

    def _sorted(self, pages: Iterator[Page], gone: dict[str, None]) -> Iterator[Page]:
        """The pages with whole entities only; what was removed goes into `gone`, in order."""
        for page in pages:
            records = []
            for entry in page.records:
                key, removed = self._entry(entry)
                if removed:
                    gone[key] = None
                elif key:
                    gone.pop(key, None)
                    if found := self._whole(entry, key):
                        records.append(found)
                    else:
                        gone[key] = None
            yield replace(page, records=records)

    def _entry(self, entry: Json) -> tuple[str, bool]:
        """The key of an entry in a delta, and whether it was removed; no key for a mere link."""
        if not isinstance(entry, dict):
            raise Rejected("SA-2408", "an entry of the delta is no object")
        context = str(entry.get("@odata.context", entry.get("@context", "")))
        removed = "@removed" in entry or "@odata.removed" in entry or context.endswith(DELETED)
        if not removed and context.endswith(("/$link", "/$deletedLink")):
            return "", False
        names = self.key_columns
        parts = [take(entry, name) for name in names]
        if not context.endswith(DELETED) and not any(part is MISSING for part in parts):
            return join_key(tuple(map(key_text, parts))), removed
        address = entry.get("@odata.id", entry.get("@id", entry.get("id", "")))
        found = parsed_predicate(str(address), names)
        if found is None:
            raise Rejected("SA-2408", f"an entry of the delta has no key: {address!r:.80}")
        return join_key(found), removed

    def _whole(self, entry: Json, key: str) -> Json:
        """The entity as it is, or asked for: a delta may hold no more than what changed.

        None where it went meanwhile.
        """
        optional = set(self.options.optional)
        if all(name in optional or take(entry, name) is not MISSING for name in self.columns.names):
            return entry
        answer = self.service.ask(self._entity(key).request())
        if answer.status in {404, EXPIRED}:
            return None
        return self.service.record(self.service.content("", answer).value)[0]
