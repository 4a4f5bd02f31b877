"""The page on which a person sees what has arrived."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from jinja2 import Environment, PackageLoader

from agent.clock import utc_text

_TEMPLATES = Environment(
    loader=PackageLoader("agent.demo.shop", "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


def storefront_page(
    *,
    products: list[dict[str, Any]],
    counts: dict[str, int],
    heartbeat: tuple[int, dict[str, Any]] | None,
    search: str,
) -> str:
    """HTML, readable on a phone."""
    return _TEMPLATES.get_template("storefront.html").render(
        products=products,
        counts=counts,
        heartbeat=utc_text(heartbeat[0]) if heartbeat else "",
        search=search,
        money=money,
        quantity=quantity,
        total=total,
        pictures=pictures,
        documents=documents,
    )


def money(amount: str, currency: str) -> str:
    """`1.234,50 €`, as Italians write it."""
    text = f"{Decimal(amount):,.2f}".translate(str.maketrans(",.", ".,"))
    return f"{text} {'€' if currency == 'EUR' else currency}"


def pictures(media: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What can be shown, the leading picture first."""
    found = [each for each in media if each["media_type"].startswith("image/")]
    return sorted(found, key=lambda each: each.get("position") or 0)


def documents(media: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What can be opened."""
    return [each for each in media if not each["media_type"].startswith("image/")]


def total(stock: list[dict[str, Any]]) -> Decimal:
    """What all warehouses have together."""
    return sum((Decimal(each["quantity"]) for each in stock), Decimal(0))


def quantity(number: Decimal) -> str:
    """`2,5`, without needless zeros."""
    return f"{number.normalize():f}".replace(".", ",")
