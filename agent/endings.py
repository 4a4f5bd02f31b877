"""What ends on a known day, as far as this machine can tell by itself.

That is what the configuration says of a connection's credentials, tokens that carry their own end
(JWT), and the certificates that we show to others. What only the other side knows, its certificate
and the end of a version of its API, `check` tells.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from agent.config import Config
from agent.contract import Finding
from agent.errors import SyncError


class Ending(NamedTuple):
    """Something that ends. `where`: the connection or section that it belongs to."""

    where: str
    finding: Finding


def endings(config: Config, today: date) -> Iterator[Ending]:
    """Each once, in the order of the file."""
    for name, connection in config.connections.items():
        if connection.expires:
            yield Ending(name, lasting("credentials", connection.expires, today))
    told = set()
    for use in config.secrets():
        with suppress(SyncError):  # who uses the secret tells that it cannot be had
            ends = end_of_token(use.secret.reveal())
            if ends and use.secret not in told:
                told.add(use.secret)
                where, subject = _place(use.where)
                yield Ending(where, lasting(subject, ends, today))
    for path, ends in _certificates(config):
        where, subject = _place(path)
        yield Ending(where, lasting(subject, ends, today))


def lasting(subject: str, ends: date, today: date) -> Finding:
    """How long something is valid; alerts count down to its end."""
    days = (ends - today).days
    told = f"valid until {ends}, {days} days" if days >= 0 else f"ended on {ends}"
    return Finding(subject, told, until=ends)


def end_of_token(text: str) -> date | None:
    """The day on which a JWT ends, by its claim `exp` (RFC 7519, section 4.1.4); else None."""
    parts = text.split(".")
    if len(parts) != 3 or not text.startswith("eyJ"):
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return datetime.fromtimestamp(claims["exp"], UTC).date()
    except (ValueError, KeyError, TypeError, OverflowError, OSError):
        return None


def _certificates(config: Config) -> Iterator[tuple[str, date]]:
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415 - once a day

    told: set[Path] = set()
    for where, path in config.certificates():
        if path not in told:
            told.add(path)
            with suppress(OSError, ValueError):  # who shows it tells that it cannot be used
                own, *_ = load_pem_x509_certificates(path.read_bytes())
                yield where, own.not_valid_after_utc.date()


def _place(path: str) -> tuple[str, str]:
    """`connections.shop.token` → `shop`, `token`; `dashboard.certificate` → the same in two."""
    section, _, rest = path.partition(".")
    if section not in {"connections", "flows"}:
        return section, rest
    name, _, subject = rest.partition(".")
    return name, subject
