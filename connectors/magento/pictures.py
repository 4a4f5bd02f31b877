"""Pictures of products: Magento fetches none itself, so that the agent fetches and sends them.

The shop keeps the name of a file (`vite.jpg` becomes `/v/i/vite.jpg`, a second one of that name
`vite_1.jpg`), so what is there already is recognised, and neither fetched nor sent again.
"""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import PurePosixPath
from typing import Any

from connectors._canonical import Data
from connectors._platform.pictures import PictureServer, stem
from connectors.magento.calls import Calls, Item, segment
from connectors.magento.options import MagentoOptions, MagentoTargetOptions

MAIN = ("image", "small_image", "thumbnail")
"""What the first picture is for."""


class Pictures:
    """The pictures of one target."""

    def __init__(self, connection: MagentoOptions, options: MagentoTargetOptions) -> None:
        self._server = PictureServer(connection, options.images_from, options.largest_picture)

    def wanted(self, data: Data) -> list[str] | None:
        """The addresses of a product's pictures; None where the record says nothing of them."""
        return self._server.addresses(data) if "images" in data else None

    def renew(self, item: Item, wanted: list[str], calls: Calls) -> None:
        """Have a product show these pictures in this order. Raises `Rejected` for one it cannot."""
        path = f"products/{segment(item['sku'])}/media"
        there = [each for each in item.get("media_gallery_entries") or () if each.get("file")]
        matched = _matched(wanted, there)
        for place, address in enumerate(wanted, start=1):
            shown: dict[str, Any] = {"position": place, "types": list(MAIN) if place == 1 else []}
            entry = matched.get(address)
            if entry is None:
                content = self._fetched(address)
                new = {"media_type": "image", "label": "", "disabled": False, **shown}
                calls.post(path, {"entry": {**new, "content": content}}).require()
            elif entry.get("position") != place or _main(entry) != set(shown["types"]):
                shown["types"] += [each for each in entry.get("types") or () if each not in MAIN]
                body = {"entry": {**entry, "label": entry.get("label") or "", **shown}}
                calls.put(f"{path}/{entry['id']}", body).require()
        kept = {entry["id"] for entry in matched.values()}
        for entry in there:
            if entry["id"] not in kept:
                reply = calls.delete(f"{path}/{entry['id']}")
                if reply.refused and reply.status != 404:
                    raise reply.refusal()

    def close(self) -> None:
        """Close every connection."""
        self._server.close()

    def _fetched(self, address: str) -> dict[str, str]:
        """A picture as Magento takes it."""
        picture = self._server.fetch(address)
        return {
            "base64_encoded_data": b64encode(picture.body).decode(),
            "type": picture.kind,
            "name": picture.name,
        }


def _matched(wanted: list[str], there: list[Item]) -> dict[str, Item]:
    """Address → the entry that shows it: of the very name first, else with the shop's number."""
    found: dict[str, Item] = {}
    left = {str(entry["file"]): entry for entry in there}
    for number in ("", r"(_\d+)+"):
        for address in wanted:
            pattern = re.compile(re.escape(stem(address)) + number, re.IGNORECASE)
            for file in left if address not in found else ():
                if pattern.fullmatch(PurePosixPath(file).stem):
                    found[address] = left.pop(file)
                    break
    return found


def _main(entry: Item) -> set[str]:
    return set(entry.get("types") or ()) & set(MAIN)
