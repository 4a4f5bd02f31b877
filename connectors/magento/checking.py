"""What `check` looks at: version, rights, and what the configuration takes for granted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from agent.contract import Finding
from agent.errors import Misconfigured
from connectors.magento import versions
from connectors.magento.calls import Calls
from connectors.magento.options import GROUP, MagentoTargetOptions
from connectors.magento.stock import DEFAULT_SOURCE

QUEUE, SOURCES = "Magento_WebapiAsync", "Magento_InventoryApi"
EVERYBODY = "all groups"


def findings(
    calls: Calls, version: str, options: MagentoTargetOptions, today: date
) -> Iterator[Finding]:
    """One line for each; raises `Misconfigured` for what cannot work."""
    page = calls.page("/magento_version")
    said = page.body.decode(errors="replace").strip() if page.status == 200 else ""
    yield from versions.findings(version, said[:60] if "/" in said[:20] else "", today)
    (store, *_) = _read(calls, "store/storeConfigs") or [{}]
    currency = str(store.get("base_currency_code"))
    if currency != options.currency:
        raise Misconfigured(
            "SA-5468",
            f"the shop's base currency is {currency}, and currency says {options.currency}",
            hint=f"say currency: {currency}",
        )
    yield Finding("currency", currency)
    unit = str(store.get("weight_unit"))
    yield Finding("weight", f"in {unit}; records have kg", warning=unit != "kgs")
    modules = set(_read(calls, "modules"))
    if SOURCES in modules:
        yield _sources(calls, options)
    else:
        yield Finding("stock", f"{SOURCES} is off: stock cannot be written", warning=True)
    if options.bulk_from:
        known = QUEUE in modules
        told = "the shop has one; its consumers must run" if known else f"{QUEUE} is off"
        yield Finding("queue", told, warning=not known)
    yield from _groups(calls, options)


def _read(calls: Calls, path: str) -> list[Any]:
    found = calls.get(path).require()
    return found if isinstance(found, list) else []


def _sources(calls: Calls, options: MagentoTargetOptions) -> Finding:
    there = {str(each["source_code"]) for each in calls.search("inventory/sources")}
    wanted = set(options.warehouses.values()) or {DEFAULT_SOURCE}
    _require("source", wanted - there, there)
    return Finding("sources", ", ".join(sorted(wanted)))


def _groups(calls: Calls, options: MagentoTargetOptions) -> Iterator[Finding]:
    places = [each.removeprefix(GROUP) for each in options.price_lists.values() if GROUP in each]
    wanted = {each for each in places if each.casefold() != EVERYBODY}
    if wanted or options.customer_groups:
        groups = {str(e["code"]): int(e["id"]) for e in calls.search("customerGroups/search")}
        known = {code.casefold() for code in groups}
        _require("customer group", {e for e in wanted if e.casefold() not in known}, set(groups))
        numbers = set(options.customer_groups.values()) - set(groups.values())
        _require("customer group", set(map(str, numbers)), set(map(str, groups.values())))
        yield Finding("customer groups", ", ".join(sorted(groups)))


def _require(what: str, missing: set[str], there: set[str]) -> None:
    if missing:
        raise Misconfigured(
            "SA-5468",
            f"the shop has no {what} {min(missing)}",
            hint="it has " + ", ".join(sorted(there)),
        )
