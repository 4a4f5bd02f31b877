"""What we leave behind on a record of the shop: whose it is, and what we wrote last."""

from __future__ import annotations

from typing import Any

import msgspec

from agent.model import Json
from connectors.shopify.documents import KEY, NAMESPACE, STATE


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """What we wrote last. `images` and `collections` are those that we added, and no others."""

    version: int = 0
    images: list[str] = []
    collections: list[str] = []
    address: str = ""
    """Id of the customer's address that is ours."""
    removed: bool = False
    """It had vanished from the source; we archived it."""


_encode = msgspec.json.Encoder().encode


def metafields(state: State, key: str = "") -> list[dict[str, str]]:
    """Both marks, or the state alone, for a list to which inputs add."""
    kept = _encode(state).decode()
    marks = [{"namespace": NAMESPACE, "key": STATE, "type": "json", "value": kept}]
    if key:
        marks.append({"namespace": NAMESPACE, "key": KEY, "type": "id", "value": key})
    return marks


def key_of(record: Json) -> str:
    """Whose record it is; "" where it bears no mark."""
    return str((record.get("key") or {}).get("value") or "")


def state_of(record: Json) -> State:
    """What we wrote last; as if nothing, where the mark is not there or was tampered with."""
    text = (record.get("state") or {}).get("value") or "{}"
    try:
        return msgspec.json.decode(text, type=State)
    except msgspec.DecodeError:
        return State()


def custom_id(key: str) -> dict[str, Any]:
    """Asks for the record with this key."""
    return {"customId": {"namespace": NAMESPACE, "key": KEY, "value": key}}


def gid(kind: str, number: str) -> str:
    """Shopify's id of a record: `gid://shopify/Product/123`."""
    return f"gid://shopify/{kind}/{number}"


def number(identifier: str) -> str:
    """The number in such an id."""
    return identifier.rpartition("/")[2].partition("?")[0]
