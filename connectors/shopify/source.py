"""Reads orders, their refunds and customers: everything, by `updated_at`, or single ones.

Pages come in the order of `updated_at` behind a cursor: what changes meanwhile moves to the end and
is read once more, and nothing slips past.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from agent.contract import Batch, Finding, Source
from agent.errors import Misconfigured, Rejected
from agent.model import Json
from connectors._rest.marks import Marks
from connectors._rest.paging import Page
from connectors._rest.passing import Pass
from connectors._rest.records import Columns, readable
from connectors.shopify.listings import (
    LISTINGS,
    ORDER_LINES,
    ORDER_REFUNDS,
    REFUNDS,
    Listing,
    record,
)
from connectors.shopify.marks import gid
from connectors.shopify.options import ShopifyOptions, SourceOptions
from connectors.shopify.refunds import refund, refunds_of

if TYPE_CHECKING:
    from connectors.shopify.admin import Admin, Session


class ShopifySource(Source[ShopifyOptions, SourceOptions]):
    """Reads one kind of record."""

    @cached_property
    def admin(self) -> Admin:
        """The shop."""
        from connectors.shopify.admin import Admin  # noqa: PLC0415 - 100 ms for who asks

        return Admin(self.connection)

    @property
    def listing(self) -> Listing:
        """What is asked."""
        return LISTINGS[self.options.list]

    @property
    def columns(self) -> Columns:
        """What of a record is read."""
        return Columns(self.key_columns, self.listing.columns)

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The number in Shopify's id."""
        return ("id",)

    def close(self) -> None:
        """Close every connection; never raises."""
        if "admin" in self.__dict__:
            self.admin.close()
            del self.__dict__["admin"]

    def check(self) -> Iterator[Finding]:
        """Shop, version, scopes, and the first page."""
        from connectors.shopify.checking import check_shop  # noqa: PLC0415 - as above

        session = self._session()
        scopes, findings = check_shop(session)
        yield from findings
        if self.listing.scope not in scopes:
            raise Misconfigured(
                "SA-5442",
                f"the app may not read {self.options.list}",
                hint=f"grant it {self.listing.scope}, and install it anew",
            )
        if self.listing.scope == "read_orders" and "read_all_orders" not in scopes:
            told = "read_all_orders not granted: only orders of the last 60 days are seen"
            yield Finding("scopes", told, warning=True)
        page = next(self._pages(session, self.options.filter))
        yield Finding(self.options.list, f"{len(page.records)} on the first page")

    def read(self, cursor: str) -> Iterator[Batch]:
        """Every record without a mark, else what was updated since."""
        changes = self.options.changes
        marks = Marks(changes.marks(), cursor) if changes else None
        since = marks is not None and marks.last is not None
        conditions = [self.options.filter]
        if marks and since:
            conditions.append(f"updated_at:>='{marks.since()}'")
        query = " AND ".join(f"({each})" for each in conditions if each)
        pages = self._pages(self._session(), query)
        if self.listing.vanishes and not since:
            walk = Pass(self.columns, self.options.list, marks)
            yield from walk.batches(pages, whole=True, before=cursor)
        else:
            yield from self._changes(pages, marks)

    def _changes(self, pages: Iterator[Page], marks: Marks | None) -> Iterator[Batch]:
        """A list of changes; each page is as good an end as the last, for stamps only grow."""
        for page in pages:
            if marks:
                marks.note(page)
            yield Batch(
                self.columns.names,
                readable(self.columns.rows(page.records, doubtful=False)),
                cursor=marks.cursor() if marks else "",
            )

    def read_keys(self, keys: Sequence[str]) -> Iterator[Batch]:
        """Only these keys; one that no longer exists is simply absent."""
        session = self._session()
        most = self.listing.keys_a_request
        for start in range(0, len(keys), most):
            asked = keys[start : start + most]
            if wrong := [key for key in asked if not (key.isascii() and key.isdigit())]:
                raise Rejected("SA-2115", f"{wrong[0]!r} cannot be a key: Shopify's are numbers")
            ids = [gid(self.listing.kind, key) for key in asked]
            found = self._single(session, ids)
            yield Batch(self.columns.names, readable(self.columns.rows(found, doubtful=False)))

    def cursor_at(self, moment: datetime, cursor: str) -> str:
        """The cursor as it stood at a moment, taken as UTC where it names no zone."""
        changes = self.options.changes
        found = Marks(changes.marks(), cursor).cursor_at(moment) if changes else None
        if found is None:
            raise Rejected(
                "SA-2117",
                f"{self.options.list} are read without a cursor",
                hint="read single keys, or everything",
            )
        return found

    def _session(self) -> Session:
        from connectors.shopify.admin import Session  # noqa: PLC0415 - as above

        return Session(self.admin, _Unhurried())

    def _pages(self, session: Session, query: str) -> Iterator[Page]:
        number, after = 0, None
        while True:
            number += 1
            asked_at = datetime.now(UTC)
            variables: dict[str, Any] = {
                "first": self.options.page_size,
                "after": after,
                "query": query or None,
            }
            found = session.document(self.listing.page, variables)[self.options.list]
            records = [each for node in found["nodes"] for each in self._records(session, node)]
            at = session.answered_at or asked_at
            yield Page(number, records, doubtful=False, at=at, total=None, counted=False)
            if not found["pageInfo"]["hasNextPage"]:
                return
            after = found["pageInfo"]["endCursor"]

    def _single(self, session: Session, ids: Sequence[str]) -> list[Json]:
        if self.listing.kind == "Refund":
            return [found for each in ids if (found := refund(session, each))]
        nodes = session.document(self.listing.nodes, {"ids": ids})["nodes"]
        return [self._record(session, node) for node in nodes if node]

    def _records(self, session: Session, node: Json) -> Iterator[Json]:
        """The records that an element of a page stands for."""
        if self.listing.kind == "Refund":
            return refunds_of(session, node)
        return iter([self._record(session, node)])

    def _record(self, session: Session, node: Json) -> Json:
        """The record, with all its lines and refunds."""
        lines = node.get("lineItems")
        while lines and lines["pageInfo"]["hasNextPage"]:
            variables = {"id": node["id"], "after": lines["pageInfo"]["endCursor"]}
            more = session.document(ORDER_LINES, variables)["order"]["lineItems"]
            lines = {"nodes": lines["nodes"] + more["nodes"], "pageInfo": more["pageInfo"]}
        if lines is None:
            return record(node)
        refunds = node["refunds"]
        if len(refunds) == REFUNDS or any(map(_goes_on, refunds)):
            found = session.document(ORDER_REFUNDS, {"id": node["id"]})
            refunds = found["order"]["refunds"]
        return record({**node, "lineItems": lines, "refunds": refunds})


def _goes_on(refund: Json) -> bool:
    return bool(refund["refundLineItems"]["pageInfo"]["hasNextPage"])


class _Unhurried:
    """A source has no gate: Shopify says where its allowance is used up, and is believed."""

    def request(self) -> None:
        """Nobody counts."""

    def pause(self, seconds: float) -> None:
        """The next question is refused where it costs too much, and comes again later."""
