"""Which product a code means: a variant, or a product above several variants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from agent.errors import Rejected
from connectors._verdicts import Waits
from connectors.odoo.writing import Writing, id_in, only_active, parts_of, several


class Article(NamedTuple):
    """A product and its variant; 0 for a product whose variants have codes of their own."""

    template: int
    variant: int


class Articles:
    """The products of some codes, looked up at once."""

    def __init__(self, work: Writing, skus: Iterable[str]) -> None:
        wanted = sorted(set(skus))
        fields = ["default_code", "product_tmpl_id", "active"]
        codes = [["default_code", "in", wanted]]
        self._found: dict[str, list[Mapping[str, Any]]] = {}
        for each in work.search("product.product", codes, fields) if wanted else ():
            self._found.setdefault(each["default_code"], []).append(each)
        missing = [sku for sku in wanted if sku not in self._found]
        self._bound = self._remembered(work, missing)

    def _remembered(self, work: Writing, skus: list[str]) -> dict[str, Article]:
        """Products that have no code of their own in Odoo, by the ids that were told before."""
        pairs = {
            sku: parts_of(reference)[:2]
            for sku, reference in (work.bindings.find("product", skus) if skus else {}).items()
        }
        variants = [int(variant) for _, variant in pairs.values() if variant]
        alive = {}
        if variants:
            there = work.search("product.product", [["id", "in", variants]], ["product_tmpl_id"])
            alive = {str(each["id"]): id_in(each["product_tmpl_id"]) for each in there}
        found = {}
        for sku, (template, variant) in pairs.items():
            if variant in alive:
                found[sku] = Article(alive[variant], int(variant))
            elif template:
                found[sku] = Article(int(template), 0)
        return found

    def find(self, sku: str) -> Article:
        """Raises `Waits` where there is none yet, `Rejected` for several."""
        found = only_active(self._found.get(sku, []))
        if len(found) > 1:
            raise several(f"product with the internal reference {sku!r}", found)
        if found:
            return Article(id_in(found[0]["product_tmpl_id"]), int(found[0]["id"]))
        if sku not in self._bound:
            raise Waits("product", sku)
        return self._bound[sku]

    def variant(self, sku: str) -> int:
        """The id of what is sold and kept in stock under this code."""
        variant = self.find(sku).variant
        if not variant:
            raise Rejected("SA-5386", f"{sku!r} has variants: one of them is meant")
        return variant
