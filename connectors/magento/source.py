"""Reads orders, with their lines and the address they are sent to, and customers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agent.model import Json
from connectors._rest.options import RestOptions
from connectors._rest.source import RestSource
from connectors.magento.options import ListOptions, MagentoOptions

LINE = (
    "item_id",
    "sku",
    "name",
    "product_type",
    "qty_ordered",
    "qty_canceled",
    "qty_refunded",
    "price",
    "row_total",
    "discount_amount",
    "tax_percent",
    "tax_amount",
)
ADDRESS = (
    "company",
    "firstname",
    "lastname",
    "city",
    "postcode",
    "region_code",
    "country_id",
    "telephone",
    "email",
    "vat_id",
)


class MagentoSource(RestSource[MagentoOptions, RestOptions]):
    """Reads one list."""

    def __init__(self, connection: MagentoOptions, options: ListOptions) -> None:
        super().__init__(connection, options.as_list(connection.store))
        self._arranged = _order if options.list == "orders" else _customer

    def _finder(self, path: str) -> Callable[[Json], list[Json]]:
        find = super()._finder(path)
        return lambda value: [self._arranged(each) for each in find(value)]

    def _item(self, value: Json) -> list[Json]:
        return [self._arranged(each) for each in super()._item(value)]


def _order(order: Json) -> Json:
    """An order with its `lines`, its `billing` and its first `shipping` address.

    A variant stands there twice: the line of the configurable product has SKU and price, the one
    below it nothing that the first does not say.
    """
    if not isinstance(order, dict):
        return order
    lines = [
        {name: item.get(name) for name in LINE}
        for item in order.get("items") or ()
        if not item.get("parent_item_id")
    ]
    above = order.get("extension_attributes") or {}
    sent: dict[str, Any] = next(iter(above.get("shipping_assignments") or ()), {})
    shipping = (sent.get("shipping") or {}).get("address")
    return {
        **order,
        "lines": lines,
        "billing": _address(order.get("billing_address")),
        "shipping": _address(shipping),
        "shipping_method": (sent.get("shipping") or {}).get("method"),
        "payment_method": (order.get("payment") or {}).get("method"),
    }


def _customer(customer: Json) -> Json:
    """A customer with the address for invoices, else the first one, as `address`."""
    if not isinstance(customer, dict):
        return customer
    listed = customer.get("addresses") or ()
    first = next((each for each in listed if each.get("default_billing")), None)
    first = first or next(iter(listed), None)
    region = (first or {}).get("region") or {}
    flat = {**first, "region_code": region.get("region_code")} if first else None
    return {**customer, "address": _address(flat)}


def _address(address: Json) -> dict[str, Json]:
    found = address if isinstance(address, dict) else {}
    street = " ".join(str(line) for line in found.get("street") or ())
    return {"street": street or None, **{name: found.get(name) for name in ADDRESS}}
