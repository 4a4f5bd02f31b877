"""What can be chosen at a product: its options and their values, by the ids of the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from connectors._canonical import Data
from connectors.bigcommerce.calls import Calls, Reply


class Option(NamedTuple):
    """An option: its id, and the id of each of its values."""

    id: int
    values: dict[str, int]


@dataclass(frozen=True, slots=True)
class Choices:
    """Options by name, in any case."""

    options: dict[str, Option]

    def chosen(self, data: Data) -> list[dict[str, int]]:
        """The choice that a variant is."""
        found = []
        for name, value in wanted(data):
            option = self.options[name.casefold()]
            found.append({"option_id": option.id, "id": option.values[value.casefold()]})
        return found


def wanted(data: Data) -> Iterator[tuple[str, str]]:
    """Name and value of each option of a variant."""
    for each in data.get("options") or ():
        yield str(each["name"]), str(each["value"])


def choices_of(product: int, variants: Sequence[Data], calls: Calls) -> Choices | Reply:
    """The options of a product, with what its variants bring added; or why that is refused.

    A product that gets options counts its stock by variant from then on.
    """
    path = f"/v3/catalog/products/{product}/options"
    found = Choices(
        {str(each["display_name"]).casefold(): _read(each) for each in calls.pages(path)}
    )
    if not found.options:
        reply = calls.put(f"/v3/catalog/products/{product}", {"inventory_tracking": "variant"})
        if reply.refused:
            return reply
    missing: dict[str, tuple[str, dict[str, str]]] = {}
    for name, value in (each for data in variants for each in wanted(data)):
        option = found.options.get(name.casefold())
        if option is None or value.casefold() not in option.values:
            _, values = missing.setdefault(name.casefold(), (name, {}))
            values.setdefault(value.casefold(), value)
    for key, (name, values) in missing.items():
        option = found.options.get(key)
        refused = (
            _make(path, name, [*values.values()], found, calls)
            if option is None
            else _extend(path, option, [*values.values()], calls)
        )
        if refused is not None:
            return refused
    return found


def _make(path: str, name: str, values: list[str], found: Choices, calls: Calls) -> Reply | None:
    body: dict[str, Any] = {
        "display_name": name,
        "type": "dropdown",
        "option_values": [{"label": each, "sort_order": n} for n, each in enumerate(values)],
    }
    reply = calls.post(path, body)
    if reply.refused:
        return reply
    found.options[name.casefold()] = _read(reply.data)
    return None


def _extend(path: str, option: Option, values: list[str], calls: Calls) -> Reply | None:
    for value in values:
        body = {"label": value, "sort_order": len(option.values)}
        reply = calls.post(f"{path}/{option.id}/values", body)
        if reply.refused:
            return reply
        option.values[value.casefold()] = int(reply.data["id"])
    return None


def _read(option: dict[str, Any]) -> Option:
    values = {str(each["label"]).casefold(): int(each["id"]) for each in option["option_values"]}
    return Option(int(option["id"]), values)
