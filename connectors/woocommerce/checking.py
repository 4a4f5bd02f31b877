"""What `check` says of a shop: its version, what the key may do, the settings that matter to us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from agent.contract import Finding
from agent.errors import Misconfigured
from connectors._sunset import version_findings
from connectors.woocommerce.calls import Calls
from connectors.woocommerce.offers import Terms

VERSION = "v3"
ENDS: Mapping[str, date | None] = {"v1": date(2026, 1, 1), "v2": None, "v3": None}
"""Versions of the REST API and when WooCommerce ends them; it has named no day for v3."""
OLDEST = (5, 8)
"""The first WooCommerce whose lists know `modified_after`."""


def findings(calls: Calls, today: date) -> Iterator[Finding]:
    """Reach the shop, log in, write nothing, compare its settings with what we send."""
    status = calls.get("system_status", _fields="environment,settings").json(dict[str, Any])
    version = str(status.get("environment", {}).get("version", ""))
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    yield Finding(
        "WooCommerce",
        version if numbers >= OLDEST else f"{version}: older than 5.8, orders cannot be read",
        warning=numbers < OLDEST,
    )
    yield from version_findings("WooCommerce REST API", VERSION, ENDS[VERSION], today)
    # An empty batch changes nothing, and a key that may only read is refused.
    calls.post("products/batch", {})
    yield Finding("permissions", "the key may read and write")
    terms = terms_of(calls)
    yield Finding("currency", terms.currency)
    yield Finding("prices", f"entered {'with' if terms.tax_included else 'without'} tax")
    unit = _setting(calls, "products", "woocommerce_weight_unit")
    yield Finding("weight", f"in {unit}; records have kg", warning=unit != "kg")
    managed = _setting(calls, "products", "woocommerce_manage_stock") == "yes"
    yield Finding("stock", "managed" if managed else "not managed", warning=not managed)


def terms_of(calls: Calls) -> Terms:
    """In which currency the shop sells, and whether its prices include tax."""
    currency = calls.get("data/currencies/current").json(dict[str, Any])
    included = _setting(calls, "tax", "woocommerce_prices_include_tax") == "yes"
    return Terms(str(currency.get("code")), included)


def _setting(calls: Calls, group: str, name: str) -> str:
    found = calls.get(f"settings/{group}/{name}").json(dict[str, Any])
    value = found.get("value")
    if not isinstance(value, str):
        raise Misconfigured(
            "SA-5414",
            f"the shop does not tell its setting {name}",
            hint="the key's user must be a shop manager or administrator",
        )
    return value
