"""Whether a request comes from whom it should: a signature in time, or a token."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping

from connectors._http.signature import sign, signing_key
from connectors.webhook.options import HmacOptions, WebhookConnection

MILLISECONDS = 10**11
"""Unix seconds stay below it until the year 5138; milliseconds were above it in 1973."""


def doubt(
    connection: WebhookConnection, headers: Mapping[str, str], body: bytes, now: float
) -> str:
    """Why not to believe it, "" where there is no reason."""
    if connection.token:
        given = headers.get("authorization", "").encode()
        wanted = b"Bearer " + connection.token.reveal().encode()
        return "" if hmac.compare_digest(given, wanted) else "the token is missing or wrong"
    if connection.hmac:
        return _doubt_of_hmac(connection, connection.hmac, headers, body, now)
    return _doubt_of_standard(connection, headers, body, now)


def _doubt_of_standard(
    connection: WebhookConnection, headers: Mapping[str, str], body: bytes, now: float
) -> str:
    text = headers.get("webhook-timestamp", "")
    if late := _late(text, now, connection.tolerance):
        return late
    secrets = (connection.signing_secret, connection.next_signing_secret)
    signed = sign(
        body,
        message_id=headers.get("webhook-id", ""),
        timestamp=int(text),
        keys=[signing_key(secret.reveal()) for secret in secrets if secret],
    )
    wanted = dict(signed)["webhook-signature"].split()
    given = headers.get("webhook-signature", "").split()
    return "" if _any_equal(given, wanted) else "the signature is missing or wrong"


def _doubt_of_hmac(
    connection: WebhookConnection,
    options: HmacOptions,
    headers: Mapping[str, str],
    body: bytes,
    now: float,
) -> str:
    stamp = headers.get(options.timestamp_header, "") if options.timestamp_header else ""
    if options.timestamp_header and (late := _late(stamp, now, connection.tolerance)):
        return late
    event = headers.get(connection.id_header, "") if connection.id_header else ""
    head, tail = (
        part.replace("{timestamp}", stamp).replace("{id}", event).encode()
        for part in options.signed.split("{body}")
    )
    key = options.secret.reveal().encode()
    digest = hmac.digest(key, head + body + tail, getattr(hashlib, options.algorithm))
    text = digest.hex() if options.encoding == "hex" else base64.b64encode(digest).decode()
    given = headers.get(options.header, "").strip()
    if options.encoding == "hex":
        given = given.lower()
        return "" if _any_equal([given], [options.prefix.lower() + text]) else _WRONG
    return "" if _any_equal([given], [options.prefix + text]) else _WRONG


_WRONG = "the signature is missing or wrong"


def _late(stamp: str, now: float, tolerance: float) -> str:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 20):
        return "the time of the signature is missing or no unix time"
    moment = int(stamp) / 1000 if int(stamp) >= MILLISECONDS else int(stamp)
    away = abs(now - moment)
    return f"the signature is {away:.0f} seconds away from our clock" if away > tolerance else ""


def _any_equal(given: list[str], wanted: list[str]) -> bool:
    return any(
        hmac.compare_digest(each.encode(), other.encode()) for each in given for other in wanted
    )
