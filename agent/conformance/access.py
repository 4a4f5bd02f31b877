"""Who may call, and what failures look like."""

from __future__ import annotations

import json
import time
from urllib.parse import urlsplit

import msgspec

from agent.conformance.visitor import Failed, NotOffered, Visitor

STRANGER = (401, 403)
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def encrypted(shop: Visitor) -> None:
    """The address is HTTPS."""
    url = urlsplit(shop.url)
    if url.hostname in LOOPBACK:
        raise NotOffered("a shop on this machine may go without")
    if url.scheme != "https":
        raise Failed("everything travels readable")


def capabilities_have_their_shape(shop: Visitor) -> None:
    """GET /v1/ says protocol 1, entities, limits and features."""
    if not shop.capabilities.entities:
        raise Failed("it takes no entity at all")


def stranger_is_refused(shop: Visitor) -> None:
    """A request without log-in is answered 401 or 403."""
    _require_login(shop)
    shop.get("/v1/", known=False).require(*STRANGER)
    shop.post("/v1/batches", {"items": []}, known=False).require(*STRANGER)


def wrong_token_is_refused(shop: Visitor) -> None:
    """A wrong token is answered 401 or 403."""
    if not shop.login.token:
        raise NotOffered("needs --token")
    wrong = {"authorization": f"Bearer {shop.login.token}x"}
    shop.send("GET", "/v1/", b"", wrong, known=False).require(*STRANGER)


def forged_body_is_refused(shop: Visitor) -> None:
    """A body with a signature over other bytes is answered 401 or 403."""
    _require_signing(shop)
    body = msgspec.json.encode({"items": []})
    shop.send("POST", "/v1/batches", body, signed=b'{"items": [] }').require(*STRANGER)


def old_signature_is_refused(shop: Visitor) -> None:
    """A signature more than five minutes old is answered 401 or 403."""
    _require_signing(shop)
    body = msgspec.json.encode({"items": []})
    long_ago = time.time() - 3600
    shop.send("POST", "/v1/batches", body, sent_at=long_ago).require(*STRANGER)


def failure_is_a_problem_document(shop: Visitor) -> None:
    """A failure is a problem document (RFC 9457) whose `detail` tells people what is wrong."""
    reply = shop.send("POST", "/v1/batches", b'{"items": 7}')
    reply.require(400, 422)
    if reply.headers.get("content-type", "").partition(";")[0] != "application/problem+json":
        raise Failed("the failure is not application/problem+json")
    if not json.loads(reply.body).get("detail"):
        raise Failed("the problem document has no detail")


def body_that_is_no_json_is_400(shop: Visitor) -> None:
    """A body that cannot be read is answered 400 or 422, never 500."""
    for body in (b"", b"{", b"\xff\xfe", b'{"items": [', b"[]"):
        shop.send("POST", "/v1/batches", body).require(400, 422)


CHECKS = (
    encrypted,
    capabilities_have_their_shape,
    stranger_is_refused,
    wrong_token_is_refused,
    forged_body_is_refused,
    old_signature_is_refused,
    failure_is_a_problem_document,
    body_that_is_no_json_is_400,
)


def _require_login(shop: Visitor) -> None:
    if not (shop.login.token or shop.login.signing_secret):
        raise NotOffered("needs --token")


def _require_signing(shop: Visitor) -> None:
    if not shop.login.signing_secret:
        raise NotOffered("needs --signing-secret")
