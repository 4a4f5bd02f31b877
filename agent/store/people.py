"""Who may use the dashboard, and what people did."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from agent.store.database import Database

DEEDS_KEPT = 100_000
"""What people did is kept for years; somebody who tries passwords cannot fill the disk with it."""
LOG_IN_REFUSED = "log-in refused"
"""The deed of who did not know the password."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with a password. Times are unix ms."""

    name: str
    role: str
    """viewer, operator or admin."""
    password: str
    """Its hash; see agent/passwords.py."""
    created_at: int
    changed_at: int
    """When role or password were last set: who logged in before logs in again."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody did."""

    number: int
    at: int
    by: str
    did: str
    about: Mapping[str, Any]


class Users:
    """A line per user."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self._database = database
        self._now = now

    def list(self) -> list[User]:
        """All, by name."""
        found = self._database.rows(
            "SELECT name, role, password, created_at, changed_at FROM user ORDER BY name"
        )
        return [User(*line) for line in found]

    def get(self, name: str) -> User | None:
        """The user of that name."""
        found = self._database.row(
            "SELECT name, role, password, created_at, changed_at FROM user WHERE name = ?", (name,)
        )
        return User(*found) if found else None

    def add(self, name: str, role: str, password: str) -> bool:
        """A new user; False where there is one of that name."""
        with self._database.transaction():
            return bool(
                self._database.write(
                    "INSERT INTO user VALUES (?, ?, ?, ?4, ?4) ON CONFLICT DO NOTHING RETURNING 1",
                    (name, role, password, self._now()),
                )
            )

    def set_password(self, name: str, password: str) -> bool:
        """Another password; False where there is no such user."""
        with self._database.transaction():
            return bool(
                self._database.write(
                    "UPDATE user SET password = ?, changed_at = ? WHERE name = ? RETURNING 1",
                    (password, self._now(), name),
                )
            )

    def set_role(self, name: str, role: str) -> bool:
        """Another role; False where there is no such user."""
        with self._database.transaction():
            return bool(
                self._database.write(
                    "UPDATE user SET role = ?, changed_at = ? WHERE name = ? RETURNING 1",
                    (role, self._now(), name),
                )
            )

    def remove(self, name: str) -> bool:
        """The user is gone; False where there was none."""
        with self._database.transaction():
            return bool(
                self._database.write("DELETE FROM user WHERE name = ? RETURNING 1", (name,))
            )


class Audit:
    """A line per deed; never changed, the oldest go."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self._database = database
        self._now = now

    def note(self, by: str, did: str, about: Mapping[str, Any]) -> None:
        """Somebody did something."""
        with self._database.transaction():
            ((number,),) = self._database.write(
                "INSERT INTO deed (at, by, did, about) VALUES (?, ?, ?, ?) RETURNING number",
                (self._now(), by, did, json.dumps(dict(about), ensure_ascii=False)),
            )
            self._database.write("DELETE FROM deed WHERE number <= ?", (number - DEEDS_KEPT,))

    def list(self, limit: int = 100, before: int | None = None, by: str = "") -> list[Deed]:
        """Newest first, of one person or of all; `before` is the number of the last one before."""
        found = self._database.rows(
            "SELECT number, at, by, did, about FROM deed WHERE number < ?"
            + (" AND by = ?" if by else "")
            + " ORDER BY number DESC LIMIT ?",
            (2**62 if before is None else before, *([by] if by else []), limit),
        )
        return [
            Deed(number, at, by, did, json.loads(about)) for number, at, by, did, about in found
        ]
