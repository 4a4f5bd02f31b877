"""Who may use the dashboard, and what people did."""

from __future__ import annotations

import re
from typing import Any, Literal, TypeAlias

from agent.api.engine import Engine
from agent.api.operation import Answer
from agent.clock import utc_text
from agent.errors import Rejected
from agent.passwords import matches
from agent.store.people import LOG_IN_REFUSED, User

Role: TypeAlias = Literal["viewer", "operator", "admin"]
ADMIN = "admin"
_NAME = re.compile(r"\w[\w.@+-]{0,63}")


def users(engine: Engine) -> Answer:
    """Everybody who may log in."""
    return {"users": [_user(each) for each in engine.store.users.list()]}


def user(engine: Engine, name: str) -> Answer:
    """One user, null where there is none of that name."""
    found = engine.store.users.get(name)
    return {"user": _user(found) if found else None}


def audit(engine: Engine, limit: int = 100, before: int | None = None, person: str = "") -> Answer:
    """What people did, newest first; `before` is the number of the last one on the page before."""
    return {
        "deeds": [
            {
                "number": deed.number,
                "at": utc_text(deed.at),
                "by": deed.by,
                "did": deed.did,
                "about": dict(deed.about),
            }
            for deed in engine.store.audit.list(limit, before, person)
        ]
    }


def admit(engine: Engine, name: str, password: str) -> Answer:
    """Somebody logs in; raises `Rejected` SA-7510 where name and password do not belong together.

    Takes a quarter of a second in either case. Who asks for others limits how often they may try.
    """
    found = engine.store.users.get(name)
    if not matches(password, found.password if found else "") or found is None:
        engine.store.audit.note(name[:64], LOG_IN_REFUSED, {})
        raise Rejected("SA-7510", "name or password are wrong")
    return _user(found)


def add_user(engine: Engine, name: str, role: Role, password_hash: str) -> Answer:
    """Somebody may use the dashboard from now on."""
    if not _NAME.fullmatch(name):
        raise Rejected(
            "SA-7512",
            f"{name!r} cannot be the name of a user",
            hint="a letter or a digit, then letters, digits and . @ + - _, at most 64 of them",
        )
    if not engine.store.users.add(name, role, password_hash):
        raise Rejected(
            "SA-7512", f"there is a user {name} already", hint="syncagent users password changes it"
        )
    return {"name": name, "role": role}


def set_password(engine: Engine, name: str, password_hash: str) -> Answer:
    """Another password; whoever is logged in under that name has to log in again."""
    if not engine.store.users.set_password(name, password_hash):
        raise _unknown(name)
    return {"name": name}


def change_password(engine: Engine, by: str, password: str, password_hash: str) -> Answer:
    """Somebody takes another password; raises `Rejected` SA-7510 where the old one is wrong.

    As after `set_password` that person has to log in again. Who asks for others limits how often
    they may try.
    """
    found = engine.store.users.get(by)
    if not matches(password, found.password if found else "") or found is None:
        engine.store.audit.note(by, "password refused", {})
        raise Rejected("SA-7510", "the old password is wrong")
    return set_password(engine, by, password_hash)


def set_role(engine: Engine, name: str, role: Role) -> Answer:
    """Somebody may do more or less from now on, and has to log in again."""
    with engine.store.transaction():
        if role != ADMIN:
            _require_another_admin(engine, name)
        if not engine.store.users.set_role(name, role):
            raise _unknown(name)
    return {"name": name, "role": role}


def remove_user(engine: Engine, name: str) -> Answer:
    """Somebody may use the dashboard no longer, from the next click on."""
    with engine.store.transaction():
        _require_another_admin(engine, name)
        if not engine.store.users.remove(name):
            raise _unknown(name)
    return {"name": name}


def _require_another_admin(engine: Engine, name: str) -> None:
    """Raises `Rejected` SA-7520 where this is the only one left who may manage the others."""
    admins = [each.name for each in engine.store.users.list() if each.role == ADMIN]
    if admins == [name]:
        raise Rejected(
            "SA-7520",
            f"{name} is the only admin",
            hint="make somebody else an admin first",
        )


def _user(found: User) -> dict[str, Any]:
    return {
        "name": found.name,
        "role": found.role,
        "created_at": utc_text(found.created_at),
        "changed_at": utc_text(found.changed_at),
    }


def _unknown(name: str) -> Rejected:
    return Rejected("SA-7002", f"there is no user {name}", hint="syncagent users list")
