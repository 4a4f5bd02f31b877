"""Records of an answer as rows: nested fields as dotted columns, nested lists as child rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agent.errors import Rejected, Unavailable
from agent.model import Json, join_key, key_text
from connectors._drop.rows import Row, Rows
from connectors._rest.exact_json import doubt

MISSING: Any = type("Missing", (), {"__repr__": lambda _: "(left out)"})()


def take(value: Json, path: str) -> Json:
    """What stands at a dotted path, `MISSING` for nothing; null above it counts as null.

    A name that holds dots itself, such as `@odata.etag`, is found as it is written.
    """
    if not path:
        return value
    if value is None:
        return None
    if not isinstance(value, dict):
        return MISSING
    found = dict.get(value, path, MISSING)
    if found is not MISSING:
        return found
    head, _, rest = path.partition(".")
    inner = dict.get(value, head, MISSING) if rest else MISSING
    return MISSING if inner is MISSING else take(inner, rest)


class Child(dict[str, Any]):
    """A child row whose nested fields can be asked for by dotted names."""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and take(self, name) is not MISSING

    def __missing__(self, name: str) -> Json:
        found = take(self, name)
        if found is MISSING:
            raise KeyError(name)
        return found


class Columns:
    """Which fields of a record make a row, in order; the key's come first."""

    def __init__(
        self, key: Sequence[str], columns: Sequence[str], optional: Sequence[str] = ()
    ) -> None:
        self.names = tuple(dict.fromkeys((*key, *columns)))
        self._optional = frozenset(optional)
        self._optional_below = {
            name: [each[len(name) + 1 :] for each in optional if each.startswith(name + ".")]
            for name in self.names
        }
        self._key = [self.names.index(name) for name in key]

    def key_of(self, row: Row) -> str:
        """The key, as the engine writes it."""
        return join_key(tuple(key_text(row[place]) for place in self._key))

    def rows(self, records: Sequence[Json], *, doubtful: bool) -> list[Row | Rejected]:
        """A row for each record, or why there is none. `doubtful` looks at every value inside."""
        return [self._row(record, doubtful=doubtful) for record in records]

    def _row(self, record: Json, *, doubtful: bool) -> Row | Rejected:
        if not isinstance(record, dict):
            return _refused(f"is no object but {_kind(record)}")
        if doubtful and (why := doubt(record)):
            return _refused(why)
        row = []
        for name in self.names:
            value = take(record, name)
            if value is MISSING:
                if name not in self._optional:
                    return _refused(
                        f'has no field "{name}"',
                        f"where the server may leave it out: optional: [{name}]",
                    )
                value = None
            elif isinstance(value, list):
                value = _children(value, self._optional_below[name])
            row.append(value)
        return tuple(row)


def readable(rows: list[Row | Rejected]) -> Sequence[Row]:
    """Rows as a batch carries them."""
    return Rows(rows)


def records_at(value: Json, path: str, server: str) -> list[Json]:
    """The list at a path of an answer; null stands for an empty one."""
    found = take(value, path)
    if found is None:
        return []
    if isinstance(found, list):
        return found
    has = ", ".join(value) if isinstance(value, dict) else _kind(value)
    raise unexpected(f"{server} answers no list at {path or 'the top'!r}", f"the answer has: {has}")


def unexpected(reason: str, hint: str) -> Unavailable:
    """An answer whose shape is not what was declared."""
    return Unavailable("SA-2404", reason, hint=hint[:300])


def _children(elements: list[Json], optional: Sequence[str]) -> list[Json]:
    return [_child(each, optional) if isinstance(each, dict) else each for each in elements]


def _child(record: dict[str, Any], optional: Sequence[str]) -> Child:
    child = Child(record)
    for name in optional:
        if name not in child:
            child[name] = None
    for name, value in record.items():
        if isinstance(value, list):
            below = [each[len(name) + 1 :] for each in optional if each.startswith(name + ".")]
            child[name] = _children(value, below)
    return child


def _refused(why: str, hint: str = "correct the record in the source") -> Rejected:
    return Rejected("SA-2408", f"the record {why}", hint=hint)


def _kind(value: Json) -> str:
    names = {
        list: "a list",
        dict: "an object",
        str: "a text",
        bool: "a boolean",
        type(None): "null",
    }
    return names.get(type(value), "a number")
