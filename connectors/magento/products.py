"""Products: the SKU is the key, so one call makes or changes; what is there is looked up first.

The look-up, one for fifty articles, costs little beside a product, which takes Magento up to a
second. It tells what a new product needs besides, and which pictures are there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import Data, category_codes, data_of, text
from connectors._halving import portions
from connectors._verdicts import accepted, refused, waiting
from connectors.magento.calls import SKUS, Calls, Item, folded, segment
from connectors.magento.choices import Choice
from connectors.magento.fields import DISABLED, new_product, product_fields
from connectors.magento.options import MagentoTargetOptions
from connectors.magento.pictures import Pictures
from connectors.magento.queue import Landed, Queue
from connectors.magento.variants import Variants

NEEDED = "id,type_id,media_gallery_entries"


@dataclass(slots=True)
class Work:
    """A message on its way to become a product."""

    message: Message
    data: Data
    fields: dict[str, Any] = field(default_factory=dict)
    pictures: list[str] | None = None

    @property
    def sku(self) -> str:
        """The article's code."""
        return text(self.data, "sku")

    @property
    def parent(self) -> str:
        """The code of the product of which this one is a variant."""
        return text(self.data, "parent")


class Products:
    """Delivers products and, behind them, their variants; one object serves all threads."""

    def __init__(self, options: MagentoTargetOptions, pictures: Pictures) -> None:
        self._options, self._pictures = options, pictures
        self._queue = Queue(options.bulk_look)
        self._variants = Variants(options)

    def deliver(self, calls: Calls, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Products first, so that their variants find them."""
        landed = self._queue.landed(messages, calls)
        yield from landed.receipts
        told = {receipt.message_id for receipt in landed.receipts}
        left = [message for message in messages if message.id not in told]
        yield from self._delete([m for m in left if m.op is Op.DELETE], calls)
        works = [Work(m, data_of(m)) for m in left if m.op is Op.UPSERT]
        ready: list[Work] = []
        yield from self._prepare(works, ready, calls)
        if not ready:
            return
        skus = [sku for work in ready for sku in (work.sku, work.parent) if sku]
        there = calls.products(skus, NEEDED)
        plain = [work for work in ready if not work.parent]
        yield from self._plain(plain, landed, there, calls)
        variants = [work for work in ready if work.parent]
        yield from self._families(variants, there, calls)

    def _prepare(self, works: list[Work], ready: list[Work], calls: Calls) -> Iterator[Receipt]:
        codes = [code for work in works for code in category_codes(work.data)]
        categories = calls.bindings.find("category", list(dict.fromkeys(codes))) if codes else {}
        for work in works:
            wanted = category_codes(work.data)
            missing = next((code for code in wanted if code not in categories), None)
            if missing is not None:
                yield waiting(work.message, "category", missing)
                continue
            try:
                work.fields = product_fields(work.data, self._options)
                work.pictures = self._pictures.wanted(work.data)
            except Rejected as refusal:
                yield refused(work.message, refusal)
                continue
            if "category" in work.data or "categories" in work.data:
                links = [
                    {"category_id": categories[code], "position": place}
                    for place, code in enumerate(wanted)
                ]
                work.fields["extension_attributes"] = {"category_links": links}
            ready.append(work)

    def _plain(
        self, works: list[Work], landed: Landed, there: dict[str, Item], calls: Calls
    ) -> Iterator[Receipt]:
        tried = landed.done | landed.failed
        new = [work for work in works if work.message.id not in tried]
        if self._options.bulk_from and len(new) >= self._options.bulk_from:
            bodies = [(work.message, self._body(work, there)) for work in new]
            yield from self._queue.send("products", bodies, calls)
            works = [work for work in works if work.message.id in tried]
        for work in works:
            try:
                if work.message.id not in landed.done or folded(work.sku) not in there:
                    self._save(work, there, calls)
            except Rejected as refusal:
                yield refused(work.message, refusal)
            else:
                yield self._finished(work, there, calls)

    def _families(
        self, works: list[Work], there: dict[str, Item], calls: Calls
    ) -> Iterator[Receipt]:
        """Variants are products of their own, which their parents name as theirs."""
        families: dict[str, list[Work]] = defaultdict(list)
        for work in works:
            families[folded(work.parent)].append(work)
        for parent, family in families.items():
            if parent in there:
                yield from self._family(there[parent], family, there, calls)
            else:
                for work in family:
                    yield waiting(work.message, "product", work.parent)

    def _family(
        self, parent: Item, works: list[Work], there: dict[str, Item], calls: Calls
    ) -> Iterator[Receipt]:
        saved: list[tuple[Work, list[Choice]]] = []
        for work in works:
            try:
                choices = self._variants.prepare(work.data, work.fields, calls)
                self._save(work, there, calls)
            except Rejected as refusal:
                yield refused(work.message, refusal)
                continue
            saved.append((work, choices))
        children = [(int(there[folded(work.sku)]["id"]), choices) for work, choices in saved]
        problem = None
        try:
            if children:
                self._variants.link(parent, children, calls)
        except Rejected as refusal:
            problem = refusal
        for work, _ in saved:
            yield self._finished(work, there, calls, problem)

    def _finished(
        self, work: Work, there: dict[str, Item], calls: Calls, problem: Rejected | None = None
    ) -> Receipt:
        """What is left to do for a product that is there: its pictures."""
        item = there[folded(work.sku)]
        try:
            if problem is not None:
                raise problem
            if work.pictures is not None:
                self._pictures.renew(item, work.pictures, calls)
        except Rejected as refusal:
            return refused(work.message, refusal)
        return accepted(work.message, item["id"])

    def _save(self, work: Work, there: dict[str, Item], calls: Calls) -> None:
        """Make or change it. Raises `Rejected` where the shop does not take it."""
        saved = calls.post("products", self._body(work, there)).require()
        there[folded(work.sku)] = saved

    def _body(self, work: Work, there: dict[str, Item]) -> Item:
        known = folded(work.sku) in there
        return {"product": work.fields if known else new_product(work.fields, self._options)}

    def _delete(self, messages: list[Message], calls: Calls) -> Iterator[Receipt]:
        ids = (
            calls.bindings.find("product", [message.key for message in messages])
            if messages
            else {}
        )
        skus = {
            str(item["id"]): str(item["sku"])
            for some in portions(sorted(set(ids.values())), SKUS)
            for item in calls.search(
                "products", ("entity_id", "in", ",".join(some)), fields="id,sku"
            )
        }
        for message in messages:
            sku = skus.get(ids.get(message.key, ""))
            if sku is None:
                yield accepted(message)  # it never came to the shop, or somebody deleted it
                continue
            if self._options.deleted == "delete":
                reply = calls.delete(f"products/{segment(sku)}")
            else:
                reply = calls.post("products", {"product": {"sku": sku, "status": DISABLED}})
            if reply.refused and reply.status != 404:
                yield refused(message, reply.refusal())
            else:
                yield accepted(message, ids[message.key])
