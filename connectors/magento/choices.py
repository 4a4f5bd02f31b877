"""What variants differ in: attributes of the shop, and the ids of their values."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import NamedTuple

from agent.errors import Rejected
from connectors._canonical import Data
from connectors.magento.calls import Calls, segment
from connectors.magento.fields import address

DROP_DOWN = "select"


class Choice(NamedTuple):
    """One choice: an attribute, and the id of the value."""

    code: str
    attribute: int
    label: str
    value: str


class Choices:
    """The attributes by which variants are chosen. Values are added, attributes are not."""

    def __init__(self, codes: dict[str, str]) -> None:
        self._codes = {name.casefold(): code for name, code in codes.items()}
        self._adding = threading.Lock()

    def of(self, data: Data, calls: Calls) -> list[Choice]:
        """What a variant is. Raises `Rejected` where the shop cannot say it."""
        return [self._choice(name, value, calls) for name, value in wanted(data)]

    def _choice(self, name: str, value: str, calls: Calls) -> Choice:
        code = self._codes.get(name.casefold()) or address(name).replace("-", "_")
        path = f"products/attributes/{segment(code)}"
        reply = calls.get_once(path)
        known = reply.status != 404
        found = reply.require() if known else {}
        if found.get("scope") != "global" or found.get("frontend_input") != DROP_DOWN:
            lacks = "cannot choose by" if known else "does not have"
            raise Rejected(
                "SA-5463",
                f"the shop {lacks} the attribute {code} for the option {name}",
                hint="make a drop-down of global scope there and put it into the attribute set, "
                "or name another one under options",
            )
        number = _values(found).get(value.casefold()) or self._added(path, value, calls)
        return Choice(code, int(found["attribute_id"]), name, number)

    def _added(self, path: str, value: str, calls: Calls) -> str:
        """The id of a new value: Magento takes the same one twice, and what it answers varies."""
        with self._adding:
            for attempt in (1, 2):
                calls.kept.pop(path, None)
                found = _values(calls.get_once(path).require()).get(value.casefold())
                if found:
                    return found
                if attempt == 1:
                    option = {"label": value, "sort_order": 0, "is_default": False}
                    calls.post(f"{path}/options", {"option": option}).require()
        raise Rejected("SA-5463", f"the shop takes the value {value!r}, and does not show it")


def wanted(data: Data) -> Iterator[tuple[str, str]]:
    """Name and value of each option of a variant."""
    for each in data.get("options") or ():
        yield str(each["name"]).strip(), str(each["value"]).strip()


def _values(attribute: Data) -> dict[str, str]:
    return {
        str(each["label"]).strip().casefold(): str(each["value"])
        for each in attribute.get("options") or ()
        if each.get("value")
    }
