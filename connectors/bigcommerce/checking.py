"""What `check` says of a store: its versions, its currency, what the options name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from agent.contract import Finding
from agent.errors import Misconfigured
from connectors._sunset import version_findings
from connectors.bigcommerce.calls import Calls
from connectors.bigcommerce.offers import LIST
from connectors.bigcommerce.options import BigCommerceTargetOptions

ENDS: Mapping[str, date | None] = {"v3": None, "orders v2": None}
"""Versions of the REST API that are spoken; BigCommerce has named no day on which they end."""


def findings(calls: Calls, options: BigCommerceTargetOptions, today: date) -> Iterator[Finding]:
    """Reach the store, log in, read a little, compare its settings with what we send."""
    for version, ends in ENDS.items():
        yield from version_findings("BigCommerce", version, ends, today)
    reply = calls.get("/v2/store")
    if reply.refused:
        raise reply.refusal()
    store = reply.value
    yield Finding("store", f"{store.get('name')} ({store.get('domain')})")
    currency = str(store.get("currency"))
    if currency != options.currency:
        raise Misconfigured(
            "SA-5482",
            f"the store sells in {currency}, and currency says {options.currency}",
            hint=f"say currency: {currency}",
        )
    yield Finding("currency", currency)
    unit = str(store.get("weight_units"))
    yield Finding("weight", f"in {unit}; records have kg", warning=unit.lower() != "kgs")
    yield from _lists(calls, options)
    yield Finding("products", f"{_total(calls)} in the store")


def _lists(calls: Calls, options: BigCommerceTargetOptions) -> Iterator[Finding]:
    wanted = {
        int(place.removeprefix(LIST))
        for place in options.price_lists.values()
        if place.startswith(LIST)
    }
    if not wanted:
        return
    there = {int(each["id"]): str(each["name"]) for each in calls.pages("/v3/pricelists")}
    if missing := sorted(wanted - there.keys()):
        raise Misconfigured(
            "SA-5482",
            f"the store has no price list {missing[0]}",
            hint="it has " + ", ".join(f"{number} ({there[number]})" for number in there),
        )
    yield Finding("price lists", ", ".join(there[number] for number in sorted(wanted)))


def _total(calls: Calls) -> int:
    reply = calls.get("/v3/catalog/products", limit=1, include_fields="sku")
    if reply.refused:
        raise reply.refusal()
    return int(reply.value["meta"]["pagination"]["total"])
