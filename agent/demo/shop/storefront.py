"""Pages out of templates, and how things are written on them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from jinja2 import Environment, PackageLoader
from starlette.responses import Response

from agent.clock import utc_text

_TEMPLATES = Environment(
    loader=PackageLoader("agent.demo.shop", "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(template: str, **values: Any) -> Response:
    """HTML, readable on a phone."""
    html = _TEMPLATES.get_template(template).render(**_FORMS, **values)
    return Response(html, media_type="text/html")


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


def moment(milliseconds: int) -> str:
    """A time of ours."""
    return utc_text(milliseconds)


_FORMS = {each.__name__: each for each in (money, quantity, total, pictures, documents, moment)}
"""How the templates write things."""
