"""What orders take from the stock before the ERP shows it: kept, and looked up in like a table.

It is kept when the orders are taken over. Who looks it up does so before reading its own rows: an
order that is written in between counts twice for that run, in the ERP's number and in ours; never
not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

import msgspec
from xxhash import xxh3_128_hexdigest

from agent.clock import Clock
from agent.contract import Batch, Closing, NoOptions, Source
from agent.model import Change, Op
from agent.store import ReservedLine, ReservedOrder, Store


class Reserving(NamedTuple):
    """What a flow has to do with stock that is sold.

    Its orders take from it (`outlasts`: until a status says otherwise), or its statuses end what
    the orders of another flow take: (flow, statuses).
    """

    takes: bool = False
    outlasts: bool = False
    ends: tuple[tuple[str, frozenset[str]], ...] = ()


class _Line(msgspec.Struct):
    sku: str | None = None
    quantity: str | None = None
    warehouse: str | None = None


class _Order(msgspec.Struct):
    number: str | None = None
    lines: list[_Line] | None = None


class _Status(msgspec.Struct):
    number: str | None = None
    status: str | None = None


_order = msgspec.json.Decoder(_Order).decode
_status = msgspec.json.Decoder(_Status).decode


def reserve(store: Store, flow: str, reserving: Reserving, changes: Sequence[Change]) -> None:
    """Keep what these records say of it; within the transaction that takes them over."""
    upserts = [change for change in changes if change.op is Op.UPSERT]
    if reserving.takes:
        taken = [
            _reserved(each.key, each.body, known=each.previous is not None) for each in upserts
        ]
        store.reservations.take(flow, taken, outlasts=reserving.outlasts)
        gone = [change.key for change in changes if change.op is Op.DELETE]
        store.reservations.cancel(flow, gone)
    for orders, statuses in reserving.ends:
        found = (_status(change.body) for change in upserts)
        numbers = [each.number for each in found if each.number and each.status in statuses]
        store.reservations.end(orders, numbers)


def _reserved(key: str, body: bytes, *, known: bool) -> ReservedOrder:
    order = _order(body)
    lines = [
        ReservedLine(line.sku, line.warehouse or "", line.quantity)
        for line in order.lines or ()
        if line.sku and line.quantity and _quantity(line.quantity) > 0
    ]
    return ReservedOrder(key, order.number or key, lines, known)


def _quantity(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(0)


@dataclass(frozen=True, slots=True)
class ReservedStock:
    """Which orders to sum up. `warehouse`: the one of lines that name none; None: of all of them.

    `lag`: seconds for which a line counts on after it is over.
    """

    orders: str
    outlasts: bool
    warehouse: str | None = None
    lag: float = 0.0


class ReservedSource(Source[NoOptions, NoOptions]):
    """Article (and warehouse) → the quantity that is sold and that the ERP does not show yet."""

    def __init__(self, store: Store | None, clock: Clock, asked: ReservedStock) -> None:
        """Without a store it is there and cannot be read."""
        super().__init__(NoOptions(), NoOptions())
        self._given_store = store
        self._clock = clock
        self._asked = asked

    @property
    def _store(self) -> Store:
        if self._given_store is None:
            raise AssertionError("planned without a store")
        return self._given_store

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The article, and the warehouse where sums are asked for each."""
        return ("sku",) if self._asked.warehouse is None else ("sku", "warehouse")

    def read(self, cursor: str) -> Iterator[Batch]:
        """All sums. The cursor is their digest: nothing, where they are as they were."""
        asked = self._asked
        if not cursor:
            self._catch_up()
        self._store.reservations.settle(asked.orders)
        sums: defaultdict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        since = self._clock.now_ms() - int(asked.lag * 1000)
        for sku, warehouse, quantity in self._store.reservations.counting(asked.orders, since):
            key = (sku,) if asked.warehouse is None else (sku, warehouse or asked.warehouse)
            sums[key] += Decimal(quantity)
        rows = [(*key, total) for key, total in sorted(sums.items())]
        digest = xxh3_128_hexdigest(repr(rows).encode())
        if digest != cursor:
            columns = (*self.key_columns, "quantity")
            yield Batch(columns, rows, cursor=digest, whole=True, complete=True)

    def _catch_up(self) -> None:
        """Orders that were on their way before anybody asked."""
        with self._store.transaction():
            bodies = self._store.messages.open_bodies(self._asked.orders)
            orders = [_reserved(key, body, known=False) for key, body in bodies.items()]
            self._store.reservations.take(self._asked.orders, orders, outlasts=self._asked.outlasts)

    def watch(self, wake: Callable[[], None]) -> Closing:
        """Wake when an order is taken over, written, or ended by a status."""
        return self._store.reservations.listen(self._asked.orders, wake)
