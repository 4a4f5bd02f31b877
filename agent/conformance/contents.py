"""Contents: the bytes of pictures and documents, under their hash."""

from __future__ import annotations

import secrets
import struct
import zlib
from hashlib import sha256

from agent.conformance.shapes import ContentVerdicts
from agent.conformance.visitor import Failed, Item, NotOffered, Reply, Visitor, is_one_of

MEDIA_TYPE = "image/png"


def content_is_kept_under_its_hash(shop: Visitor) -> None:
    """A content is missing until it was sent, and held from then on; twice is harmless."""
    picture = _new_picture(shop)
    is_one_of(_state(shop, picture), ("missing",), "a content that nobody sent")
    for _ in range(2):
        _put(shop, picture).require(204)
        is_one_of(_state(shop, picture), ("held",), "a content that was sent")


def content_of_another_hash_is_not_kept(shop: Visitor) -> None:
    """Bytes of another hash, or cut short, are answered 422 and not kept."""
    picture = _new_picture(shop)
    for wrong in (picture[:-1], picture[:-1] + b"?"):
        _put(shop, wrong, sha256(picture).hexdigest()).require(422)
        is_one_of(_state(shop, picture), ("missing",), "a content that never came whole")


def record_waits_for_its_content(shop: Visitor) -> None:
    """A record that names a content which is not there is rejected as `unknown_content`."""
    picture = _new_picture(shop)
    if "media" not in shop.capabilities.entities:
        raise NotOffered("the shop takes no media")
    item = _media(shop, picture)
    (verdict,) = shop.batch(item)
    is_one_of(verdict.status, ("rejected",), "the record")
    is_one_of(verdict.code, ("unknown_content",), "its code")
    _put(shop, picture).require(204)
    shop.accept(item)


def what_is_not_taken_is_said_before(shop: Visitor) -> None:
    """A content that would not be taken is refused when it is asked for, in words."""
    shop.require_feature("contents")
    size = 10**15
    asked = {"sha256": secrets.token_hex(32), "size": size, "media_type": MEDIA_TYPE}
    reply = shop.post("/v1/contents/check", {"contents": [asked]})
    (verdict,) = reply.of(ContentVerdicts).contents
    is_one_of(verdict.status, ("refused",), f"a content of {size} bytes")
    if not (verdict.code and verdict.reason):
        raise Failed("the refusal says neither code nor reason")


CHECKS = (
    content_is_kept_under_its_hash,
    content_of_another_hash_is_not_kept,
    record_waits_for_its_content,
    what_is_not_taken_is_said_before,
)


def _new_picture(shop: Visitor) -> bytes:
    """A PNG of one pixel in a colour that nobody has sent."""
    shop.require_feature("contents")
    pixel = b"\0" + secrets.token_bytes(8)
    head = struct.pack(">IIBBBBB", 1, 1, 16, 6, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", zlib.compress(pixel)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    checked = name + body
    return struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))


def _state(shop: Visitor, content: bytes) -> str:
    digest = sha256(content).hexdigest()
    asked = {"sha256": digest, "size": len(content), "media_type": MEDIA_TYPE}
    reply = shop.post("/v1/contents/check", {"contents": [asked]})
    verdicts = reply.of(ContentVerdicts).contents
    if [verdict.sha256 for verdict in verdicts] != [digest]:
        raise Failed("one content was asked for, and its verdict is missing")
    return verdicts[0].status


def _put(shop: Visitor, content: bytes, digest: str = "") -> Reply:
    digest = digest or sha256(content).hexdigest()
    headers = {"content-type": MEDIA_TYPE}
    return shop.send("PUT", f"/v1/contents/{digest}", content, headers, signed=digest.encode())


def _media(shop: Visitor, content: bytes) -> Item:
    data = {
        "sku": shop.key("media"),
        "file_name": "conformance.png",
        "media_type": MEDIA_TYPE,
        "size": len(content),
        "sha256": sha256(content).hexdigest(),
    }
    return shop.item("media", entity="media", data=data)
