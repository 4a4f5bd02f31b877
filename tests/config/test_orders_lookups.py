"""A flow that looks up what orders take from the stock: what it becomes, and what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from agent.assembly import flow_plans
from agent.cli.config import as_shown
from agent.clock import SystemClock
from agent.config import load
from tests.config.conftest import Loading, Refusing

WEB = '{orders: orders, by: [ART, MAG], warehouse: "01", until: {flow: st, status: [shipped]}}'
CONFIG = """
connections:
  shop: {kind: memory}
  erp: {kind: memory}
flows:
  orders:
    source: {connection: shop, table: O, key: [N]}
    target: {connection: erp, receiver: E}
    entity: order
    totals: {tolerance: 0.05, vat_included: yes, plus: shipping_total}
    mapping: {number: N, customer: C, placed_at: P, lines: L}
  st:
    source: {connection: erp, table: S, key: [N]}
    target: {connection: shop, receiver: T}
    entity: order_status
    mapping: {number: N, status: S}
  stock:
    source: {connection: erp, table: G, key: [ART, MAG]}
    lookups:
      web: WEB
      buffers: {connection: erp, table: B, key: [ART], by: [ART]}
    target: {connection: shop, receiver: U}
    entity: stock
    mapping: {sku: ART, warehouse: MAG, quantity: web.quantity, reserved: buffers.PIECES}
""".replace("WEB", WEB)


def test_orders_are_looked_up_behind_the_other_tables(loaded: Loading) -> None:
    plans = flow_plans(loaded(CONFIG), SystemClock())
    buffers, web = plans["stock"].lookups
    assert (buffers.name, buffers.may_be_empty) == ("buffers", False)
    assert (web.name, web.by, web.needed) == ("web", ("ART", "MAG"), ("quantity",))
    assert web.may_be_empty
    assert plans["stock"].reserving is None
    orders, statuses = plans["orders"].reserving, plans["st"].reserving
    assert orders is not None
    assert (orders.takes, orders.outlasts, orders.ends) == (True, True, ())
    assert statuses is not None
    assert (statuses.takes, statuses.ends) == (False, (("orders", frozenset({"shipped"})),))


def test_what_is_shown_says_the_same(tmp_path: Path, loaded: Loading) -> None:
    first = loaded(CONFIG)
    path = tmp_path / "shown.yaml"
    path.write_text(yaml.safe_dump(as_shown(first), sort_keys=False), encoding="utf-8")
    again = load(path)
    assert again.flows["stock"].reserved == first.flows["stock"].reserved
    assert again.flows["orders"].totals == first.flows["orders"].totals


@pytest.mark.parametrize(
    ("given", "instead", "expected"),
    [
        ("{orders: orders, by", "{orders: oders, by", 'there is no flow "oders"'),
        ("{orders: orders, by", "{orders: st, by", "does not take orders over"),
        (', warehouse: "01"', "", "`by` and `warehouse` go together"),
        ("by: [ART, MAG], w", "by: [ART], w", "`by` and `warehouse` go together"),
        ("until: {flow: st", "until: {flow: orders", '"orders" is no flow of order_status'),
        ("by: [ART, MAG], w", "by: [A, B, C], w", "SA-1008"),
        ("status: [shipped]", "status: []", "SA-1008"),
        ("{orders: orders, by", "{orders: orders, bye: 1, by", 'unknown key "bye"'),
        ("entity: stock\n", "entity: stock\n    totals: 0.02\n", "SA-1108"),
        ("tolerance: 0.05", "tolerance: much", "a number is expected"),
    ],
)
def test_what_is_wrong_is_told(refused: Refusing, given: str, instead: str, expected: str) -> None:
    assert given in CONFIG
    assert any(expected in line for line in refused(CONFIG.replace(given, instead)))


def test_two_who_look_up_the_same_orders_name_the_same_statuses(refused: Refusing) -> None:
    other = "      web: " + WEB.replace(", until: {flow: st, status: [shipped]}", "")
    second = CONFIG[CONFIG.index("  stock:") :].replace("  stock:", "  other:")
    second = second.replace("      web: " + WEB, other)
    lines = refused(CONFIG + second)
    assert any("name different statuses" in line for line in lines)
