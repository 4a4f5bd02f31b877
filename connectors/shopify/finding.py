"""Which product and variant of the shop belong to a key: by binding, by our mark, by SKU."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from agent.model import Json
from connectors.shopify.admin import Session
from connectors.shopify.delivery import Delivery
from connectors.shopify.documents import (
    NODES,
    PRODUCT_BY_KEY,
    VARIANT_BY_KEY,
    VARIANTS_BY_SKU,
    Operation,
)
from connectors.shopify.marks import State, custom_id, gid, key_of, number, state_of

NODES_A_REQUEST = 100
KEYS_A_REQUEST = 50
SKUS_A_QUESTION = 25
VARIANTS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Known:
    """A product, and of a single one or a variant the variant; numbers as Shopify gives them."""

    product: str
    variant: str = ""
    item: str = ""
    state: State = field(default_factory=State)
    whole: bool = True
    """The product is the record, not merely one variant of it."""
    pictured: bool = False
    """Whether the product has pictures, whoever added them."""

    @property
    def numbers(self) -> tuple[str, str, str]:
        """The reference of a receipt."""
        return self.product, self.variant, self.item


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several variants have the SKU, and none of them bears the key."""

    reason: str


Found = Mapping[str, Known | Ambiguous]


def bound_products(delivery: Delivery, keys: Sequence[str]) -> dict[str, Known]:
    """What is bound and still there. A product without a variant of its own is a mere parent."""
    bound = delivery.bound("product", keys)
    ids = {
        key: gid("ProductVariant", numbers[1]) if len(numbers) > 1 else gid("Product", numbers[0])
        for key, numbers in bound.items()
    }
    nodes = read_nodes(delivery.session, list(ids.values()))
    found = {}
    for key, identifier in ids.items():
        node = nodes.get(identifier)
        if node is not None:
            is_variant = "product" in node
            found[key] = known_variant(node, key) if is_variant else known_product(node)
    return found


def read_nodes(session: Session, ids: Sequence[str]) -> dict[str, Json]:
    """Id → record with its marks, of those that are there."""
    unique = list(dict.fromkeys(ids))
    parts = [unique[i : i + NODES_A_REQUEST] for i in range(0, len(unique), NODES_A_REQUEST)]
    found = {}
    for outcome in session.each([NODES(ids=part) for part in parts], most=1):
        found.update({node["id"]: node for node in outcome.value if node})
    return found


def products_by_key(session: Session, keys: Sequence[str]) -> dict[str, Known]:
    """What bears these keys: exact and at once, unlike a search."""
    found: dict[str, Known] = {}
    for key, product in by_key(session, PRODUCT_BY_KEY, keys):
        own = [each for each in product["variants"]["nodes"] if key_of(each) == key]
        found[key] = known_product(product, own[0] if own else None)
    rest = [key for key in keys if key not in found]
    for key, variant in by_key(session, VARIANT_BY_KEY, rest):
        found[key] = known_variant(variant, key)
    return found


def by_key(
    session: Session, operation: Operation, keys: Sequence[str]
) -> Iterator[tuple[str, Json]]:
    """Key and record, of those that are there."""
    calls = [operation(identifier=custom_id(key)) for key in keys]
    outcomes = session.each(calls, most=KEYS_A_REQUEST)
    for key, outcome in zip(keys, outcomes, strict=True):
        if outcome.value:
            yield key, outcome.value


def products_by_sku(session: Session, skus: Mapping[str, str]) -> dict[str, Known | Ambiguous]:
    """Key → what has its SKU and may be taken over; `skus` says which SKU each key has.

    A variant that bears another key of ours belongs to another record.
    """
    found: dict[str, Known | Ambiguous] = {}
    matches = _by_sku(session, dict.fromkeys(skus.values()))
    for key, sku in skus.items():
        variants = matches.get(sku, [])
        own = [each for each in variants if key_of(each) == key]
        if chosen := _only(own or [each for each in variants if not key_of(each)], key):
            found[key] = chosen
    return found


def _only(variants: list[Json], key: str) -> Known | Ambiguous | None:
    if len(variants) > 1:
        ids = ", ".join(number(each["id"]) for each in variants)
        return Ambiguous(f"several variants have the SKU {variants[0]['sku']!r}: {ids}")
    return known_variant(variants[0], key) if variants else None


def _by_sku(session: Session, skus: Iterable[str]) -> dict[str, list[Json]]:
    """SKU → all variants that have it, to the letter: the search looks for words and finds more."""
    wanted = list(skus)
    matches: dict[str, list[Json]] = {}
    for start in range(0, len(wanted), SKUS_A_QUESTION):
        asked = wanted[start : start + SKUS_A_QUESTION]
        query = " OR ".join(f"sku:{quoted(sku)}" for sku in asked)
        for variant in listed(session, VARIANTS_BY_SKU, first=VARIANTS_A_PAGE, query=query):
            if variant["sku"] in asked:
                matches.setdefault(variant["sku"], []).append(variant)
    return matches


def listed(session: Session, operation: Operation, **arguments: Json) -> Iterator[Json]:
    """Everything in a list, page by page."""
    after: str | None = None
    while True:
        found = session.one(operation(**arguments, after=after)).value
        yield from found["nodes"]
        if not found["pageInfo"]["hasNextPage"]:
            return
        after = found["pageInfo"]["endCursor"]


def quoted(text: str) -> str:
    """A text inside a search, word for word."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def known_product(product: Json, variant: Json | None = None) -> Known:
    """A product, with its only variant where that is the record itself."""
    return Known(
        number(product["id"]),
        number(variant["id"]) if variant else "",
        number(variant["inventoryItem"]["id"]) if variant else "",
        state_of(product),
        whole=True,
        pictured=product.get("featuredMedia") is not None,
    )


def known_variant(variant: Json, key: str) -> Known:
    """A variant. Its product is the same record if it bears the key, or nothing but this variant.

    One that a merchandiser put together from several articles is none of them.
    """
    product = variant["product"]
    owner = key_of(product)
    whole = owner == key or (not owner and bool(product["hasOnlyDefaultVariant"]))
    return Known(
        number(product["id"]),
        number(variant["id"]),
        number(variant["inventoryItem"]["id"]),
        state_of(product if whole else variant),
        whole=whole,
        pictured=product.get("featuredMedia") is not None,
    )


def variants_of(delivery: Delivery, skus: Iterable[str]) -> dict[str, Known | Ambiguous]:
    """SKU → its variant, for prices and stock: as bound, else as the shop's search finds it."""
    wanted = list(dict.fromkeys(skus))
    found: dict[str, Known | Ambiguous] = {}
    for sku, numbers in delivery.bound("product", wanted).items():
        if len(numbers) == 3:
            product, variant, item = numbers
            found[sku] = Known(product, variant, item)
    rest = [sku for sku in wanted if sku not in found]
    for sku, variants in _by_sku(delivery.session, rest).items():
        if chosen := _only(variants, sku):
            found[sku] = chosen
    return found
