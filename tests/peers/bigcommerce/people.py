"""Customers with addresses; orders with lines and shipments."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.peers.bigcommerce.problem import Problem


class People:
    """Who buys, and what was bought."""

    def __init__(self) -> None:
        self.customers: dict[int, dict[str, Any]] = {}
        self.addresses: dict[int, dict[str, Any]] = {}
        self.orders: dict[int, dict[str, Any]] = {}
        self.shipments: dict[int, list[dict[str, Any]]] = {}
        self._ids = count(10)

    def make(self, many: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self._require_sound(many)
        made = []
        for fields in many:
            addresses = fields.pop("addresses", [])
            item = {**fields, "id": next(self._ids), "date_modified": "2026-03-01T09:00:00Z"}
            self.customers[item["id"]] = item
            self.add_addresses([{**each, "customer_id": item["id"]} for each in addresses])
            made.append(item)
        return made

    def change(self, many: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self._require_sound(many)
        for fields in many:
            self.customers[fields["id"]] |= fields
        return [self.customers[fields["id"]] for fields in many]

    def _require_sound(self, many: list[dict[str, Any]]) -> None:
        if len(many) > 10:
            raise Problem(413, "Too many customers")
        for fields in many:
            if "id" in fields and fields["id"] not in self.customers:
                raise Problem(422, "Update customers failed", errors={"id": "not found"})
            for other in self.customers.values():
                if other["email"] == fields["email"] and other["id"] != fields.get("id"):
                    errors = {".customer_create": f"email {fields['email']} is already in use"}
                    raise Problem(422, "Create customers failed", errors=errors)

    def add_addresses(self, many: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for each in many:
            number = next(self._ids)
            self.addresses[number] = {**each, "id": number}
        return many

    def order(self, number: int) -> dict[str, Any]:
        if number not in self.orders:
            raise Problem(404, "The requested resource was not found.")
        return self.orders[number]

    def ship(self, number: int, body: dict[str, Any]) -> dict[str, Any]:
        """A shipment makes an order shipped, and its pieces count."""
        order = self.order(number)
        sent = {each["order_product_id"]: each["quantity"] for each in body["items"]}
        for line in order["lines"]:
            line["quantity_shipped"] += sent.get(line["id"], 0)
        order["status_id"] = 2
        self.shipments.setdefault(number, []).append(body)
        return body
