"""Messages as a flow makes them."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

from agent.model import Message, Op

_versions = count(1)
ADDRESS = {"street": "Via Roma 1", "city": "Milano", "postal_code": "20121", "country": "IT"}


def message(entity: str, key: str, data: dict[str, Any] | None = None) -> Message:
    """An upsert, a delete where there is no data."""
    version = next(_versions)
    op = Op.DELETE if data is None else Op.UPSERT
    body = b"" if data is None else json.dumps(data).encode()
    return Message(f"m-{version}", version, f"{entity}s", entity, key, op, body)


def product(sku: str, **more: Any) -> Message:
    return message("product", sku, {"sku": sku, "name": f"Vite {sku}", **more})


def variant(sku: str, parent: str, *options: tuple[str, str], **more: Any) -> Message:
    chosen = [{"name": name, "value": value} for name, value in options]
    return product(sku, parent=parent, options=chosen, **more)


def price(sku: str, amount: str, price_list: str = "BASE", **more: Any) -> Message:
    data = {"sku": sku, "price_list": price_list, "price": amount, "currency": "EUR", **more}
    return message("price", f"{sku}|{price_list}", data)


def stock(sku: str, quantity: str, warehouse: str = "MAIN", **more: Any) -> Message:
    data = {"sku": sku, "warehouse": warehouse, "quantity": quantity, **more}
    return message("stock", f"{sku}|{warehouse}", data)


def category(code: str, parent: str = "", **more: Any) -> Message:
    return message(
        "category", code, {"code": code, "name": f"Gruppo {code}", "parent": parent, **more}
    )


def customer(code: str, email: str | None, **more: Any) -> Message:
    data = {"code": code, "name": f"Rossi {code}", "email": email, "address": ADDRESS, **more}
    return message("customer", code, data)


def order_status(number: str, status: str, **more: Any) -> Message:
    return message("order_status", number, {"number": number, "status": status, **more})
