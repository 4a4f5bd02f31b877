"""A whole flow over a web API: rows come, changes follow, what is deleted goes; the examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.responses import JSONResponse, Response

from agent.contract import AnySource
from agent.intake import FlowPlan
from agent.mapping import MappingSpec, compile_mapping
from connectors._odata.options import ODataOptions
from connectors._rest.access import ApiOptions
from connectors._rest.options import RestOptions
from connectors._rest.source import RestSource
from connectors.odata import ServiceOptions, ServiceSource
from tests.intake.premises import Premises, premises
from tests.peers.http_server import Asked, Peer
from tests.rest.articles import Articles, articles

DOCS = Path(__file__).resolve().parents[2] / "docs" / "connectors"

OPTIONS: dict[str, Any] = {
    "path": "/pages",
    "records": "data.items",
    "key": ["sku"],
    "columns": ["name", "price"],
    "paging": {"kind": "page", "size_parameter": "size", "size": 10, "total": "meta.total"},
    "changes": {"field": "changed", "parameters": {"since": "{since}"}},
    "deleted": {
        "path": "/deleted",
        "records": "gone",
        "key": ["id"],
        "parameters": {"since": "{since}"},
        "paging": {"kind": "none"},
    },
    "item": "/item/{key}",
    "item_record": "article",
}


class OverApi(Premises):
    """The flow of the premises, with a list of a web API as its source."""

    url = ""

    def plan(self) -> FlowPlan:
        return replace(super().plan(), make_source=self.make_source)

    def make_source(self) -> RestSource[ApiOptions, RestOptions]:
        return RestSource(ApiOptions(url=self.url), RestOptions.model_validate(OPTIONS))


@pytest.fixture
def site(tmp_path: Path, peer: Peer, request: pytest.FixtureRequest) -> Iterator[OverApi]:
    with premises(tmp_path, request.node.nodeid) as plain:
        site = OverApi(plain.store, plain.name)
        site.url = peer.url
        site.mapping = {
            "sku": "sku",
            "name": "name",
            "attributes": {"expression": "{'price': row.price}", "type": "json"},
        }
        yield site


def test_flow_follows_its_list(site: OverApi, shelf: Articles) -> None:
    shelf.records = articles(35, changed="2026-01-01T10:00:00Z")
    assert site.sync().counts["inserts"] == 35
    shelf.records[6] |= {"price": "12.00", "changed": "2026-01-01T11:00:00Z"}
    shelf.records.remove(shelf.records[20])
    shelf.deleted = [{"id": "A021"}]
    counts = site.sync().counts
    assert (counts["inserts"], counts["updates"], counts["deletes"]) == (0, 1, 1)
    shown = site.shown()
    assert shown["A007"]["attributes"] == {"price": "12.00"}
    assert "A021" not in shown
    effects = len(site.receiver.effects)
    assert site.sync().outcome == "ok"
    assert len(site.receiver.effects) == effects


def test_record_that_was_deleted_and_made_again_stays(site: OverApi, shelf: Articles) -> None:
    shelf.records = articles(5, changed="2026-01-01T10:00:00Z")
    site.sync()
    shelf.deleted = [{"id": "A003"}]
    for _ in range(2):
        assert site.sync().counts["deletes"] == 0
    assert "A003" in site.shown()


def test_full_pass_deletes_what_no_list_of_deletions_told(site: OverApi, shelf: Articles) -> None:
    shelf.records = articles(30, changed="2026-01-01T10:00:00Z")
    site.sync()
    shelf.records.remove(shelf.records[4])
    assert site.sync().counts["deletes"] == 0
    assert site.sync("full").counts["deletes"] == 1
    assert "A005" not in site.shown()


def test_list_torn_while_it_is_read_deletes_nothing_until_it_is_whole(
    site: OverApi, shelf: Articles
) -> None:
    shelf.records = articles(30, changed="2026-01-01T10:00:00Z")
    site.sync()
    removed = iter([True])
    shelf.between = lambda: shelf.records.remove(shelf.records[0]) if next(removed, False) else None
    assert site.sync("full").counts["deletes"] == 0
    assert site.sync("full").counts["deletes"] == 1
    assert sorted(site.shown()) == [each["sku"] for each in shelf.records]


def test_outage_in_the_middle_of_a_pass_leaves_everything_as_it_was(
    site: OverApi, shelf: Articles, peer: Peer
) -> None:
    shelf.records = articles(30, changed="2026-01-01T10:00:00Z")
    site.sync()

    def answer(asked: Asked) -> Response:
        return Response(status_code=502) if asked.query["page"] == "2" else shelf(asked)

    peer.answer = answer
    result = site.sync("full")
    assert (result.outcome, result.again) == ("failed", True)
    assert len(site.shown()) == 30


def test_single_key_is_synced_and_deleted_where_it_is_gone(site: OverApi, shelf: Articles) -> None:
    shelf.records = articles(3)
    site.sync()
    shelf.records[1]["name"] = "Dado"
    shelf.records.pop(0)
    counts = site.sync("keys", "A001", "A002").counts
    assert counts["deletes"] == 1
    assert site.shown()["A002"]["name"] == "Dado"
    assert sorted(site.shown()) == ["A002", "A003"]


def example(page: str, flow: str) -> dict[str, Any]:
    """A flow of a page's examples, as it stands there."""
    text = (DOCS / page).read_text(encoding="utf-8")
    for block in re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        found = yaml.load(block, yaml.BaseLoader).get("flows") or {}
        if flow in found:
            found[flow]["source"].pop("connection")
            return dict(found[flow])
    raise LookupError(flow)


def first_record(flow: dict[str, Any], source: AnySource) -> dict[str, Any]:
    """What becomes of the first row, by the example's own mapping."""
    (batch, *_) = source.read("")
    source.close()
    spec = MappingSpec.model_validate(flow["mapping"])
    mapping = compile_mapping(spec, entity=flow["entity"])
    record: dict[str, Any] = json.loads(mapping.bind(batch.columns)(batch.rows[0]).body)
    return record


def test_customers_of_the_page_on_rest_arrive(peer: Peer) -> None:
    flow = example("rest.md", "customers")
    customer = {
        "id": 4711,
        "name": "Rossi",
        "billing": {"vat_number": "IT0123"},
        "addresses": [{"code": "1", "street": "Via Roma 1", "city": "Roma", "zip": "00184"}],
    }
    answer = {"data": {"items": [customer]}, "meta": {"total": 1}}
    peer.answer = lambda _: JSONResponse(answer)
    options = RestOptions.model_validate(flow["source"])
    record = first_record(flow, RestSource(ApiOptions(url=peer.url), options))
    assert record["code"] == "4711"
    assert record["addresses"][0]["postal_code"] == "00184"
    assert peer.questions == ["/v2/customers?active=true&sort=id&per_page=200&page=1"]


def test_stock_of_the_page_on_rest_arrives(peer: Peer) -> None:
    flow = example("rest.md", "stock")
    rows = [
        {"item": "7", "location": "1", "quantityavailable": "12"},
        {"item": "8", "location": "1"},
    ]
    peer.answer = lambda _: JSONResponse({"items": rows, "totalResults": 2, "hasMore": False})
    options = RestOptions.model_validate(flow["source"])
    record = first_record(flow, RestSource(ApiOptions(url=peer.url), options))
    assert record == {"sku": "7", "warehouse": "1", "quantity": "12"}
    assert peer.questions == ["/query/v1/suiteql?limit=1000&offset=0"]
    assert json.loads(peer.asked[0].body)["q"].startswith("SELECT item")


def test_prices_of_the_page_on_odata_arrive(peer: Peer) -> None:
    flow = example("odata.md", "prices")
    price = {
        "Item": "A01",
        "PriceList": "B",
        "Price": 12.5,
        "Currency": "EUR",
        "ModifiedAt": "2026-01-01T10:00:00Z",
        "Tiers": [{"FromQuantity": 10, "Price": 11.25}],
    }
    peer.answer = lambda _: JSONResponse({"@odata.count": 1, "value": [price]})
    options = ODataOptions.model_validate(flow["source"])
    record = first_record(flow, ServiceSource(ServiceOptions(url=peer.url), options))
    assert record["price"] == "12.5"
    assert record["tiers"] == [{"min_quantity": "10", "price": "11.25"}]
    assert peer.asked[0].query == {
        "$select": "Item,PriceList,Price,Currency,ModifiedAt",
        "$expand": "Tiers",
        "$filter": "Active eq true",
        "$orderby": "Item,PriceList",
        "$count": "true",
    }
