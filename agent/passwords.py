"""Passwords of people, kept as scrypt hashes: slow to guess, and never readable again."""

from __future__ import annotations

import hashlib
import secrets
from base64 import b64decode, b64encode
from hmac import compare_digest
from threading import Lock

from agent.errors import Rejected

SHORTEST = 12
LONGEST = 256
_COST, _BLOCK, _PARALLEL = 1 << 15, 8, 3
"""OWASP's advice for 32 MiB: about a quarter of a second on a small server."""
_MEMORY = 64 << 20
_ONE_AT_A_TIME = Lock()
"""Guesses that come side by side shall not take all processors and memory."""


def hashed(password: str) -> str:
    """A password as it is kept. Raises `Rejected` SA-7511 for one that is too short."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Rejected(
            "SA-7511",
            f"a password has {SHORTEST} to {LONGEST} characters",
            hint="three or four words that do not belong together are long and easy to keep",
        )
    salt = secrets.token_bytes(16)
    digest = _digest(password, salt, _COST, _BLOCK, _PARALLEL)
    parts = ("scrypt", _COST, _BLOCK, _PARALLEL, _text(salt), _text(digest))
    return "$".join(map(str, parts))


def matches(password: str, kept: str) -> bool:
    """Whether this is the password. For nobody (`kept` is empty) no, after as long a time."""
    _, *costs, salt, digest = (kept or _NOBODY).split("$")
    cost, block, parallel = map(int, costs)
    found = _digest(password[:LONGEST], b64decode(salt), cost, block, parallel)
    return compare_digest(found, b64decode(digest)) and bool(kept)


def _digest(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    with _ONE_AT_A_TIME:
        return hashlib.scrypt(
            password.encode(), salt=salt, n=cost, r=block, p=parallel, maxmem=_MEMORY
        )


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")


_NOBODY = f"scrypt${_COST}${_BLOCK}${_PARALLEL}${_text(bytes(16))}${_text(bytes(64))}"
