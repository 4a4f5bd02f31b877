"""Variants: products that are not seen by themselves, and the configurable product that has them.

Options and variants of a parent go in one call: Magento takes no variant whose values the options
do not list, and forgets what such a call does not name.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from agent.errors import Rejected
from connectors._canonical import Data, text
from connectors.magento.calls import Calls, Item, segment
from connectors.magento.choices import Choice, Choices
from connectors.magento.fields import NOT_BY_ITSELF
from connectors.magento.options import MagentoTargetOptions

CONFIGURABLE = "configurable"


class Variants:
    """Variants of one target; one object serves all its threads."""

    def __init__(self, options: MagentoTargetOptions) -> None:
        self._choices = Choices(options.options)
        self._linking = threading.Lock()

    def prepare(self, data: Data, fields: dict[str, Any], calls: Calls) -> list[Choice]:
        """Make the fields of a product those of a variant; what it is."""
        if not data.get("options"):
            raise Rejected(
                "SA-5412",
                f"a variant of {text(data, 'parent')} that says nothing in which it differs",
                hint="map options: a name and a value each",
            )
        choices = self._choices.of(data, calls)
        fields["visibility"] = NOT_BY_ITSELF
        chosen = [{"attribute_code": each.code, "value": each.value} for each in choices]
        fields["custom_attributes"] = [*fields.get("custom_attributes", ()), *chosen]
        return choices

    def link(
        self, parent: Item, children: Sequence[tuple[int, list[Choice]]], calls: Calls
    ) -> None:
        """Have the parent name these as its variants. Raises `Rejected`."""
        with self._linking:  # what another thread adds at the same time must stay
            found = calls.get(f"products/{segment(parent['sku'])}").require()
            above = found.get("extension_attributes") or {}
            links = [int(each) for each in above.get("configurable_product_links") or ()]
            new = [number for number, _ in children if number not in links]
            options = list(above.get("configurable_product_options") or ())
            listed = _listed(options, [each for _, choices in children for each in choices])
            if found.get("type_id") == CONFIGURABLE and not new and listed == options:
                return
            body = {
                "sku": found["sku"],
                "type_id": CONFIGURABLE,
                "extension_attributes": {
                    "configurable_product_options": listed,
                    "configurable_product_links": links + new,
                },
            }
            calls.post("products", {"product": body}).require()


def _listed(options: list[Item], choices: list[Choice]) -> list[Item]:
    """The options of a parent with the values that its variants bring."""
    found = [{**option, "values": list(option.get("values") or ())} for option in options]
    by_attribute = {int(option["attribute_id"]): option for option in found}
    for choice in choices:
        option = by_attribute.get(choice.attribute)
        if option is None:
            option = {
                "attribute_id": str(choice.attribute),
                "label": choice.label,
                "position": len(found),
                "values": [],
            }
            by_attribute[choice.attribute] = option
            found.append(option)
        values: list[Item] = option["values"]
        if not any(int(each["value_index"]) == int(choice.value) for each in values):
            values.append({"value_index": int(choice.value)})
    return found
