"""A new product together with its new variants: what is created by one call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.model import Json, Message, Receipt
from connectors._verdicts import waiting
from connectors.shopify.admin import Outcome
from connectors.shopify.delivery import accepted, not_taken
from connectors.shopify.documents import FAMILY_SET, PRODUCT_SET, Call
from connectors.shopify.marks import key_of, number
from connectors.shopify.offers import Offer, family_input

LARGEST = 100
"""Variants created along with their product; as many as the answer names."""


@dataclass(frozen=True, slots=True)
class Family:
    """A product, and its variants where it is a parent."""

    head: Offer
    children: list[Offer]
    collections: list[str]

    @property
    def members(self) -> list[Offer]:
        """All records that it is made of."""
        return [self.head, *self.children]

    @property
    def doubtful(self) -> bool:
        """Whether any of them may have been sent before."""
        return any(member.message.doubtful for member in self.members)

    @property
    def input(self) -> dict[str, Json]:
        """As `productSet` wants it."""
        return family_input(self.head, self.children, self.collections)

    def call(self) -> Call:
        """Creates it; answered when it is there."""
        operation = FAMILY_SET if self.children else PRODUCT_SET
        return operation(input=self.input, synchronous=True)


def families_of(
    heads: Sequence[Offer], children: Sequence[Offer], collections: dict[str, list[str]]
) -> tuple[list[Family], list[Offer]]:
    """New products with those of the children that are theirs, and the children that are not."""
    families = {head.key: Family(head, [], collections[head.key]) for head in heads}
    by_code = {family.head.sku: family for family in families.values()} | families
    rest = []
    for child in children:
        family = by_code.get(child.parent)
        if family and child.options and len(family.children) < LARGEST:
            family.children.append(child)
        else:
            rest.append(child)
    return list(families.values()), rest


def born(family: Family, outcome: Outcome) -> Iterator[Receipt]:
    """The receipts of a family that was created."""
    product = outcome.value["product"]
    yield from receipts_from([member.message for member in family.members], product)


def receipts_from(messages: Sequence[Message], product: Json) -> Iterator[Receipt]:
    """Receipts for those messages that a product or one of its variants came of, by our keys."""
    variants = {key_of(each): each for each in product["variants"]["nodes"]}
    for message in messages:
        variant = variants.get(message.key)
        if variant is not None:
            numbers = (number(variant["id"]), number(variant["inventoryItem"]["id"]))
            yield accepted(message, number(product["id"]), *numbers)
        elif key_of(product) == message.key:
            yield accepted(message, number(product["id"]))


def stillborn(family: Family, outcome: Outcome) -> Iterator[Receipt]:
    """Nothing of it was created: the members at fault are refused, the others come again."""
    guilty = {
        int(error.field[2])
        for error in outcome.errors
        if error.field and error.field[:2] == ["input", "variants"] and len(error.field) > 2
    }
    blamed = {family.children[each].key for each in guilty if each < len(family.children)}
    blamed = blamed or {family.head.key}
    for member in family.members:
        if member.key in blamed:
            yield not_taken(member.message, outcome)
        else:
            yield waiting(member.message, "product", family.head.key)
