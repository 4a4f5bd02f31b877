"""Pictures of products that are there: fetched once, told apart by the name of their file.

BigCommerce keeps the name of the file it fetched (`vite.jpg` becomes `…/vite__01234.jpg`), so what
is there already is recognised, and neither fetched nor sent again.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from connectors.bigcommerce.calls import Calls, Reply


def renew(product: int, wanted: list[str], calls: Calls) -> Reply | None:
    """Have a product show these pictures in this order; the refusal where one is not taken."""
    path = f"/v3/catalog/products/{product}/images"
    there: dict[str, dict[str, object]] = {}
    surplus = []
    for image in calls.pages(path):
        name = _stored(str(image.get("image_file", "")))
        if name in {_named(address) for address in wanted} and name not in there:
            there[name] = image
        else:
            surplus.append(image["id"])
    for place, address in enumerate(wanted):
        image = there.get(_named(address), {})
        order = {"sort_order": place, "is_thumbnail": place == 0}
        if not image:
            reply = calls.post(path, {"image_url": address, **order})
        elif any(image.get(name) != value for name, value in order.items()):
            reply = calls.put(f"{path}/{image['id']}", order)
        else:
            continue
        if reply.refused:
            return reply
    for number in surplus:
        reply = calls.delete(f"{path}/{number}")
        if reply.refused and reply.status != 404:
            return reply
    return None


def _named(address: str) -> str:
    """The name of a file as the store would write it."""
    return _plain(PurePosixPath(unquote(urlsplit(address).path)).stem)


def _stored(file: str) -> str:
    """The name of a file as it was before the store added its number."""
    return _plain(re.sub(r"__\d+$", "", PurePosixPath(file).stem))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
