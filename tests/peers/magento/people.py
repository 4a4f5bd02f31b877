"""Customers, and orders with their parcels, invoices and comments."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.peers.magento.problem import Problem, missing

Item = dict[str, Any]
DEFAULT_GROUP = 1
REGIONS = [
    {"id": "614", "code": "MI", "name": "Milano"},
    {"id": "652", "code": "RM", "name": "Roma"},
]


class People:
    """Customers and orders by their ids."""

    def __init__(self) -> None:
        self.customers: dict[int, Item] = {}
        self.orders: dict[int, Item] = {}
        self.shipments: list[Item] = []
        self.invoices: list[Item] = []
        self._numbers = count(501)

    def customer(self, number: int) -> Item:
        if number not in self.customers:
            raise missing("customer")
        return self.customers[number]

    def make_customer(self, body: Item) -> Item:
        given = self._checked(body["customer"], 0)
        number = next(self._numbers)
        made = {"group_id": DEFAULT_GROUP, **given, "id": number, **self._addresses(given)}
        self.customers[number] = made
        return made

    def change_customer(self, number: int, body: Item) -> Item:
        """The group is the default one again, and addresses go, where the change names none."""
        there = self.customer(number)
        given = self._checked(body["customer"], number)
        changed = {**there, "group_id": DEFAULT_GROUP, **given, **self._addresses(given)}
        self.customers[number] = changed
        return changed

    def _checked(self, given: Item, number: int) -> Item:
        for other in self.customers.values():
            if other["email"] == given["email"] and other["id"] != number:
                words = "A customer with the same email address already exists in an associated"
                raise Problem(400, f"{words} website.")
        if "/" in given["firstname"]:
            raise Problem(400, "First Name is not valid!")
        for address in given.get("addresses", ()):
            for name in ("telephone", "city", "street", "firstname", "lastname"):
                if not address.get(name):
                    raise Problem(400, '"%fieldName" is required.', parameters={"fieldName": name})
            if address["country_id"] == "IT" and not address["region"]["region_id"]:
                words = '"%fieldName" is required. Enter and try again.'
                raise Problem(400, words, parameters={"fieldName": "regionId"})
        return given

    def _addresses(self, given: Item) -> Item:
        numbered = [{"id": next(self._numbers), **each} for each in given.get("addresses", ())]
        return {"addresses": numbered}

    def order(self, number: int) -> Item:
        if number not in self.orders:
            raise Problem(404, "The entity that was requested doesn't exist. Verify the entity.")
        return self.orders[number]

    def ship(self, number: int, body: Item) -> str:
        order = self.order(number)
        for shipped in body["items"]:
            (item,) = [i for i in order["items"] if i["item_id"] == shipped["order_item_id"]]
            if shipped["qty"] > item["qty_ordered"] - item.get("qty_shipped", 0):
                raise Problem(400, "The quantity to ship is more than what is left.")
            item["qty_shipped"] = item.get("qty_shipped", 0) + shipped["qty"]
        shipment = {
            "entity_id": next(self._numbers),
            "order_id": number,
            "items": body["items"],
            "source": body.get("arguments", {}).get("extension_attributes", {}).get("source_code"),
            "tracks": list(body["tracks"]),
        }
        self.shipments.append(shipment)
        return str(shipment["entity_id"])

    def add_track(self, body: Item) -> Item:
        track: Item = body["entity"]
        (shipment,) = [s for s in self.shipments if s["entity_id"] == track["parent_id"]]
        shipment["tracks"].append(track)
        return track

    def invoice(self, number: int, body: Item) -> str:
        order = self.order(number)
        if all(item.get("qty_invoiced", 0) >= item["qty_ordered"] for item in order["items"]):
            raise Problem(400, "The order does not allow an invoice to be created.")
        for item in order["items"]:
            item["qty_invoiced"] = item["qty_ordered"]
        self.invoices.append({"order_id": number, **body})
        return str(len(self.invoices))

    def comment(self, number: int, body: Item) -> bool:
        order, history = self.order(number), body["statusHistory"]
        order.setdefault("status_histories", []).append(history)
        if "status" in history:
            order["status"] = history["status"]
        return True

    def cancel(self, number: int) -> bool:
        self.order(number).update(state="canceled", status="canceled")
        return True

    def hold(self, number: int) -> bool:
        self.order(number).update(state="holded", status="holded")
        return True
