"""What `check` says of an Odoo: its version, the user's rights, the end of the key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from agent.contract import Finding
from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from connectors.odoo.writing import Writing

MODELS = {
    "product": "product.product",
    "price": "product.pricelist.item",
    "stock": "stock.quant",
    "customer": "res.partner",
    "order": "sale.order",
}
KEY_AHEAD = 14
"""Days before the end of a key from which on `check` warns."""


def findings(work: Writing, protocol: str, today: date) -> Iterator[Finding]:
    """May each kind of record be made, and how long does the key live."""
    for entity, model in MODELS.items():
        yield Finding(f"{entity}: {model}", *_rights(work, model, protocol))
    yield _key(work, today)


def _rights(work: Writing, model: str, protocol: str) -> tuple[str, bool]:
    """Whether records of a model may be made, and whether that is worth a warning."""
    try:
        work.fields(model)
    except Misconfigured as error:
        if error.code != "SA-5383":
            raise
        return "the app that brings it is not installed", False
    try:
        if protocol == "json2":
            may = work.call(model, "has_access", ids=[], operation="create")
        else:
            may = work.call(model, "check_access_rights", operation="create", raise_exception=False)
    except (Rejected, Unavailable) as error:
        return f"rights cannot be asked ({error.reason})", False
    return ("may be written", False) if may else ("may not be written: grant it", True)


def _key(work: Writing, today: date) -> Finding:
    """Until when the user's newest API key is good, where Odoo tells."""
    try:
        keys = work.search("res.users.apikeys", [], ["expiration_date"])
    except SyncError as error:
        return Finding("API key", f"when it ends cannot be read ({error.reason})")
    ends = sorted(str(each["expiration_date"])[:10] for each in keys if each["expiration_date"])
    if not ends or len(ends) < len(keys):
        return Finding("API key", "no end is known")
    days = (date.fromisoformat(ends[-1]) - today).days
    told = f"the user's last key ends on {ends[-1]}, in {days} days"
    return Finding("API key", told, warning=days <= KEY_AHEAD)
