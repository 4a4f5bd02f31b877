"""Variants of products that are there: changed and added, and no sister is ever touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from agent.errors import Rejected
from agent.model import Json, Receipt
from connectors._verdicts import refused, waiting
from connectors.shopify.admin import Outcome
from connectors.shopify.delivery import Delivery, accepted, not_taken
from connectors.shopify.documents import OPTIONS_CREATE, SISTERS, VARIANTS_CREATE, VARIANTS_UPDATE
from connectors.shopify.finding import Known, bound_products, products_by_key
from connectors.shopify.marks import State, gid, key_of, metafields, number, state_of
from connectors.shopify.offers import Offer, media, option_values, variant_fields

VARIANTS_A_CALL = 100


@dataclass(frozen=True, slots=True)
class Sisters:
    """A product and its variants as they are."""

    key: str
    only_default: bool
    by_options: Mapping[frozenset[tuple[str, str]], Json]

    @property
    def placeholder(self) -> bool:
        """Whether there is nothing but the variant that Shopify makes for a product without one."""
        variants = list(self.by_options.values())
        return len(variants) == 1 and (self.only_default or key_of(variants[0]) == self.key)


def deliver_variants(
    delivery: Delivery, offers: Sequence[Offer], known: Mapping[str, Known]
) -> Iterator[Receipt]:
    """Change those that are known, add the others to their products."""
    yield from update_variants(delivery, [each for each in offers if each.key in known], known)
    new = [each for each in offers if each.key not in known]
    parents = _parents(delivery, new, known)
    there = []
    for each in new:
        if each.parent not in parents:
            yield waiting(each.message, "product", each.parent)
        elif not each.options:
            reason = "a variant in Shopify needs `options`"
            yield refused(each.message, Rejected("SA-5448", reason))
        else:
            there.append(each)
    there.sort(key=lambda each: parents[each.parent].product)
    for product, group in groupby(there, key=lambda each: parents[each.parent].product):
        yield from _grow(delivery, product, list(group))


def _parents(
    delivery: Delivery, offers: Sequence[Offer], known: Mapping[str, Known]
) -> dict[str, Known]:
    codes = list(dict.fromkeys(each.parent for each in offers))
    found = {code: known[code] for code in codes if code in known}
    found |= bound_products(delivery, [code for code in codes if code not in found])
    found |= products_by_key(delivery.session, [code for code in codes if code not in found])
    return found


def update_variants(
    delivery: Delivery, offers: Sequence[Offer], known: Mapping[str, Known]
) -> Iterator[Receipt]:
    """Change variants; what one refuses does not hold up its sisters."""
    for part, outcome in _updated(delivery, offers, known):
        guilty = _guilty(outcome)
        for place, each in enumerate(part):
            if not outcome.fine and (place in guilty or not guilty):
                yield not_taken(each.message, outcome)
            else:
                yield accepted(each.message, *known[each.key].numbers)


def _updated(
    delivery: Delivery, offers: Sequence[Offer], known: Mapping[str, Known]
) -> Iterator[tuple[list[Offer], Outcome]]:
    ordered = sorted(offers, key=lambda each: known[each.key].product)
    parts = []
    for _, group in groupby(ordered, key=lambda each: known[each.key].product):
        members = list(group)
        parts += [members[i : i + VARIANTS_A_CALL] for i in range(0, len(members), VARIANTS_A_CALL)]
    calls = []
    for part in parts:
        images = [i for each in part for i in _new_images(each, known[each.key].state)]
        calls.append(
            VARIANTS_UPDATE(
                productId=gid("Product", known[part[0].key].product),
                variants=[_changed(each, known[each.key]) for each in part],
                media=media(images),
                allowPartialUpdates=True,
            )
        )
    yield from zip(parts, delivery.session.each(calls), strict=True)


def _changed(each: Offer, known: Known) -> dict[str, Json]:
    new = _new_images(each, known.state)
    fields = {"id": gid("ProductVariant", known.variant), **variant_fields(each)}
    sent = [*known.state.images, *new]
    fields["metafields"] = metafields(State(each.message.version, sent), each.key)
    if each.options and each.parent:
        fields["optionValues"] = option_values(each.options)
    if new:
        fields["mediaSrc"] = new[:1]
    return fields


def _new_images(each: Offer, state: State) -> list[str]:
    """Only of a variant; those of a product that stands alone are the product's."""
    return [image for image in each.images if each.parent and image not in state.images]


def _grow(delivery: Delivery, product: str, offers: Sequence[Offer]) -> Iterator[Receipt]:
    """Add variants to one product; one with the same options that is nobody's is taken over."""
    session = delivery.session
    sisters = _sisters(delivery, product)
    adopted: dict[str, Known] = {}
    fresh: list[Offer] = []
    for each in offers:
        twin = None if sisters.placeholder else sisters.by_options.get(frozenset(each.options))
        if twin is None:
            fresh.append(each)
        elif key_of(twin) in {"", each.key}:
            item = number(twin["inventoryItem"]["id"])
            adopted[each.key] = Known(product, number(twin["id"]), item, state_of(twin))
        else:
            reason = f"variant {number(twin['id'])} has these options, and is {key_of(twin)}"
            yield refused(each.message, Rejected("SA-5454", reason))
    yield from update_variants(delivery, [e for e in offers if e.key in adopted], adopted)
    if fresh and sisters.only_default:
        first = [{"name": n, "values": [{"name": v}]} for n, v in fresh[0].options]
        outcome = session.one(
            OPTIONS_CREATE(
                productId=gid("Product", product), options=first, variantStrategy="LEAVE_AS_IS"
            )
        )
        if not outcome.fine:
            yield from (not_taken(each.message, outcome) for each in fresh)
            return
    placeholder = sisters.placeholder
    for start in range(0, len(fresh), VARIANTS_A_CALL):
        part = fresh[start : start + VARIANTS_A_CALL]
        yield from _added(delivery, product, part, remove_placeholder=placeholder)
        placeholder = False


def _added(
    delivery: Delivery, product: str, part: list[Offer], *, remove_placeholder: bool
) -> Iterator[Receipt]:
    """All or none are added by a call: those at fault are refused, and the rest sent again."""
    strategy = "REMOVE_STANDALONE_VARIANT" if remove_placeholder else "PRESERVE_STANDALONE_VARIANT"
    while part:
        images = [image for each in part for image in each.images]
        outcome = delivery.session.one(
            VARIANTS_CREATE(
                productId=gid("Product", product),
                variants=[_created(each) for each in part],
                media=media(images),
                strategy=strategy,
            )
        )
        if outcome.fine:
            made = {key_of(each): each for each in outcome.value["productVariants"]}
            for each in part:
                variant = made[each.key]
                numbers = (number(variant["id"]), number(variant["inventoryItem"]["id"]))
                yield accepted(each.message, product, *numbers)
            return
        guilty = _guilty(outcome) or set(range(len(part)))
        for place in guilty:
            yield not_taken(part[place].message, outcome)
        part = [each for place, each in enumerate(part) if place not in guilty]


def _created(each: Offer) -> dict[str, Json]:
    fields = {
        **variant_fields(each),
        "optionValues": option_values(each.options),
        "inventoryPolicy": "DENY",
        "metafields": metafields(State(each.message.version, each.images), each.key),
    }
    if each.images:
        fields["mediaSrc"] = each.images[:1]
    return fields


def _sisters(delivery: Delivery, product: str) -> Sisters:
    by_options = {}
    after = None
    while True:
        variables = {"id": gid("Product", product), "after": after}
        found = delivery.session.document(SISTERS, variables)["product"]
        for variant in found["variants"]["nodes"]:
            options = frozenset((o["name"], o["value"]) for o in variant["selectedOptions"])
            by_options[options] = variant
        page = found["variants"]["pageInfo"]
        if not page["hasNextPage"]:
            return Sisters(key_of(found), bool(found["hasOnlyDefaultVariant"]), by_options)
        after = page["endCursor"]


def _guilty(outcome: Outcome) -> set[int]:
    """Places of the variants that Shopify names as the cause."""
    return {
        int(error.field[1])
        for error in outcome.errors
        if error.field and len(error.field) > 1 and error.field[0] == "variants"
    }
