"""Combinations: the variants of a product, told apart by the values of its options."""

from __future__ import annotations

from typing import Any

from agent.errors import Rejected
from connectors._canonical import Data, text
from connectors._verdicts import Waits
from connectors.prestashop.writing import Writing, several


def put(work: Writing, data: Data, bound: str) -> str:
    """Make the combination or bring it up to date; `product/combination`."""
    options = data.get("options") or []
    if not options:
        raise Rejected("SA-5424", "a variant without options cannot be told from its sisters")
    product = parent_of(work, text(data, "parent"))
    with work.service.known.making.holding([f"combinations of {product}", "options"]):
        values = [_value(work, text(each, "name"), text(each, "value")) for each in options]
        current = _there(work, product, text(data, "sku"), bound.partition("/")[2], set(values))
        wanted: dict[str, Any] = {
            "reference": text(data, "sku"),
            "associations": {"product_option_values": [{"id": each} for each in values]},
        }
        if "ean" in data:
            wanted["ean13"] = text(data, "ean")
        if current is None:
            new = {"id_product": product, "minimal_quantity": "1", **wanted}
            made = work.service.create("combinations", new)
            _of_combinations(work, product)
            return f"{product}/{made['id']}"
    if work.options.overwrite:
        work.change("combinations", current, wanted)
    return f"{product}/{current['id']}"


def parent_of(work: Writing, code: str) -> str:
    """The product's id. Raises `Waits` where it is not there yet."""
    bound = work.bindings.find("product", [code]).get(code, "").partition("/")[0]
    if bound and work.service.get("products", bound) is not None:
        return bound
    found = work.service.find_among("products", "reference", [code], "[id,reference]")
    if len(found) > 1:
        raise several(f"the reference {code!r}", found)
    if not found:
        raise Waits("product", code)
    return str(found[0]["id"])


def _there(
    work: Writing, product: str, sku: str, bound: str, values: set[str]
) -> dict[str, Any] | None:
    """The combination that we made, else that of the reference, else that of the values."""
    sisters = work.service.find("combinations", id_product=product)
    for each in sisters:
        if each["id"] == bound:
            return each
    named = [each for each in sisters if each["reference"] == sku]
    if len(named) > 1:
        raise several(f"the reference {sku!r}", named)
    if named:
        return named[0]
    for each in sisters:
        chosen = each.get("associations", {}).get("product_option_values", [])
        if {one["id"] for one in chosen} == values:
            if each["reference"]:
                other = each["reference"]
                raise Rejected("SA-5425", f"the same options belong to the variant {other!r}")
            return each
    return None


def _value(work: Writing, name: str, value: str) -> str:
    """The id of a choice; option and value are made where the shop has none."""
    option = _named(work, "product_options", name)
    if option is None:
        both = work.everywhere(name)
        new = {"group_type": "select", "name": both, "public_name": both}
        option = work.service.create("product_options", new)["id"]
    found = _named(work, "product_option_values", value, id_attribute_group=option)
    if found is None:
        entity = {"id_attribute_group": option, "name": work.everywhere(value)}
        found = work.service.create("product_option_values", entity)["id"]
    return found


def _named(work: Writing, resource: str, name: str, **more: str) -> str | None:
    found = work.service.find(resource, name=name, **more)
    return str(found[0]["id"]) if found else None


def _of_combinations(work: Writing, product: str) -> None:
    """Newer versions ask what kind of product it is, and hide combinations of a simple one."""
    if "product_type" not in work.service.blank("products"):
        return
    current = work.service.get("products", product)
    if current is not None:
        work.change("products", current, {"product_type": "combinations"})
