"""What those share who keep the messages: append them, send them, decide about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from agent.store.aside import Aside
from agent.store.bundles import Bundles
from agent.store.claims import Claims
from agent.store.database import Database
from agent.store.key_order import KeyOrder
from agent.store.message_rows import Names
from agent.store.reservations import Reservations
from agent.store.tally import Tally


@dataclass(frozen=True, slots=True)
class Outbox:
    """The parts of one store; each is made once."""

    database: Database
    names: Names
    tally: Tally
    order: KeyOrder
    bundles: Bundles
    claims: Claims
    reservations: Reservations
    aside: Aside
    now: Callable[[], int]

    @classmethod
    def of(
        cls,
        database: Database,
        store_id: str,
        reservations: Reservations,
        now: Callable[[], int],
        bundle_size: int,
    ) -> Self:
        """`bundle_size`: how many new messages are kept as one line."""
        names, tally = Names(store_id), Tally(database)
        order, bundles = KeyOrder(database, tally), Bundles(database, tally, bundle_size)
        return cls(
            database,
            names,
            tally,
            order,
            bundles,
            Claims(database, names, tally, order, bundles),
            reservations,
            Aside(database, tally, order, reservations),
            now,
        )
