"""Products: made one by one, as the API wants it, changed ten at a time.

A product that is not bound is simply made. Where its SKU is there already BigCommerce refuses it,
and only then it is looked up, all of a delivery together: a first load needs no look-up, and
sending twice has no second effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import Data, category_codes, data_of, pictures, text
from connectors._halving import halved
from connectors._platform.places import Place, bound
from connectors._verdicts import accepted, refused, waiting
from connectors.bigcommerce.calls import Calls, Reply
from connectors.bigcommerce.fields import new_product, product_fields
from connectors.bigcommerce.options import BigCommerceTargetOptions
from connectors.bigcommerce.pictures import renew
from connectors.bigcommerce.places import products_by_sku
from connectors.bigcommerce.variants import Variants

PATH = "/v3/catalog/products"
AT_ONCE = 10
ROUNDS = 3


@dataclass(slots=True)
class Work:
    """A message on its way to become a product."""

    message: Message
    data: Data
    place: Place | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    pictures: list[str] | None = None
    done: bool = False
    sought: Reply | None = None
    """Why it could not be made or changed at first."""

    @property
    def sku(self) -> str:
        """The article's code."""
        return text(self.data, "sku")


class Products:
    """Delivers products and, behind them, their variants."""

    def __init__(self, options: BigCommerceTargetOptions) -> None:
        self._options = options
        self._variants = Variants(options)

    def deliver(self, calls: Calls, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Products first, so that their variants find them."""
        places = bound(calls.bindings, [message.key for message in messages])
        upserts = [message for message in messages if message.op is Op.UPSERT]
        works = [Work(message, data_of(message), places.get(message.key)) for message in upserts]
        yield from self._delete([m for m in messages if m.op is Op.DELETE], places, calls)
        products = [work for work in works if not text(work.data, "parent")]
        yield from self._products(products, calls)
        made = {work.sku: work.place for work in products if work.done and work.place}
        yield from self._variants.deliver(
            [(w.message, w.data, w.place) for w in works if text(w.data, "parent")],
            made,
            calls,
        )

    def _products(self, works: list[Work], calls: Calls) -> Iterator[Receipt]:
        codes = [code for work in works for code in category_codes(work.data)]
        categories = bound(calls.bindings, codes, "category") if codes else {}
        ready = []
        for work in works:
            wanted = category_codes(work.data)
            missing = next((code for code in wanted if code not in categories), None)
            if missing is not None:
                yield waiting(work.message, "category", missing)
                continue
            try:
                work.fields = product_fields(work.data)
                if "category" in work.data or "categories" in work.data:
                    work.fields["categories"] = [categories[code].product for code in wanted]
                if "images" in work.data:
                    work.pictures = pictures(work.data, self._options.images_from)
            except Rejected as refusal:
                yield refused(work.message, refusal)
                continue
            if work.place is not None and work.place.variant:
                work.place = None  # it was a variant when it was bound
            ready.append(work)
        yield from self._settle(ready, calls)

    def _settle(self, works: list[Work], calls: Calls) -> Iterator[Receipt]:
        """Make or change until each work has its verdict."""
        for _ in range(ROUNDS):
            again: list[Work] = []
            for work in works:
                if work.place is None:
                    yield from self._made(work, again, calls)
            known = [work for work in works if work.place is not None and not work.done]
            yield from self._changed(known, again, calls)
            yield from self._looked_up(again, calls)
            works = [work for work in again if work.place is not None or work.sought is None]
        for work in works:
            yield refused(work.message, _refusal(work))

    def _made(self, work: Work, again: list[Work], calls: Calls) -> Iterator[Receipt]:
        body = new_product(work.fields)
        if work.pictures:
            body["images"] = [
                {"image_url": address, "sort_order": place, "is_thumbnail": place == 0}
                for place, address in enumerate(work.pictures)
            ]
        with calls.one_at_a_time():
            reply = calls.post(PATH, body)
        if reply.status == 409 and work.sought is None:
            work.sought = reply
            again.append(work)
        elif reply.refused:
            yield refused(work.message, reply.refusal())
        else:
            yield _done(work, Place(int(reply.data["id"])))

    def _changed(self, works: list[Work], again: list[Work], calls: Calls) -> Iterator[Receipt]:
        def send(piece: Sequence[Work]) -> Reply:
            with calls.one_at_a_time():
                return calls.put(PATH, [_update(work) for work in piece])

        for piece, reply in halved(works, AT_ONCE, send):
            for each in piece:
                if reply.status == 404 and each.sought is None:
                    each.place = None
                    again.append(each)
                elif reply.refused:
                    yield refused(each.message, reply.refusal())
                else:
                    yield from self._with_pictures(each, calls)

    def _with_pictures(self, work: Work, calls: Calls) -> Iterator[Receipt]:
        if work.pictures is not None and work.place is not None:
            problem = renew(work.place.product, work.pictures, calls)
            if problem is not None:
                yield refused(work.message, problem.refusal())
                return
        yield _done(work, work.place)

    def _looked_up(self, works: list[Work], calls: Calls) -> Iterator[Receipt]:
        """Those that could not be made because something like them is there."""
        taken = [work for work in works if work.place is None and work.sought is not None]
        there = products_by_sku(calls, (work.sku for work in taken)) if taken else {}
        for work in taken:
            work.place = there.get(work.sku)
            if work.place is None:
                yield refused(work.message, _refusal(work))

    def _delete(
        self, messages: list[Message], places: Mapping[str, Place], calls: Calls
    ) -> Iterator[Receipt]:
        for message in messages:
            place = places.get(message.key)
            if place is None:
                yield accepted(message)  # it never came to the store
                continue
            with calls.one_at_a_time():
                reply = self._gone(place, calls)
            if reply.refused and reply.status != 404:
                yield refused(message, reply.refusal())
            else:
                yield accepted(message, place)

    def _gone(self, place: Place, calls: Calls) -> Reply:
        for_good = self._options.deleted == "delete"
        if place.variant:
            path = f"{PATH}/{place.product}/variants/{place.variant}"
            hidden = {"purchasing_disabled": True}
        else:
            path = f"{PATH}/{place.product}"
            hidden = {"is_visible": False}
        return calls.delete(path) if for_good else calls.put(path, hidden)


def _update(work: Work) -> dict[str, Any]:
    return {"id": work.place.product if work.place else 0, **work.fields}


def _done(work: Work, place: Place | None) -> Receipt:
    work.place, work.done = place, True
    return accepted(work.message, place)


def _refusal(work: Work) -> Rejected:
    if work.sought is None:
        return Rejected("SA-5480", f"the store does not let go of {work.sku}")
    return Rejected(
        "SA-5481",
        f"the store refuses it: {work.sought.words}",
        hint="names and SKUs are unique there: map a name that holds the article's code",
    )
