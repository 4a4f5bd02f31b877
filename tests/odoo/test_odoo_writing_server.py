"""An Odoo as a whole: refusals, check, reading back.

With `SYNCAGENT_TEST_ODOO_URL`, `_DATABASE`, `_KEY` (and `_USER` for XML-RPC) the tests at the end
run against a real one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from uuid import uuid4

import pytest

from agent.errors import Misconfigured, Unavailable
from connectors.odoo import KIND
from connectors.odoo.versions import SUPPORTED_UNTIL, XML_RPC_ENDS, findings
from tests.odoo.putting import (
    an_order,
    put_order,
    put_product,
    put_stock,
)
from tests.peers.engine import Engine
from tests.peers.odoo import Database, OdooServer

# The rest


def test_entity_that_odoo_has_no_place_for_is_refused(engine: Engine) -> None:
    receipt = engine.put("order_status", "W1", number="W1", status="shipped")
    assert (receipt.accepted, receipt.code) == (False, "SA-5409")


def test_used_up_allowance_is_waited_out(engine: Engine, server: OdooServer) -> None:
    server.busy = True
    with pytest.raises(Unavailable) as busy:
        put_product(engine, "A1")
    assert busy.value.retry_after == 7


def test_what_odoo_holds_is_read_back(stocked: Engine) -> None:
    put_stock(stocked, "5")
    put_order(stocked)
    target = stocked.target
    (product,) = target.read_back("product", ["A1", "never sent"])
    assert (product.key, product.data["sku"], product.data["name"]) == ("A1", "A1", "Vite A1")
    (stock,) = target.read_back("stock", ["A1|M"])
    assert (stock.data["sku"], stock.data["quantity"]) == ("A1", "5")
    (order,) = target.read_back("order", ["W1"])
    assert (order.data["number"], order.data["total_net"]) == ("W1", "27.73")
    assert list(target.read_back("media", ["A1"])) == []


def test_check_tells_version_rights_and_the_end_of_the_key(
    engine: Engine, database: Database
) -> None:
    soon = date.today() + timedelta(days=3)  # noqa: DTZ011 - a key ends on a day
    database.put("res.users.apikeys", name="sync", expiration_date=f"{soon} 00:00:00")
    told = {finding.subject: finding for finding in engine.target.check()}
    assert told["version"].detail.startswith("Odoo 19.0, supported until")
    assert told["stock: stock.quant"].warning
    assert not told["order: sale.order"].warning
    assert told["API key"].warning
    assert str(soon) in told["API key"].detail


def test_wrong_key_halts(engine: Engine, server: OdooServer) -> None:
    server.key = "another"
    with pytest.raises(Misconfigured) as refused:
        put_product(engine, "A1")
    assert refused.value.code == "SA-5220"


def test_versions_end_in_their_order() -> None:
    ends = list(SUPPORTED_UNTIL.values())
    assert ends == sorted(ends)
    assert list(SUPPORTED_UNTIL) == list(range(15, 15 + len(ends)))


@pytest.mark.parametrize(
    ("version", "protocol", "today", "warned"),
    [
        ("19.0", "json2", date(2026, 1, 1), set()),
        ("16.0", "xmlrpc", date(2026, 1, 1), {"version"}),
        ("19.0", "xmlrpc", date(2026, 1, 1), {"protocol"}),
        ("saas~18.2", "xmlrpc", XML_RPC_ENDS - timedelta(days=30), {"version", "API version"}),
        ("12.0", "xmlrpc", date(2026, 1, 1), {"version"}),
        ("", "json2", date(2026, 1, 1), set()),
    ],
)
def test_version_that_ends_is_warned_of(
    version: str, protocol: str, today: date, warned: set[str]
) -> None:
    found = list(findings(version, protocol, today))
    assert {finding.subject for finding in found if finding.warning} == warned


# A real one


@pytest.fixture
def real() -> Iterator[Engine]:
    url = os.environ.get("SYNCAGENT_TEST_ODOO_URL")
    if not url:
        pytest.skip("SYNCAGENT_TEST_ODOO_URL names no Odoo")
    user = os.environ.get("SYNCAGENT_TEST_ODOO_USER", "")
    connection = KIND.connection.model_validate(
        {
            "url": url,
            "database": os.environ["SYNCAGENT_TEST_ODOO_DATABASE"],
            "protocol": "xmlrpc" if user else "json2",
            "api_key": "env:SYNCAGENT_TEST_ODOO_KEY",
            **({"user": user} if user else {}),
        }
    )
    assert KIND.target
    options = KIND.target_options.model_validate({"categories": "none"})
    engine = Engine(KIND.target(connection, options))
    with closing(engine.target):
        yield engine


def test_real_odoo_takes_product_customer_and_order_once(real: Engine) -> None:
    mark = uuid4().hex[:8]
    sku, customer, number = f"SYNC-{mark}", f"C-{mark}", f"W-{mark}"
    assert list(real.target.check())
    assert real.put("product", sku, sku=sku, name="Prova").accepted
    assert real.put("customer", customer, code=customer, name="Prova").accepted
    order = an_order(number, customer)
    for line in order["lines"]:
        line["sku"] = sku
    first = real.put("order", number, **order)
    real.bound.pop(("order", number))
    assert real.put("order", number, **order).reference == first.reference
    assert real.drop("product", sku).accepted
