"""Values of canonical records as shop platforms take them, checked before anything is sent.

Platforms believe what they are told: WooCommerce stores a price of "abc" and says 201. A field
that is absent is left alone on the other side, null clears it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal, InvalidOperation
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import msgspec

from agent.errors import Rejected
from agent.model import Json, Message, Op

Data = Mapping[str, Json]
LONGEST_NUMBER = 40


def data_of(message: Message) -> dict[str, Json]:
    """The record of a message; nothing for a delete."""
    found: dict[str, Json] = (
        {} if message.op is Op.DELETE else msgspec.json.decode(message.body, type=dict[str, Any])
    )
    return found


def take(data: Data, path: str) -> Json:
    """The value at a dotted path such as `attributes.slug`, None for none."""
    found: Json = data
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def text(data: Data, name: str) -> str:
    """A field as text, "" for null and absent."""
    found = data.get(name)
    return "" if found is None else str(found)


def number(data: Data, name: str) -> Decimal | None:
    """A decimal field; None for null and absent. Raises `Rejected` for what is no number."""
    found = data.get(name)
    if found is None or found == "":
        return None
    try:
        value = Decimal(str(found)) if len(str(found)) <= LONGEST_NUMBER else Decimal("NaN")
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise wrong(name, found, "is no number")
    return value


def amount(data: Data, name: str) -> Decimal | None:
    """A decimal field that is not below zero."""
    value = number(data, name)
    if value is not None and value < 0:
        raise wrong(name, data[name], "is below zero")
    return value


def whole(data: Data, name: str) -> int | None:
    """A quantity in whole pieces: what is left of a piece cannot be sold."""
    value = number(data, name)
    return None if value is None else int(value.to_integral_value(ROUND_FLOOR))


def plain(value: Decimal) -> str:
    """Without exponent and without zeros at the end."""
    written = format(value, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def pictures(data: Data, folder: str) -> list[str]:
    """The addresses of a product's pictures; names of files are looked for below `folder`."""
    found = []
    for each in data.get("images") or ():
        address = str(each)
        if urlsplit(address).scheme not in {"http", "https"}:
            if not folder:
                raise Rejected(
                    "SA-5405",
                    f"the picture {address!r} is no address from which the shop could fetch it",
                    hint="say images_from, or map addresses",
                )
            address = urljoin(folder.rstrip("/") + "/", quote(address.lstrip("/")))
        found.append(address)
    return list(dict.fromkeys(found))


def category_codes(data: Data) -> list[str]:
    """The codes of a product's categories, the main one first."""
    listed = [data.get("category"), *(data.get("categories") or ())]
    return list(dict.fromkeys(str(code) for code in listed if code))


def category_slug(data: Data) -> str:
    """How the category is known to the shop: lower case, digits and hyphens.

    A code that says more than that is told apart from its likes by a few letters of its hash.
    """
    if chosen := text(data.get("attributes") or {}, "slug"):
        return chosen
    code = text(data, "code")
    slug = re.sub("[^a-z0-9]+", "-", code.lower()).strip("-")
    if slug == code.lower():
        return slug
    return f"{slug}-{sha256(code.encode()).hexdigest()[:6]}".strip("-")


def wrong(name: str, value: Json, why: str) -> Rejected:
    """A value that is not sent."""
    return Rejected("SA-5401", f'field "{name}": {value!r:.60} {why}')
