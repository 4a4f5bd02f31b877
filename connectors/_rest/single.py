"""One record behind an address of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from agent.contract import Batch
from agent.errors import Rejected, Unavailable
from agent.model import Json
from connectors._http import Request
from connectors._rest.records import Columns, readable

if TYPE_CHECKING:
    from connectors._rest.api import Api

GONE = {204, 404, 410}


def one_record(
    api: Api, request: Request, key: str, columns: Columns, find: Callable[[Json], list[Json]]
) -> Batch:
    """The record at an address as a batch, empty where the server says that it is gone.

    A server that answers with some other record must not make the wanted one vanish.
    """
    answer = api.ask(request)
    if answer.status in GONE:
        return Batch(columns.names, ())
    content = api.content(request.url, answer)
    rows = columns.rows(find(content.value), doubtful=content.doubtful)
    for row in rows:
        if not isinstance(row, Rejected) and (found := columns.key_of(row)) != key:
            raise Unavailable(
                "SA-2410", f"{api.server} was asked for {key!r} and answered {found!r}"
            )
    return Batch(columns.names, readable(rows))
