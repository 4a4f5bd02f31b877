"""A kind of its own on top: an ERP that speaks OData behind a log-in of its own."""

from __future__ import annotations

from contextlib import closing

from pydantic import Field
from starlette.responses import JSONResponse, Response

from connectors._http import Authorization, shared
from connectors._odata.options import ODataOptions
from connectors._odata.source import ODataSource
from connectors._rest.access import ServerOptions
from tests.odata.server import Items, items
from tests.odata.sources import keys
from tests.peers.http_server import Asked, Peer
from tests.rest.session import Session


class ErpOptions(ServerOptions):
    """Where the ERP is."""

    def authorization(self) -> Authorization:
        """One session for all flows."""
        return shared(("erp", self.url), lambda: Session(self.url))


class ItemOptions(ODataOptions):
    """What its users need not say."""

    entity_set: str = "Items"
    key: tuple[str, ...] = ("sku",)
    columns: tuple[str, ...] = ("name", "price")
    page_size: int | None = Field(default=10)


class ErpSource(ODataSource[ErpOptions, ItemOptions]):
    """Reads its items."""


def test_session_of_a_kind_of_its_own_lasts_over_pages_and_runs(peer: Peer, service: Items) -> None:
    service.records = items(35)
    begun: list[int] = []

    def answer(asked: Asked) -> Response:
        if asked.path == "/Login":
            begun.append(0)
            return Response(headers={"set-cookie": f"B1SESSION={len(begun)}; HttpOnly"})
        if asked.headers.get("cookie") != f"B1SESSION={len(begun)}" or begun[-1] == 6:
            return JSONResponse({"error": {"message": "Invalid session"}}, 401)
        begun[-1] += 1
        return service(asked)

    peer.answer = answer
    for _ in range(3):
        with closing(ErpSource(ErpOptions(url=peer.url), ItemOptions())) as source:
            batches = list(source.read(""))
            assert len(keys(batches)) == 35
            assert batches[-1].complete
    assert begun == [6, 6]
