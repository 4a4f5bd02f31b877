"""Products: new ones with their variants, and changes that leave alone what others added.

A new product is one `productSet` that names no existing one: its lists replace nothing, and our
unique key makes Shopify refuse a second one. A product that is there is never written by
`productSet`, whose lists delete what they leave out: `productUpdate` adds pictures, joins and
leaves collections of ours, and touches no tag, picture or variant of anybody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby

from agent.errors import Rejected
from agent.model import Message, Receipt
from connectors._verdicts import refused
from connectors.shopify.admin import Outcome
from connectors.shopify.bulk import load_in_bulk
from connectors.shopify.categories import collections_of
from connectors.shopify.delivery import Delivery, accepted, not_taken, read_all
from connectors.shopify.documents import PRODUCT_UPDATE, Call
from connectors.shopify.families import Family, born, families_of, stillborn
from connectors.shopify.finding import (
    Ambiguous,
    Known,
    bound_products,
    products_by_key,
    products_by_sku,
)
from connectors.shopify.marks import State, gid, metafields
from connectors.shopify.offers import Offer, media, offer, product_fields
from connectors.shopify.variants import deliver_variants, update_variants

OFFERS_A_PART = 25
"""Families are not divided; with all that is asked for them they cost 1,000 points at most."""
ALONE_A_REQUEST, FAMILIES_A_REQUEST = 10, 2
"""Each takes Shopify up to a second, and the answer for a family counts 100 variants."""
TAKEN = {"CAPABILITY_VIOLATION", "TAKEN", "DUPLICATED_VALUE", "INVALID_METAFIELD"}
"""Codes that may mean that our key is in the shop already."""


def deliver_products(delivery: Delivery, messages: Sequence[Message]) -> Iterator[Receipt]:
    """Products that stand alone, parents, and variants.

    Part by part, each from its questions to its commands: what is settled stays so where the
    allowance ends in between. Many new ones are loaded in bulk at the end.
    """
    offers, wrong = read_all(messages, partial(offer, images_from=delivery.options.images_from))
    yield from wrong
    load: list[Family] | None = [] if _is_first_load(delivery, offers) else None
    for part in _parts(offers):
        yield from _deliver_part(delivery, part, load)
    if load:
        # One request less than asking for the definitions by themselves.
        facts = delivery.facts
        load_in_bulk(delivery.session, facts.loads, load, facts.definitions("product"))


def _parts(offers: Sequence[Offer]) -> Iterator[list[Offer]]:
    """Some at a time, parents before variants and families undivided."""
    ordered = sorted(offers, key=lambda each: (each.parent or each.sku, bool(each.parent)))
    part: list[Offer] = []
    for _, family in groupby(ordered, key=lambda each: each.parent or each.sku):
        part += family
        if len(part) >= OFFERS_A_PART:
            yield part
            part = []
    if part:
        yield part


def _deliver_part(
    delivery: Delivery, offers: Sequence[Offer], load: list[Family] | None
) -> Iterator[Receipt]:
    """Deliver some; of new ones that are loaded in bulk merely note that they are."""
    found = _find(delivery, offers)
    known = {key: each for key, each in found.items() if isinstance(each, Known)}
    fresh = []
    for each in offers:
        match = found.get(each.key)
        if isinstance(match, Ambiguous):
            yield refused(each.message, Rejected("SA-5445", match.reason))
        elif match and match.state.version >= each.message.version:
            yield accepted(each.message, *match.numbers)
        else:
            fresh.append(each)
    heads = [each for each in fresh if not each.parent]
    collections, late = collections_of(delivery, heads)
    yield from late
    heads = [each for each in heads if each.key in collections]
    families, others = families_of(
        [each for each in heads if each.key not in known],
        [each for each in fresh if each.parent and each.key not in known],
        collections,
    )
    if load is not None:
        load += [each for each in families if not each.doubtful]
        families = [each for each in families if each.doubtful]
    if families or others or known:
        delivery.facts.define(delivery.session, "product")
    yield from _update(delivery, heads, known, collections)
    yield from _create(delivery, families)
    changed = [each for each in fresh if each.parent and each.key in known]
    yield from deliver_variants(delivery, changed + others, known)


def _is_first_load(delivery: Delivery, offers: Sequence[Offer]) -> bool:
    """Whether so many are new. One that an operation may have refused already is sent by itself."""
    fresh = [each.key for each in offers if not (each.parent or each.message.doubtful)]
    bound = delivery.bindings.find("product", fresh)
    return len(fresh) - len(bound) >= delivery.options.bulk_from


def _find(delivery: Delivery, offers: Sequence[Offer]) -> dict[str, Known | Ambiguous]:
    found: dict[str, Known | Ambiguous] = {}
    found.update(bound_products(delivery, [each.key for each in offers]))
    rest = [each for each in offers if each.key not in found]
    if rest and delivery.options.adopt:
        found.update(products_by_sku(delivery.session, {each.key: each.sku for each in rest}))
    return found


def _create(delivery: Delivery, families: Sequence[Family]) -> Iterator[Receipt]:
    taken: list[tuple[Family, Outcome]] = []
    for family, outcome in _created(delivery, families):
        if outcome.fine:
            yield from born(family, outcome)
        elif outcome.codes() & TAKEN:
            taken.append((family, outcome))
        else:
            yield from stillborn(family, outcome)
    if taken:
        yield from _there_already(delivery, taken)


def _created(delivery: Delivery, families: Sequence[Family]) -> Iterator[tuple[Family, Outcome]]:
    alone = [family for family in families if not family.children]
    large = [family for family in families if family.children]
    for group, most in ((alone, ALONE_A_REQUEST), (large, FAMILIES_A_REQUEST)):
        calls = [family.call() for family in group]
        yield from zip(group, delivery.session.each(calls, most), strict=True)


def _there_already(
    delivery: Delivery, taken: Sequence[tuple[Family, Outcome]]
) -> Iterator[Receipt]:
    """Somebody was quicker, or an answer of ours was lost: change what is there."""
    keys = [member.key for family, _ in taken for member in family.members]
    known = products_by_key(delivery.session, keys)
    heads, children, collections = [], [], {}
    for family, outcome in taken:
        if family.head.key not in known:
            yield from stillborn(family, outcome)
            continue
        collections[family.head.key] = family.collections
        heads.append(family.head)
        children += family.children
    due = []
    for each in [*heads, *children]:
        match = known.get(each.key)
        if match and match.state.version >= each.message.version:
            yield accepted(each.message, *match.numbers)
        else:
            due.append(each)
    yield from _update(delivery, [e for e in due if not e.parent], known, collections)
    yield from deliver_variants(delivery, [e for e in due if e.parent], known)


def _update(
    delivery: Delivery,
    heads: Sequence[Offer],
    known: Mapping[str, Known],
    collections: Mapping[str, list[str]],
) -> Iterator[Receipt]:
    """The variant first, and then the product: it bears the version, which says that all is done.

    Of a product that a merchandiser put together from several articles only the variant is ours.
    """
    heads = [each for each in heads if each.key in known]
    ready = {each.key for each in heads if not known[each.key].variant}
    with_variant = [each for each in heads if known[each.key].variant]
    keys = {each.message.id: each.key for each in with_variant}
    for receipt in update_variants(delivery, with_variant, known):
        key = keys[receipt.message_id]
        if receipt.accepted and known[key].whole:
            ready.add(key)
        else:
            yield receipt
    due = [each for each in heads if each.key in ready]
    calls = [_changed(each, known[each.key], collections[each.key]) for each in due]
    for each, outcome in zip(due, delivery.session.each(calls), strict=True):
        if outcome.fine:
            yield accepted(each.message, *known[each.key].numbers)
        else:
            yield not_taken(each.message, outcome)


def _changed(each: Offer, known: Known, collections: list[str]) -> Call:
    before = known.state
    # Pictures of a product that we take over are the merchandiser's, and stay alone.
    foreign = not before.version and known.pictured
    new = [] if foreign else [image for image in each.images if image not in before.images]
    images = list(dict.fromkeys([*before.images, *each.images]))
    fields = {
        "id": gid("Product", known.product),
        **product_fields(each.data),
        "collectionsToJoin": [one for one in collections if one not in before.collections],
        "collectionsToLeave": [one for one in before.collections if one not in collections],
        "metafields": metafields(State(each.message.version, images, collections), each.key),
    }
    if before.removed:
        fields.setdefault("status", "ACTIVE")
    return PRODUCT_UPDATE(product=fields, media=media(new))
