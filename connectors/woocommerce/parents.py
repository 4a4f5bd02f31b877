"""Products that have variations: what can be chosen stands at the product, before its variations.

A record of a product does not say that others are its variations; the first of them does. The
product then becomes `variable`, and each name and value that a variation brings is added to it.
What the shop's people added themselves stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from agent.errors import Rejected
from connectors._canonical import Data
from connectors.woocommerce.calls import Calls

FIELDS = "id,type,attributes"


@dataclass(frozen=True, slots=True)
class Names:
    """What can be chosen at one product, as the shop names it."""

    attributes: Sequence[Mapping[str, Any]]

    def chosen(self, data: Data) -> list[dict[str, Any]]:
        """The choice that a variation is."""
        return [self._one(name, value) for name, value in choices(data)]

    def _one(self, name: str, value: str) -> dict[str, Any]:
        known = next(each for each in self.attributes if _same(each["name"], name))
        if known.get("id"):
            return {"id": known["id"], "option": value}
        return {"name": known["name"], "option": value}


class Extended(NamedTuple):
    """Per product what can be chosen there now, or why it could not be extended."""

    names: dict[int, Names]
    refusals: dict[int, Rejected]


def extend(calls: Calls, variations: Mapping[int, Sequence[Data]]) -> Extended:
    """Have each product offer what its variations bring: one question, and one call if need be."""
    found = calls.by_ids("products", variations, FIELDS)
    refusals = {
        number: Rejected("SA-5403", f"its product {number} is not in the shop any more")
        for number in variations
        if number not in found
    }
    names: dict[int, Names] = {}
    updates: list[dict[str, Any]] = []
    for number, product in found.items():
        attributes, changed = _offered(product.get("attributes") or (), variations[number])
        names[number] = Names(attributes)
        if changed or product.get("type") != "variable":
            updates.append({"id": number, "type": "variable", "attributes": attributes})
    for update, outcome in zip(
        updates, calls.batch("products", update=updates).updated, strict=True
    ):
        if outcome.code:
            refusals[update["id"]] = outcome.refusal()
            del names[update["id"]]
    return Extended(names, refusals)


def choices(data: Data) -> list[tuple[str, str]]:
    """Name and value of each option of a variation."""
    return [(str(each["name"]), str(each["value"])) for each in data.get("options") or ()]


def _offered(
    known: Sequence[Mapping[str, Any]], variations: Sequence[Data]
) -> tuple[list[dict[str, Any]], bool]:
    attributes = [dict(each) for each in known]
    changed = False
    for name, value in (choice for data in variations for choice in choices(data)):
        attribute = next((each for each in attributes if _same(each["name"], name)), None)
        if attribute is None:
            attribute = {"name": name, "position": len(attributes), "visible": True, "options": []}
            attributes.append(attribute)
        if not attribute.get("variation") or value not in attribute["options"]:
            options = list(attribute.get("options") or ())
            attribute["options"] = options if value in options else [*options, value]
            attribute["variation"] = True
            changed = True
    return attributes, changed


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
