"""How records become entities of the shop: texts in its languages, changes by PATCH or PUT."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from agent.contract import Bindings
from agent.errors import Rejected
from connectors._platform.pictures import PictureServer
from connectors._verdicts import Waits
from connectors.prestashop.options import PrestaShopTargetOptions
from connectors.prestashop.versions import can_patch

if TYPE_CHECKING:
    from connectors.prestashop.entities import Entity
    from connectors.prestashop.service import Service

NOT_A_WORD = re.compile(r"[^a-z0-9]+")
LONGEST_LINK = 128
TOUCHY = {"associations", "position_in_category"}
"""Fields that stay as they are when a PUT leaves them out, and that some versions refuse."""


@dataclass
class Writing:
    """What one delivery works with."""

    service: Service
    options: PrestaShopTargetOptions
    bindings: Bindings
    pictures: PictureServer | None
    """None where pictures are not written."""

    def everywhere(self, text: str) -> dict[int, str]:
        """A text of something new: in every language, so that none is empty."""
        return dict.fromkeys(self.service.languages, text)

    def translated(self, text: str) -> dict[int, str]:
        """A text in the language that is written, or in all."""
        wanted = self.options.language
        ids = [id_ for id_, code in self.service.languages.items() if wanted in {"", code}]
        if not ids:
            raise Rejected("SA-5424", f"the shop has no active language {wanted!r}")
        return dict.fromkeys(ids, text)

    def change(self, resource: str, current: Entity, wanted: Mapping[str, Any]) -> bool:
        """Bring an entity up to date; False where it is so already."""
        different = {
            name: value for name, value in wanted.items() if not _same(current.get(name), value)
        }
        if not different:
            return False
        id_ = str(current["id"])
        if self._patches():
            self.service.patch(resource, id_, {"id": id_, **different})
        else:
            self.service.replace(resource, id_, self._whole(resource, current, different))
        return True

    def _patches(self) -> bool:
        if self.options.update == "auto":
            return can_patch(self.service.version)
        return self.options.update == "patch"

    def _whole(self, resource: str, current: Entity, different: Mapping[str, Any]) -> Entity:
        """The entity as it is with what differs: PUT empties what is left out.

        Fields that may only be read are left out; the shop would refuse them. Associations that are
        not named stay as they are.
        """
        writable = self.service.blank(resource).keys() - TOUCHY
        whole = {name: value for name, value in current.items() if name in writable}
        for name, value in different.items():
            merged = isinstance(value, Mapping) and name != "associations"
            whole[name] = {**_texts(whole.get(name)), **value} if merged else value
        return whole


def _texts(value: Any) -> dict[int, str]:
    return dict(value) if isinstance(value, Mapping) else {}


def _same(current: Any, wanted: Any) -> bool:
    if isinstance(wanted, Mapping):
        if not isinstance(current, Mapping):
            return False
        return all(_same(current.get(name), value) for name, value in wanted.items())
    if isinstance(wanted, list):
        return _ids(current or ()) == _ids(wanted)
    if current is None:
        return wanted in {None, ""}
    one, other = str(current), "" if wanted is None else str(wanted)
    return one == other or (decimal(one) is not None and decimal(one) == decimal(other))


def _ids(members: Sequence[Mapping[str, Any]]) -> set[str]:
    return {str(each["id"]) for each in members}


def decimal(text: str) -> Decimal | None:
    """Codes with zeros before them are no numbers: 007 is not 7."""
    if not re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def link(name: str) -> str:
    """The name as it may stand in an address."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return NOT_A_WORD.sub("-", plain).strip("-")[:LONGEST_LINK] or "-"


def several(what: str, found: Sequence[Mapping[str, Any]]) -> Rejected:
    """More than one entity fits, and none is the right one for sure."""
    ids = ", ".join(str(each["id"]) for each in found[:10])
    return Rejected("SA-5425", f"the shop has {len(found)} times {what}: ids {ids}")


def parts_of(reference: str) -> tuple[str, str, str]:
    """Product, combination, and the pictures of a product: `12/34`, `12/`, `12//3fa9=7`."""
    product, combination, pictures = (reference + "//").split("/")[:3]
    return product, combination, pictures


class Articles:
    """Products and combinations by reference, looked up at once: `(product, combination)`."""

    def __init__(self, work: Writing, skus: Sequence[str]) -> None:
        service = work.service
        self._products = service.find_among("products", "reference", skus, "[id,reference]")
        known = {each["reference"] for each in self._products}
        rest = [sku for sku in skus if sku not in known]
        display = "[id,id_product,reference]"
        self._combinations = service.find_among("combinations", "reference", rest, display)
        known |= {each["reference"] for each in self._combinations}
        unknown = [sku for sku in rest if sku not in known]
        self._bound = work.bindings.find("product", unknown) if unknown else {}

    def find(self, sku: str) -> tuple[str, str]:
        """Product and combination, "0" for none. Raises `Waits`, or `Rejected` for several."""
        found = [(each["id"], "0") for each in self._products if each["reference"] == sku]
        found += [
            (each["id_product"], each["id"])
            for each in self._combinations
            if each["reference"] == sku
        ]
        if len(found) > 1:
            raise several(f"the reference {sku!r}", [{"id": "/".join(each)} for each in found])
        if found:
            return found[0]
        product, combination, _ = parts_of(self._bound.get(sku, ""))
        if not product:
            raise Waits("product", sku)
        return product, combination or "0"
