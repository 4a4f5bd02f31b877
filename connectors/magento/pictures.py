"""Pictures of products: Magento fetches none itself, so that the agent fetches and sends them.

The shop keeps the name of a file (`vite.jpg` becomes `/v/i/vite.jpg`, a second one of that name
`vite_1.jpg`), so what is there already is recognised, and neither fetched nor sent again.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from agent.errors import Rejected
from connectors._canonical import Data, pictures
from connectors._http import Request
from connectors._rest.access import ServerOptions
from connectors.magento.calls import Calls, Item, segment
from connectors.magento.options import MagentoOptions, MagentoTargetOptions

if TYPE_CHECKING:
    from connectors._http.client import Client

MAIN = ("image", "small_image", "thumbnail")
"""What the first picture is for."""
TYPES = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif"}
"""Kinds of pictures that Magento takes, and the end of their names."""


class Pictures:
    """The pictures of one target; its client is made when the first one is fetched."""

    def __init__(self, connection: MagentoOptions, options: MagentoTargetOptions) -> None:
        self._connection, self._options = connection, options

    def wanted(self, data: Data) -> list[str] | None:
        """The addresses of a product's pictures; None where the record says nothing of them."""
        if "images" not in data:
            return None
        above = self._options.images_from.rstrip("/") + "/"
        found = pictures(data, self._options.images_from)
        for address in found:
            if not address.startswith(above):
                raise Rejected(
                    "SA-5464",
                    f"the picture {address} does not lie below images_from",
                    hint="the agent fetches pictures from that address alone",
                )
        return found

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
        if "_client" in self.__dict__:
            self._client.close()

    @cached_property
    def _client(self) -> Client:
        from connectors._http.client import Client  # noqa: PLC0415 - 100 ms for who sends

        shared = set(ServerOptions.model_fields) - {"url", "unencrypted"}
        said = {name: getattr(self._connection, name) for name in shared}
        # Pictures of a catalogue are no secret: http will do.
        options = ServerOptions(**said, url=self._options.images_from, unencrypted=True)
        return Client(options, largest_answer=self._options.largest_picture)

    def _fetched(self, address: str) -> dict[str, str]:
        """A picture as Magento takes it."""
        answer = self._client.ask(Request("GET", address, [("accept", "image/*")]))
        if answer.status in {403, 404, 410}:
            raise Rejected("SA-5464", f"there is no picture at {address} ({answer.status})")
        answer.require_success()
        kind = answer.content_type
        if kind not in TYPES:
            raise Rejected(
                "SA-5464",
                f"{address} is {kind or 'of no named type'}",
                hint=f"Magento takes {', '.join(TYPES)}",
            )
        return {
            "base64_encoded_data": b64encode(answer.body).decode(),
            "type": kind,
            "name": _stem(address) + TYPES[kind],
        }


def _matched(wanted: list[str], there: list[Item]) -> dict[str, Item]:
    """Address → the entry that shows it: of the very name first, else with the shop's number."""
    found: dict[str, Item] = {}
    left = {str(entry["file"]): entry for entry in there}
    for number in ("", r"(_\d+)+"):
        for address in wanted:
            pattern = re.compile(re.escape(_stem(address)) + number, re.IGNORECASE)
            for file in left if address not in found else ():
                if pattern.fullmatch(PurePosixPath(file).stem):
                    found[address] = left.pop(file)
                    break
    return found


def _stem(address: str) -> str:
    """The name of a file as Magento writes it, without its end."""
    stem = PurePosixPath(unquote(urlsplit(address).path)).stem
    return re.sub(r"[^A-Za-z0-9_\-]", "_", stem)[:80] or "_"


def _main(entry: Item) -> set[str]:
    return set(entry.get("types") or ()) & set(MAIN)
