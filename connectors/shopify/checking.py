"""`syncagent check` of a shop: what was tried, and what it showed. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from agent.contract import Finding
from agent.errors import Misconfigured
from connectors._sunset import version_findings
from connectors.shopify.admin import Session
from connectors.shopify.delivery import Delivery
from connectors.shopify.documents import (
    DEFINITIONS,
    KEY,
    NAMESPACE,
    PUBLICATIONS,
    SCOPES,
    SHOP,
)
from connectors.shopify.facts import OWNERS
from connectors.shopify.versions import ENDS, VERSION

WRITING = {
    "read_products": "products",
    "write_products": "products",
    "read_inventory": "stock",
    "write_inventory": "stock",
    "read_locations": "stock",
    "read_customers": "customers",
    "write_customers": "customers",
    "read_orders": "the status of orders",
    "write_orders": "the status of orders",
    "read_merchant_managed_fulfillment_orders": "the status of orders",
    "write_merchant_managed_fulfillment_orders": "the status of orders",
}
"""Scope → what is written with it."""


def check_shop(session: Session) -> tuple[set[str], list[Finding]]:
    """The scopes that were granted; shop and version."""
    shop, installation = (outcome.value for outcome in session.together([SHOP(), SCOPES()]))
    findings = [Finding("shop", f"{shop['name']}, prices in {shop['currencyCode']}")]
    if session.version and session.version != VERSION:
        told = f"Shopify answers as version {session.version}, the adapter speaks {VERSION}"
        findings.append(Finding("API version", told, warning=True))
    findings += version_findings("Admin API", VERSION, ENDS[VERSION], datetime.now(UTC).date())
    scopes = {each["handle"] for each in installation["accessScopes"]}
    # Who may write may read: Shopify lists the wider scope only.
    scopes |= {each.replace("write_", "read_", 1) for each in scopes if each.startswith("write_")}
    return scopes, findings


def check_target(delivery: Delivery) -> Iterator[Finding]:
    """All that a delivery needs."""
    scopes, findings = check_shop(delivery.session)
    yield from findings
    missing: dict[str, list[str]] = {}
    for scope, what in WRITING.items():
        if scope not in scopes:
            missing.setdefault(what, []).append(scope)
    for what, names in missing.items():
        yield Finding("scopes", f"{what}: {', '.join(names)} not granted", warning=True)
    if "read_products" not in scopes:
        return
    yield from _keys(delivery)
    yield from _names(delivery, scopes)
    if "read_publications" in scopes:
        yield from _publications(delivery.session)


def _keys(delivery: Delivery) -> Iterator[Finding]:
    owners = [*OWNERS["product"], *OWNERS["category"]]
    calls = [DEFINITIONS(ownerType=owner, namespace=NAMESPACE, first=10) for owner in owners]
    missing = []
    for owner, outcome in zip(owners, delivery.session.together(calls), strict=True):
        types = {each["key"]: each["type"]["name"] for each in outcome.value["nodes"]}
        if types.get(KEY, "id") != "id":
            raise Misconfigured(
                "SA-5452",
                f"the metafield {NAMESPACE}.{KEY} of {owner} is of the type {types[KEY]}, not id",
                hint="remove its definition in Shopify, under Settings, Custom data",
            )
        if KEY not in types:
            missing.append(owner)
    told = f"made with the first delivery for {', '.join(missing)}" if missing else "kept unique"
    yield Finding(f"metafield {NAMESPACE}.{KEY}", told)


def _names(delivery: Delivery, scopes: set[str]) -> Iterator[Finding]:
    options, session = delivery.options, delivery.session
    if "read_locations" in scopes:
        wanted = set(options.warehouses.values())
        yield _there("locations", wanted, set(delivery.facts.locations(session, wanted or {""})))
    if options.price_lists:
        wanted = set(options.price_lists.values())
        yield _there("price lists", wanted, set(delivery.facts.price_lists(session, wanted)))


def _there(what: str, wanted: set[str], found: set[str]) -> Finding:
    if absent := sorted(wanted - found):
        raise Misconfigured(
            "SA-5447",
            f"{what}: the shop has no {', '.join(map(repr, absent))}",
            hint=f"it has {', '.join(sorted(found)) or 'none'}",
        )
    return Finding(what, ", ".join(sorted(found)))


def _publications(session: Session) -> Iterator[Finding]:
    """A new product is seen only in channels that take new ones by themselves."""
    for each in session.one(PUBLICATIONS(first=50)).value["nodes"]:
        name = (each["catalog"] or {}).get("title") or each["id"]
        if not each["autoPublish"]:
            told = f"{name} does not show new products by itself"
            yield Finding("publication", told, warning=True)
