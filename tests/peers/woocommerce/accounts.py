"""Accounts of customers, and orders."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from tests.peers.woocommerce.catalogue import merged
from tests.peers.woocommerce.failure import Failure

PARTS = "first_name last_name company address_1 address_2 city postcode state country phone"
ADDRESS = dict.fromkeys(PARTS.split(), "")
STATES = {"pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed"}


class Accounts:
    """Accounts: an e-mail address belongs to one."""

    def __init__(self) -> None:
        self.items: dict[int, dict[str, Any]] = {}
        self._ids = count(2)

    def shown(self, number: int) -> dict[str, Any]:
        return self.items[number]

    def listed(self, query: dict[str, str]) -> Iterator[dict[str, Any]]:
        role = query.get("role", "customer")
        for item in self.items.values():
            if role in {"all", item["role"]} and query.get("email") in {None, item["email"]}:
                yield item

    def create(self, fields: dict[str, Any]) -> dict[str, Any]:
        if not fields.get("password"):
            raise Failure("registration-error-missing-password", "Please create a password.")
        for other in self.items.values():
            if other["email"] == fields["email"]:
                told = "An account is already registered with your email address."
                raise Failure("registration-error-email-exists", told)
        item = {
            "id": next(self._ids),
            "role": "customer",
            "username": fields["email"].partition("@")[0],
            "first_name": "",
            "last_name": "",
            "billing": dict(ADDRESS),
            "shipping": dict(ADDRESS),
            "meta_data": [],
        }
        self.items[item["id"]] = item
        return self._write(item, fields)

    def update(self, number: int, fields: dict[str, Any]) -> dict[str, Any]:
        if number not in self.items:
            raise Failure("woocommerce_rest_invalid_id", "Invalid resource ID.")
        return self._write(self.items[number], fields)

    def delete(self, number: int) -> dict[str, Any]:
        if number not in self.items:
            raise Failure("woocommerce_rest_invalid_id", "Invalid resource ID.")
        return self.items.pop(number)

    def _write(self, item: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
        for name, value in fields.items():
            if name in {"billing", "shipping"}:
                item[name] |= value
            elif name == "meta_data":
                item[name] = merged(item[name], value)
            elif name not in {"id", "password"}:
                item[name] = value
        return item


class Orders:
    """Orders that people placed; a test puts them here."""

    def __init__(self) -> None:
        self.items: dict[int, dict[str, Any]] = {}
        self.notes: dict[int, list[dict[str, Any]]] = {}

    def shown(self, number: int) -> dict[str, Any]:
        if number not in self.items:
            raise Failure("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", 404)
        return self.items[number]

    def listed(self, query: dict[str, str]) -> Iterator[dict[str, Any]]:
        states = query.get("status", "any").split(",")
        for item in self.items.values():
            if "any" in states or item["status"] in states:
                yield item

    def update(self, number: int, fields: dict[str, Any]) -> dict[str, Any]:
        """A state that it does not know becomes `pending`: nothing looks at items of a batch."""
        item = self.shown(number)
        item["meta_data"] = merged(item.get("meta_data", []), fields.get("meta_data", []))
        if "status" in fields:
            item["status"] = fields["status"] if fields["status"] in STATES else "pending"
        return item


class Refunds:
    """Refunds of all orders; a test puts them here. They never change, and have no own address."""

    def __init__(self) -> None:
        self.items: dict[int, dict[str, Any]] = {}

    def shown(self, number: int) -> dict[str, Any]:
        told = "No route was found matching the URL and request method."
        raise Failure("rest_no_route", f"{told} ({number})", 404)

    def listed(self, query: dict[str, str]) -> Iterator[dict[str, Any]]:
        del query
        yield from self.items.values()
