"""Variants: fifty at a time, behind the options of their products.

A product first needs its options and their values, whose ids a new variant names. A variant that
is refused may be there already, after a lost answer: only then the store is asked what it has.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from agent.errors import Rejected
from agent.model import Message, Receipt
from connectors._canonical import Data, pictures, text
from connectors._halving import halved, portions
from connectors._platform.families import below, parents_of
from connectors._platform.places import Place
from connectors._verdicts import accepted, refused, waiting
from connectors.bigcommerce.calls import Calls, Reply
from connectors.bigcommerce.choices import Choices, choices_of
from connectors.bigcommerce.fields import variant_fields
from connectors.bigcommerce.options import BigCommerceTargetOptions
from connectors.bigcommerce.places import find

AT_ONCE = 50


@dataclass(slots=True)
class Variant:
    """A message on its way to become a variant."""

    message: Message
    data: Data
    place: Place | None
    product: int = 0
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def sku(self) -> str:
        """The article's code."""
        return text(self.data, "sku")

    def item(self) -> dict[str, Any]:
        """What is sent: an id, or where a new one belongs."""
        if self.place is not None:
            kept = {name: each for name, each in self.fields.items() if name != "option_values"}
            return {"id": self.place.variant, **kept}
        return {"product_id": self.product, **self.fields}


class Variants:
    """Delivers variants; one object serves all threads of a target."""

    def __init__(self, options: BigCommerceTargetOptions) -> None:
        self._options = options
        self._extending = threading.Lock()

    def deliver(
        self,
        messages: Sequence[tuple[Message, Data, Place | None]],
        made: Mapping[str, Place],
        calls: Calls,
    ) -> Iterator[Receipt]:
        """`made` are products of the same delivery, by SKU."""
        if not messages:
            return
        works = [Variant(message, data, place) for message, data, place in messages]
        parents = parents_of((work.data for work in works), made, partial(find, calls))
        of_product: dict[int, list[Variant]] = defaultdict(list)
        for work in works:
            code = text(work.data, "parent")
            parent = parents.get(code)
            if parent is None:
                yield waiting(work.message, "product", code)
                continue
            try:
                self._prepare(work, parent)
            except Rejected as refusal:
                yield refused(work.message, refusal)
                continue
            of_product[parent.product].append(work)
        ready: list[Variant] = []
        for number, each in of_product.items():
            yield from self._chosen(number, each, ready, calls)
        yield from self._settle(ready, calls)

    def _prepare(self, work: Variant, parent: Place) -> None:
        work.place = below(parent, work.data, work.place)
        work.product = parent.product
        work.fields = variant_fields(work.data)
        if work.place is None and (found := pictures(work.data, self._options.images_from)):
            work.fields["image_url"] = found[0]

    def _chosen(
        self, product: int, works: list[Variant], ready: list[Variant], calls: Calls
    ) -> Iterator[Receipt]:
        """The options of one product made to hold what its new variants bring."""
        new = [work for work in works if work.place is None]
        choices: Choices | Reply = Choices({})
        if new:
            with self._extending:  # what another thread adds at the same time must stay
                choices = choices_of(product, [work.data for work in new], calls)
        if isinstance(choices, Reply):
            for work in new:
                yield refused(work.message, choices.refusal())
        else:
            for work in new:
                work.fields["option_values"] = choices.chosen(work.data)
            ready += new
        ready += [work for work in works if work.place is not None]

    def _settle(self, works: list[Variant], calls: Calls) -> Iterator[Receipt]:
        failed: list[Variant] = []
        for piece in portions(works, AT_ONCE):
            reply = _put(piece, calls)
            if reply.refused:
                failed += piece
            else:
                yield from _told(piece, reply)
        if not failed:
            return
        of_product: dict[int, list[Variant]] = defaultdict(list)
        for work in failed:
            of_product[work.product].append(work)
        there = _there(sorted(of_product), calls)
        again: list[Variant] = []
        for number, each in of_product.items():
            for work in each:
                work.place = there.get((number, work.sku))
            yield from self._chosen(number, each, again, calls)
        for piece, reply in halved(again, AT_ONCE, lambda some: _put(some, calls)):
            if reply.refused:
                yield from (refused(work.message, reply.refusal()) for work in piece)
            else:
                yield from _told(piece, reply)


def _put(works: Sequence[Variant], calls: Calls) -> Reply:
    with calls.one_at_a_time():
        return calls.put("/v3/catalog/variants", [work.item() for work in works])


def _there(products: Sequence[int], calls: Calls) -> dict[tuple[int, str], Place]:
    """Product and SKU → the variants that these products have."""
    found = {}
    for portion in portions(products, AT_ONCE):
        listed = ",".join(map(str, portion))
        for each in calls.pages("/v3/catalog/variants", **{"product_id:in": listed}):
            place = Place(int(each["product_id"]), int(each["id"]))
            found[place.product, str(each["sku"])] = place
    return found


def _told(works: Sequence[Variant], reply: Reply) -> Iterator[Receipt]:
    ids = {(int(each["product_id"]), str(each["sku"])): int(each["id"]) for each in reply.data}
    for work in works:
        number = ids.get((work.product, work.sku)) or (work.place.variant if work.place else 0)
        if number:
            yield accepted(work.message, Place(work.product, number))
