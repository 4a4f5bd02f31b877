"""A shop of PrestaShop as a whole: log-in, failures, check, reading back.

With `SYNCAGENT_TEST_PRESTASHOP_URL` and `_KEY` the test at the end runs against a real one.
"""

from __future__ import annotations

import os
from contextlib import closing
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from starlette.responses import Response

from agent.errors import Misconfigured, Rejected, Unavailable
from connectors.prestashop import KIND
from connectors.prestashop.entities import entities, read, written
from connectors.prestashop.versions import ENDS, can_patch, findings
from tests.erp.following import configured, page_example, presets_of, run
from tests.peers.engine import Engine
from tests.peers.http_server import Peer
from tests.peers.prestashop import PrestaShop
from tests.prestashop.putting import (
    engine_of,
    put_product,
    put_stock,
    put_variant,
)

# The rest of the target


def test_entity_that_the_shop_has_no_place_for_is_refused(engine: Engine) -> None:
    assert engine.put("document", "1", number="1").code == "SA-5409"


def test_wrong_key_halts(engine: Engine, shop: PrestaShop) -> None:
    shop.key = "ANOTHER"
    with pytest.raises(Misconfigured) as refused:
        put_product(engine, "A1")
    assert refused.value.code == "SA-5220"


def test_method_that_the_key_may_not_use_halts(peer: Peer, shop: PrestaShop) -> None:
    shop.version = "1.7.8.11"
    engine = engine_of(peer, shop, update="patch")
    with closing(engine.target):
        put_product(engine, "A1")
        with pytest.raises(Misconfigured) as refused:
            put_product(engine, "A1", weight="2")
    assert refused.value.code == "SA-5421"


@pytest.mark.parametrize(
    "body",
    [
        b"<html>maintenance</html>",
        b"Notice: Undefined index in /var/www <prestashop/>",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><prestashop>&b;</prestashop>",
        b"\xff",
    ],
)
def test_answer_that_is_no_web_service_is_waited_out(
    engine: Engine, peer: Peer, body: bytes
) -> None:
    peer.answer = lambda _: Response(body, media_type="text/xml")
    with pytest.raises(Unavailable) as odd:
        put_product(engine, "A1")
    assert odd.value.code == "SA-5422"


def test_overloaded_shop_is_waited_out(engine: Engine, peer: Peer) -> None:
    peer.answer = lambda _: Response(status_code=503, headers={"retry-after": "7"})
    with pytest.raises(Unavailable) as busy:
        put_product(engine, "A1")
    assert busy.value.retry_after == 7


def test_shop_is_named_in_every_call(peer: Peer) -> None:
    connection = {"url": peer.url, "key": "env:SYNC_TEST_KEY", "shop": "3"}
    assert KIND.target
    target = KIND.target(
        KIND.connection.model_validate(connection), KIND.target_options.model_validate({})
    )
    with closing(target):
        Engine(target).put("product", "A1", sku="A1", name="Vite")
    assert {each.query["id_shop"] for each in peer.asked} == {"3"}


def test_what_the_shop_holds_is_read_back(engine: Engine) -> None:
    put_product(engine, "P", weight="0.1250", active=True)
    put_variant(engine, "R", Colore="Rosso")
    put_stock(engine, "5", "R")
    target = engine.target
    product, variant = target.read_back("product", ["P", "R", "never sent"])
    assert product.data == {
        "sku": "P",
        "name": "Vite P",
        "description": None,
        "ean": None,
        "weight": "0.125",
        "active": True,
    }
    assert variant.data == {"sku": "R", "ean": None}
    (stock,) = target.read_back("stock", ["R|M"])
    assert stock.data == {"quantity": "5"}
    assert list(target.read_back("order", ["1"])) == []


def test_check_tells_version_and_what_is_missing(peer: Peer, shop: PrestaShop) -> None:
    engine = engine_of(peer, shop, root_category="999", language="de", statuses={"lost": "998"})
    with closing(engine.target):
        told = {finding.subject: finding for finding in engine.target.check()}
    assert told["API version"].detail.startswith("PrestaShop 8.1.6")
    assert told["languages"].detail == "it, en"
    assert {subject for subject, finding in told.items() if finding.warning} == {
        "language",
        "category 999",
        "states of orders",
    }


@pytest.mark.parametrize(
    ("version", "patch", "warned"),
    [
        ("1.7.8.11", False, True),
        ("1.6.1.24", False, True),
        ("8.1.6", True, False),
        ("9.0.0", True, False),
        ("10.0.0", True, False),
        ("", False, False),
    ],
)
def test_version_that_ended_is_warned_of(version: str, patch: bool, warned: bool) -> None:
    (finding,) = findings(version, date(2026, 1, 1))
    assert (can_patch(version), finding.warning) == (patch, warned)


def test_versions_end_in_their_order() -> None:
    ends = [day for day in ENDS.values() if day]
    assert ends == sorted(ends)


def test_entity_is_read_as_it_was_written() -> None:
    entity = {
        "id": "7",
        "reference": "<A&1>",
        "name": {1: "Più €", 2: "]]>"},
        "associations": {"categories": [{"id": "2"}, {"id": "3"}]},
    }
    (found,) = entities(read(written("product", entity), "shop"))
    assert found == entity
    with pytest.raises(Rejected):
        written("product", {"name": "\x00"})


def test_example_of_the_page_loads(peer: Peer, tmp_path: Path) -> None:
    said = page_example("prestashop.md")
    said["connections"]["shop"] |= {"url": peer.url, "key": "env:SYNC_TEST_KEY"}
    flows = configured(tmp_path, said).flows
    assert {flow.entity for flow in flows.values()} == {
        "category",
        "product",
        "price",
        "stock",
        "customer",
        "order",
        "order_status",
    }


# A real one


def test_real_shop_takes_a_product_and_its_stock_once(tmp_path: Path) -> None:
    url = os.environ.get("SYNCAGENT_TEST_PRESTASHOP_URL")
    if not url:
        pytest.skip("SYNCAGENT_TEST_PRESTASHOP_URL names no shop")
    connection = {"url": url, "key": "env:SYNCAGENT_TEST_PRESTASHOP_KEY"}
    assert KIND.target
    target = KIND.target(
        KIND.connection.model_validate(connection), KIND.target_options.model_validate({})
    )
    sku = f"SYNC-{uuid4().hex[:8]}"
    with closing(target):
        engine = Engine(target)
        assert list(target.check())
        first = engine.put("product", sku, sku=sku, name="Prova", active=False)
        assert first.accepted
        engine.bound.clear()
        assert engine.put("product", sku, sku=sku, name="Prova", weight="1").accepted
        assert engine.bound["product", sku] == first.reference
        assert put_stock(engine, "3", sku).accepted
        assert put_stock(engine, "4", sku).accepted
        assert engine.drop("product", sku).accepted
    said = presets_of("prestashop", connection, *KIND.presets)
    for preset in KIND.presets:
        assert run(configured(tmp_path, said), preset).refused == []
