"""Pictures for platforms that take bytes: the agent fetches them itself, from one place alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote, urlsplit

from agent.errors import Rejected, Unavailable
from connectors._canonical import Data, pictures
from connectors._http import Request
from connectors._platform.options import PictureOptions
from connectors._rest.access import ServerOptions

if TYPE_CHECKING:
    from connectors._http.client import Answer, Client

TYPES: Mapping[str, str] = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif"}
"""Kinds of pictures that are taken, and the end of their names."""
GONE = {403, 404, 410}
TOO_LARGE = "SA-5208"
"""How HTTP says that an answer is larger than is taken."""
LONGEST_MARK = 12


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it was fetched."""

    address: str
    kind: str
    body: bytes

    @property
    def name(self) -> str:
        """The name of its file."""
        return stem(self.address) + TYPES[self.kind]


class PictureServer:
    """Where the pictures of one target lie; its client is made when the first one is fetched.

    Proxy, certificates and times are those of the target's connection; nobody logs in.
    """

    def __init__(self, connection: ServerOptions, above: str, largest: int) -> None:
        self._connection, self._above, self._largest = connection, above, largest

    @classmethod
    def of(cls, connection: ServerOptions, options: PictureOptions) -> Self | None:
        """As the options say; None where pictures are not written."""
        if not options.images_from:
            return None
        return cls(connection, options.images_from, options.largest_picture)

    def addresses(self, data: Data) -> list[str]:
        """The addresses of a product's pictures. Raises `Rejected` for one that lies elsewhere."""
        above = self._above.rstrip("/") + "/"
        found = pictures(data, self._above)
        for address in found:
            if not address.startswith(above):
                raise Rejected(
                    "SA-5464",
                    f"the picture {address} does not lie below images_from",
                    hint="the agent fetches pictures from that address alone",
                )
        return found

    def fetch(self, address: str) -> Picture:
        """One picture. Raises `Rejected` where there is none that can be taken."""
        answer = self._answer(address)
        if answer.status in GONE:
            raise Rejected("SA-5464", f"there is no picture at {address} ({answer.status})")
        answer.require_success()
        kind = answer.content_type
        if kind not in TYPES:
            raise Rejected(
                "SA-5464",
                f"{address} is {kind or 'of no named type'}",
                hint=f"taken are {', '.join(TYPES)}",
            )
        return Picture(address, kind, answer.body)

    def _answer(self, address: str) -> Answer:
        try:
            return self._client.ask(Request("GET", address, [("accept", "image/*")]))
        except Unavailable as error:
            if error.code != TOO_LARGE:
                raise
            raise Rejected(
                "SA-5464",
                f"the picture {address} has more than {self._largest} bytes",
                hint="make it smaller, or say largest_picture",
            ) from None

    def close(self) -> None:
        """Close every connection."""
        if "_client" in self.__dict__:
            self._client.close()
            del self.__dict__["_client"]

    @cached_property
    def _client(self) -> Client:
        from connectors._http.client import Client  # noqa: PLC0415 - 100 ms for who sends

        shared = set(ServerOptions.model_fields) - {"url", "unencrypted"}
        said = {name: getattr(self._connection, name) for name in shared}
        # Pictures of a catalogue are no secret: http will do.
        options = ServerOptions(**said, url=self._above, unencrypted=True)
        return Client(options, largest_answer=self._largest)


def stem(address: str) -> str:
    """The name of a file, without its end, of characters that every platform takes."""
    found = PurePosixPath(unquote(urlsplit(address).path)).stem
    return re.sub(r"[^A-Za-z0-9_\-]", "_", found)[:80] or "_"


def mark(address: str) -> str:
    """An address in short, to be remembered by."""
    return sha256(address.encode()).hexdigest()[:LONGEST_MARK]


def read_marks(text: str) -> dict[str, str]:
    """Mark → id at the other side, as references keep them behind their ids: `3fa9=7,b1e0=9`."""
    return dict(each.split("=", 1) for each in text.split(",") if "=" in each)


def written_marks(marks: Iterable[tuple[str, str]]) -> str:
    """The same to be kept."""
    return ",".join(f"{name}={id_}" for name, id_ in marks)
