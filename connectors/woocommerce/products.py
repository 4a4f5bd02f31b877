"""Products and their variations.

A product that is not bound is simply created. Where its SKU is there already, WooCommerce refuses
it and names the product that has it, which is then updated: so a first load needs no look-up, and
sending twice has no second effect.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import Data, category_codes, data_of, pictures, text
from connectors._platform.families import below, parents_of
from connectors._platform.places import Place, bound
from connectors._verdicts import accepted, refused, waiting
from connectors.woocommerce.calls import Calls, Outcome
from connectors.woocommerce.fields import (
    IMAGES,
    images_wanted,
    meta_value,
    product_fields,
    variation_fields,
)
from connectors.woocommerce.options import WooCommerceTargetOptions
from connectors.woocommerce.parents import extend
from connectors.woocommerce.places import by_sku, find, list_of

ROUNDS = 3
"""Created, updated where it was there already, created where its binding was stale."""
UNDER_WAY = "woocommerce_rest_product_not_created"
TAKEN = {"product_invalid_sku", UNDER_WAY}
GONE = {
    "woocommerce_rest_product_invalid_id",
    "woocommerce_rest_product_variation_invalid_id",
    "woocommerce_rest_invalid_product_id",
    "woocommerce_rest_invalid_product_variation_id",
}


@dataclass(slots=True)
class Work:
    """A message on its way to become a product or variation."""

    message: Message
    data: Data
    place: Place | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    sought: bool = False
    """Its place is not what it was at first: created anew, or taken over from what was there."""
    done: bool = False

    @property
    def sku(self) -> str:
        """The article's code."""
        return text(self.data, "sku")


class Products:
    """Delivers products; one object serves all threads of a target."""

    def __init__(self, options: WooCommerceTargetOptions) -> None:
        self._options = options
        self._extending = threading.Lock()

    def deliver(self, calls: Calls, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Products first, so that their variations find them."""
        places = bound(calls.bindings, [message.key for message in messages])
        deletes = [message for message in messages if message.op is Op.DELETE]
        works = [
            Work(message, data_of(message), places.get(message.key))
            for message in messages
            if message.op is Op.UPSERT
        ]
        yield from self._delete(deletes, places, calls)
        simple = [work for work in works if not text(work.data, "parent")]
        yield from self._simple(simple, calls)
        made = {work.sku: work.place for work in simple if work.done and work.place}
        yield from self._variations(
            [work for work in works if text(work.data, "parent")], made, calls
        )

    # Products

    def _simple(self, works: list[Work], calls: Calls) -> Iterator[Receipt]:
        codes = [code for work in works for code in category_codes(work.data)]
        categories = bound(calls.bindings, codes, "category") if codes else {}
        ready = []
        for work in works:
            wanted = category_codes(work.data)
            missing = next((code for code in wanted if code not in categories), None)
            if missing is not None:
                yield waiting(work.message, "category", missing)
                continue
            if work.place is not None and work.place.variant:
                work.place = None  # it was a variation when it was bound
            try:
                work.fields = product_fields(work.data, self._options, work.message.key)
                if "category" in work.data or "categories" in work.data:
                    work.fields["categories"] = [{"id": categories[code].id} for code in wanted]
                self._add_pictures(work)
            except Rejected as refusal:
                yield refused(work.message, refusal)
                continue
            ready.append(work)
        yield from self._settle("products", ready, calls)

    def _settle(self, path: str, works: list[Work], calls: Calls) -> Iterator[Receipt]:
        """Create or update until each work has its verdict."""
        for _ in range(ROUNDS):
            if not works:
                return
            creates = [work for work in works if work.place is None]
            updates = [work for work in works if work.place is not None]
            current = self._current(path, updates, calls)
            outcomes = calls.batch(
                path,
                create=[_item(path, work, {}) for work in creates],
                update=[_item(path, work, current) for work in updates],
            )
            again: list[Work] = []
            created = zip(creates, outcomes.created, strict=True)
            yield from self._created(path, list(created), again, calls)
            for work, outcome in zip(updates, outcomes.updated, strict=True):
                if not outcome.code:
                    yield _done(work, work.place)
                elif outcome.code not in GONE:
                    yield refused(work.message, outcome.refusal())
                elif work.sought:
                    yield refused(work.message, _elsewhere(work))
                else:
                    work.place, work.sought = None, True
                    again.append(work)
            works = again
        for work in works:
            yield refused(work.message, _elsewhere(work))

    def _created(
        self, path: str, tried: list[tuple[Work, Outcome]], again: list[Work], calls: Calls
    ) -> Iterator[Receipt]:
        """What came of creating; what is there already is to be updated instead."""
        unclear = []
        for work, outcome in tried:
            if not outcome.code:
                yield _done(work, _placed(path, outcome.id))
            elif outcome.code not in TAKEN:
                yield refused(work.message, outcome.refusal())
            elif outcome.resource:
                work.place, work.sought = _placed(path, outcome.resource), True
                again.append(work)
            else:
                unclear.append((work, outcome))
        yield from self._asked(path, unclear, again, calls)

    def _asked(
        self, path: str, unclear: list[tuple[Work, Outcome]], again: list[Work], calls: Calls
    ) -> Iterator[Receipt]:
        """SKUs that WooCommerce refuses without saying who has them."""
        there = by_sku(calls, (work.sku for work, _ in unclear)) if unclear else {}
        for work, outcome in unclear:
            place = there.get(work.sku)
            if place is None:
                # An earlier request that was cut off may still be at work on it in the shop.
                refusal = outcome.refusal()
                yield Receipt(
                    work.message.id,
                    accepted=False,
                    code=refusal.code,
                    reason=refusal.reason,
                    waits=outcome.code == UNDER_WAY,
                )
            elif list_of(place) != path:
                yield refused(work.message, _elsewhere(work))
            else:
                work.place, work.sought = place, True
                again.append(work)

    def _current(self, path: str, works: Iterable[Work], calls: Calls) -> dict[int, dict[str, Any]]:
        """The pictures that products have now, of those whose record names some."""
        ids = [work.place.id for work in works if work.place and "pictures" in work.fields]
        picture = "images" if path == "products" else "image"
        return calls.by_ids(path, ids, f"id,{picture},meta_data") if ids else {}

    def _add_pictures(self, work: Work, most: int | None = None) -> None:
        if "images" in work.data:
            work.fields["pictures"] = pictures(work.data, self._options.images_from)[:most]

    # Variations

    def _variations(
        self, works: list[Work], made: Mapping[str, Place], calls: Calls
    ) -> Iterator[Receipt]:
        if not works:
            return
        parents = parents_of((work.data for work in works), made, partial(find, calls))
        of_parent: dict[int, list[Work]] = defaultdict(list)
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
            of_parent[parent.product].append(work)
        if not of_parent:
            return
        with self._extending:  # an option that another thread adds at the same time must stay
            found = extend(
                calls, {number: [work.data for work in each] for number, each in of_parent.items()}
            )
        for number, each in of_parent.items():
            names = found.names.get(number)
            if names is None:
                for work in each:
                    yield refused(work.message, found.refusals[number])
                continue
            for work in each:
                work.fields["attributes"] = names.chosen(work.data)
            yield from self._settle(f"products/{number}/variations", each, calls)

    def _prepare(self, work: Work, parent: Place) -> None:
        work.place = below(parent, work.data, work.place)
        work.fields = variation_fields(work.data, self._options, work.message.key)
        self._add_pictures(work, most=1)

    # Deletes

    def _delete(
        self, messages: list[Message], places: Mapping[str, Place], calls: Calls
    ) -> Iterator[Receipt]:
        by_path: dict[str, list[Message]] = defaultdict(list)
        for message in messages:
            place = places.get(message.key)
            if place is None:
                yield accepted(message)  # it never came to the shop, or nobody knows under what id
            else:
                by_path[list_of(place)].append(message)
        for path, each in by_path.items():
            ids = [places[message.key].id for message in each]
            if self._options.deleted == "delete":
                outcomes = calls.batch(path, delete=ids).deleted
            else:
                status = "draft" if path == "products" else "private"
                hidden = [{"id": number, "status": status} for number in ids]
                outcomes = calls.batch(path, update=hidden).updated
            for message, outcome in zip(each, outcomes, strict=True):
                if not outcome.code or outcome.code in GONE:
                    yield accepted(message, places[message.key])
                else:
                    yield refused(message, outcome.refusal())


def _item(path: str, work: Work, current: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    """What is sent for a work, its pictures as far as they changed."""
    fields = dict(work.fields)
    place = work.place
    if place is not None:
        fields["id"] = place.id
    wanted = fields.pop("pictures", None)
    if wanted is None:
        return fields
    now = current.get(place.id, {}) if place is not None else {}
    known = now.get("images") or [each for each in [now.get("image")] if each]
    send = images_wanted(wanted, known, meta_value(now, IMAGES))
    if path == "products" and send is not None:
        fields["images"] = send
    elif send:  # a variation's picture can be replaced, not taken away
        fields["image"] = send[0]
    else:
        return fields
    return fields | {"meta_data": [*fields["meta_data"], {"key": IMAGES, "value": wanted}]}


def _placed(path: str, number: int) -> Place:
    if path == "products":
        return Place(number)
    return Place(int(path.split("/")[1]), number)


def _done(work: Work, place: Place | None) -> Receipt:
    work.place, work.done = place, True
    return accepted(work.message, place)


def _elsewhere(work: Work) -> Rejected:
    return Rejected(
        "SA-5403",
        f"the SKU {work.sku} belongs to another product or variation of the shop",
        hint="look for it in the shop, its trash included",
    )
