"""What Odoo holds of records that went there, in the words of the canonical entities."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from agent.model import Json, Record, key_text
from connectors.odoo.prices import ITEM
from connectors.odoo.writing import Writing, id_in, parts_of


class Reading(NamedTuple):
    """Where a kind of record lies, and which field is which."""

    model: str
    id_of: Callable[[str], str]
    """The id of the record in a reference."""
    fields: Mapping[str, str]


def _whole(reference: str) -> str:
    return reference


READINGS = {
    "product": Reading(
        "product.product",
        lambda reference: parts_of(reference)[1],
        {
            "sku": "default_code",
            "name": "name",
            "ean": "barcode",
            "description": "description_sale",
            "weight": "weight",
            "active": "sale_ok",
        },
    ),
    "customer": Reading(
        "res.partner",
        _whole,
        {"code": "ref", "name": "name", "vat_number": "vat", "email": "email", "phone": "phone"},
    ),
    "order": Reading(
        "sale.order",
        lambda reference: reference.partition("/")[0],
        {"number": "client_order_ref", "total_net": "amount_untaxed", "total": "amount_total"},
    ),
    "stock": Reading("stock.quant", _whole, {"sku": "product_id", "quantity": "quantity"}),
}


def read_back(work: Writing, entity: str, keys: Sequence[str]) -> Iterator[Record]:
    """The records that are remembered and still there."""
    if entity == "price":
        yield from _prices(work, keys)
    reading = READINGS.get(entity)
    if reading is None:
        return
    bound = work.bindings.find(entity, keys)
    ids = {key: reading.id_of(reference) for key, reference in bound.items()}
    wanted = sorted({int(each) for each in ids.values() if each})
    found = work.search(reading.model, [["id", "in", wanted]], list(reading.fields.values()))
    by_id = {str(each["id"]): each for each in found}
    codes = _codes(work, found) if entity == "stock" else {}
    for key, id_ in ids.items():
        if each := by_id.get(id_):
            data = {name: _plain(each[field]) for name, field in reading.fields.items()}
            if codes:
                data["sku"] = codes.get(id_in(each["product_id"]))
            yield Record(entity, key, data)


def _prices(work: Writing, keys: Sequence[str]) -> Iterator[Record]:
    """A product's sales price, or the first line of several by quantity."""
    for key, reference in work.bindings.find("price", keys).items():
        template, slash, _ = reference.partition("/")
        model, field = ("product.template", "list_price") if slash else (ITEM, "fixed_price")
        id_ = template if slash else reference.partition(",")[0]
        for each in work.search(model, [["id", "=", int(id_)]], [field]):
            yield Record("price", key, {"price": key_text(each[field])})


def _codes(work: Writing, quants: Sequence[Mapping[str, Any]]) -> dict[int, Json]:
    ids = sorted({id_in(each["product_id"]) for each in quants})
    found = work.search("product.product", [["id", "in", ids]], ["default_code"])
    return {each["id"]: each["default_code"] for each in found}


def _plain(value: Json) -> Json:
    """False stands for nothing in a text, and for itself in a boolean: only `active` is one."""
    if value is True or isinstance(value, str):
        return value
    if value is False:
        return None
    return key_text(value)
