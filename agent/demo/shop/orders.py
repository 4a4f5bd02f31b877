"""Carts and the orders that become of them. A cart becomes an order once, however often it is sent.

Who knows the cart's name, a random text, may see it and the order it became; nobody else.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import apsw
import msgspec

from agent.demo.shop.feeds import Feeds

SCHEMA = """
CREATE TABLE IF NOT EXISTS cart_lines (
    cart     TEXT NOT NULL,
    sku      TEXT NOT NULL,
    quantity TEXT NOT NULL,           -- decimal
    PRIMARY KEY (cart, sku)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS placed_orders (
    place INTEGER PRIMARY KEY AUTOINCREMENT,  -- makes the order's number
    cart  TEXT NOT NULL UNIQUE,       -- the cart that it was: placed twice it is the same order
    data  TEXT NOT NULL               -- the order
) STRICT;
"""
MOST_LINES = 100


class Orders:
    """All carts and all orders."""

    def __init__(self, connection: apsw.Connection, feeds: Feeds) -> None:
        self._connection = connection
        self._feeds = feeds

    def put_into_cart(self, cart: str, sku: str, quantity: Decimal) -> None:
        """So much of an article; nought takes it out."""
        if quantity <= 0:
            self._connection.execute(
                "DELETE FROM cart_lines WHERE cart = ? AND sku = ?", (cart, sku)
            )
        elif len(self.cart(cart)) < MOST_LINES:
            self._connection.execute(
                "INSERT OR REPLACE INTO cart_lines VALUES (?, ?, ?)", (cart, sku, str(quantity))
            )

    def cart(self, cart: str) -> dict[str, Decimal]:
        """Article → quantity."""
        rows = self._connection.execute(
            "SELECT sku, quantity FROM cart_lines WHERE cart = ? ORDER BY sku", (cart,)
        )
        return {str(sku): Decimal(str(quantity)) for sku, quantity in rows}

    def place(self, cart: str, lines: Sequence[dict[str, Any]], **head: str) -> None:
        """The cart is an order now: it stands in the feed, and the cart is empty."""
        with self._connection:
            if self.order(cart) is not None:
                return
            ((place,),) = self._connection.execute(
                "INSERT INTO placed_orders (cart, data) VALUES (?, '{}') RETURNING place", (cart,)
            )
            number = f"W{place:06}"
            order = {
                "number": number,
                "placed_at": datetime.fromtimestamp(int(time.time()), UTC).isoformat(),
                **head,
                "lines": lines,
                "total_net": str(sum(Decimal(line["total"]) for line in lines)),
            }
            self._connection.execute(
                "UPDATE placed_orders SET data = ? WHERE place = ?",
                (msgspec.json.encode(order).decode(), place),
            )
            self._connection.execute("DELETE FROM cart_lines WHERE cart = ?", (cart,))
            self._feeds.put("orders", number, order)

    def order(self, cart: str) -> dict[str, Any] | None:
        """The order that a cart became; None where it is still a cart."""
        for (data,) in self._connection.execute(
            "SELECT data FROM placed_orders WHERE cart = ?", (cart,)
        ):
            order: dict[str, Any] = msgspec.json.decode(str(data))
            return order
        return None

    def status(self, number: str) -> dict[str, Any]:
        """What the company has told of an order, and whether it has it."""
        told: dict[str, Any] = {}
        for (data,) in self._connection.execute(
            "SELECT data FROM records WHERE entity = 'order_status' AND data ->> 'number' = ?",
            (number,),
        ):
            told = msgspec.json.decode(str(data))
        return {**told, "taken_over": self._feeds.is_acknowledged("orders", number)}
