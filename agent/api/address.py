"""Where a running daemon answers: announced in the state folder, found there by its clients."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

ANNOUNCEMENT = "api.json"


@dataclass(frozen=True, slots=True)
class Address:
    """A Unix socket, or a port of a loopback address together with the token that opens it."""

    socket: str = ""
    host: str = "127.0.0.1"
    port: int = 0
    token: str = field(default="", repr=False)

    def __str__(self) -> str:
        """For people: where, without the token."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.socket or f"http://{host}:{self.port}"


def new_token() -> str:
    """A token that nobody guesses; made anew at each start."""
    return secrets.token_urlsafe(32)


def announce(state: Path, address: Address) -> None:
    """Write down where the daemon answers, readable for its owner only."""
    path = state / ANNOUNCEMENT
    fresh = path.with_suffix(".new")
    with suppress(FileNotFoundError):
        fresh.unlink()
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - it is a descriptor
        json.dump(asdict(address), file)
    fresh.replace(path)


def withdraw(state: Path) -> None:
    """The daemon answers no longer."""
    (state / ANNOUNCEMENT).unlink(missing_ok=True)


def is_announced(state: Path) -> bool:
    """Whether a daemon has said where it answers, as far as one may look."""
    try:
        (state / ANNOUNCEMENT).stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except PermissionError:
        return True  # who asks further is told why not
    return True


def find(state: Path) -> Address | None:
    """Where the daemon of this state folder answers; None when none has said so.

    A daemon that was killed leaves its announcement behind: connecting tells. Raises
    PermissionError for somebody who is not the daemon's user.
    """
    try:
        return Address(**json.loads((state / ANNOUNCEMENT).read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError, ValueError, TypeError):
        return None
