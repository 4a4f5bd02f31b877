"""What stands in related records, read along: the customer's number, the lines of an order.

One further question for each relation and page, however many records it has.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agent.model import Json
from connectors.odoo.options import ListOptions

PAIR = {"id", "name"}
"""What Odoo tells of a related record without being asked for it."""
Read = Callable[[str, list[Any], list[str]], list[dict[str, Json]]]
"""Records of a model by condition and fields, nothing as None, related ones as id and name."""
Described = Mapping[str, Mapping[str, Json]]


def further(names: Sequence[str]) -> dict[str, list[str]]:
    """Field → the fields of its record that have to be asked for."""
    found: dict[str, list[str]] = {}
    for name in names:
        head, _, tail = name.partition(".")
        if tail and tail not in PAIR:
            found.setdefault(head, []).append(tail)
    return found


class Related:
    """Fills in related records. `described` tells the fields of a model."""

    def __init__(self, read: Read, described: Callable[[str], Described]) -> None:
        self._read, self._described = read, described

    def fill(
        self,
        model: str,
        records: Sequence[dict[str, Json]],
        names: Sequence[str],
        lists: Mapping[str, ListOptions],
    ) -> None:
        """Fill in `partner_id.ref` among `names`, and the records of `lists`: field → fields."""
        fields = self._described(model)
        for field, below in further(names).items():
            pairs = [pair for each in records if isinstance(pair := each.get(field), dict)]
            found = self._found(fields[field], [pair["id"] for pair in pairs], below)
            for record in records:
                if isinstance(pair := record.get(field), dict):
                    nothing = dict.fromkeys(tail.partition(".")[0] for tail in below)
                    record[field] = {**nothing, **found.get(pair["id"], {}), **pair}
        for field, listed in lists.items():
            ids = [id_ for record in records for id_ in record.get(field) or ()]
            found = self._found(fields[field], ids, listed.fields, json.loads(listed.domain))
            for record in records:
                record[field] = [found[id_] for id_ in record.get(field) or () if id_ in found]

    def _found(
        self,
        field: Mapping[str, Json],
        ids: Sequence[int],
        names: Sequence[str],
        domain: Sequence[Any] = (),
    ) -> dict[int, dict[str, Json]]:
        if not ids:
            return {}
        model = str(field["relation"])
        asked = list(dict.fromkeys(name.partition(".")[0] for name in names))
        condition = [*domain, ["id", "in", sorted(set(ids))]]
        records = self._read(model, condition, asked)
        self.fill(model, records, names, {})
        return {record["id"]: record for record in records}
