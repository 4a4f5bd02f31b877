"""A list inside each entity as rows: prices by list, stock by warehouse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from agent.errors import Unavailable
from agent.model import Json
from connectors._rest.paging import Page
from connectors._rest.records import take


def spread_pages(pages: Iterator[Page], name: str, key: Sequence[str]) -> Iterator[Page]:
    """Every page with rows in place of the entities.

    What the service counts are the entities, so a hash of each one's key goes along.
    """
    for page in pages:
        met = frozenset(hash(repr([take(each, part) for part in key])) for each in page.records)
        yield replace(page, records=spread(page.records, name), met=met)


def spread(records: Sequence[Json], name: str) -> list[Json]:
    """A record for each element of the list, which stands in it under the list's own name."""
    found: list[Json] = []
    for record in records:
        elements = take(record, name) if isinstance(record, dict) else None
        if not isinstance(elements, list):
            raise Unavailable(
                "SA-2404",
                f"an entity holds no list {name!r}",
                hint="correct rows and columns of the flow",
            )
        found += [{**record, name: element} for element in elements]
    return found
