"""The body of an event: JSON, and the records in it."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from agent.errors import Rejected
from agent.model import Json, join_key, key_text
from connectors._rest.exact_json import Document
from connectors._rest.records import MISSING, take

LONGEST_ID = 255


class Content(NamedTuple):
    """A body as JSON value; `doubtful`: some value in it may be unreadable."""

    value: Json
    doubtful: bool


def parsed(body: bytes) -> Content:
    """Raises `Rejected` for what is no JSON."""
    try:
        document = Document(body.decode("utf-8-sig"))
    except ValueError as error:
        raise _unusable(f"the body is no JSON: {error}") from None
    return Content(document.value, document.doubtful)


def records_at(value: Json, path: str) -> list[Json]:
    """The records at a path: those of a list, or the one object there."""
    found = take(value, path)
    if isinstance(found, list):
        return found
    if isinstance(found, dict):
        return [found]
    raise _unusable(f"the body has no record at {path or 'its top'!r}")


def event_id(value: Json, path: str) -> str:
    """The id that stands at a path."""
    return checked_id(_text(value, path))


def checked_id(text: str) -> str:
    """The id, if it can be one."""
    if not 0 < len(text) <= LONGEST_ID:
        raise _unusable(f"an id has 1 to {LONGEST_ID} characters")
    return text


def keys_in(value: Json, record_path: str, key_path: tuple[str, ...]) -> tuple[str, ...]:
    """The keys that the records name, each once."""
    return tuple(
        dict.fromkeys(
            join_key(tuple(_text(record, path) for path in key_path))
            for record in records_at(value, record_path)
        )
    )


def _text(record: Json, path: str) -> str:
    found = take(record, path)
    if found is MISSING or isinstance(found, bool) or not isinstance(found, str | int | Decimal):
        raise _unusable(f"the body has no text or number at {path!r}")
    text = key_text(found)
    if not text:
        raise _unusable(f"the body has an empty text at {path!r}")
    return text


def _unusable(reason: str) -> Rejected:
    return Rejected("SA-2606", reason, hint="compare what the other system sends with the options")
