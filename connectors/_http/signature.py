"""Standard Webhooks signatures (https://www.standardwebhooks.com, version 1)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

from agent.errors import Misconfigured

PREFIX = "whsec_"


def signing_key(secret: str) -> bytes:
    """The key in a `whsec_…` secret. Raises `Misconfigured` for any other text."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith(PREFIX) or not key:
        raise Misconfigured(
            "SA-5228",
            "the signing secret is not of the form whsec_<base64>",
            hint="copy it again from the shop's administration, prefix included",
        )
    return key


def sign(
    body: bytes, *, message_id: str, timestamp: int, keys: Sequence[bytes]
) -> list[tuple[str, str]]:
    """The three headers over `id.timestamp.body`, with one signature for each key.

    Several keys let a secret be replaced without a gap: the other side takes any that fits.
    """
    signed = b"%b.%d.%b" % (message_id.encode(), timestamp, body)
    signatures = (hmac.digest(key, signed, hashlib.sha256) for key in keys)
    return [
        ("webhook-id", message_id),
        ("webhook-timestamp", str(timestamp)),
        (
            "webhook-signature",
            " ".join("v1," + base64.b64encode(each).decode() for each in signatures),
        ),
    ]
