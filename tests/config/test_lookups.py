"""Tables in which a flow looks values up: they are ends like the others."""

from __future__ import annotations

import pytest

from agent.assembly import flow_plans
from agent.clock import SystemClock
from tests.config.conftest import SOUND, Loading, Refusing

WITH = SOUND.replace(
    "    entity: product\n",
    """\
    lookups:
      prices: {connection: erp, table: LISTINO, key: [ARTICOLO], by: [CODE]}
    entity: product
""",
).replace(
    "      sku: CODE\n", "      sku: CODE\n      brand: prices.MARCA\n      category: prices.CAT\n"
)


def test_lookup_becomes_a_plan_with_the_columns_that_the_mapping_reads(loaded: Loading) -> None:
    config = loaded(WITH)
    (lookup,) = config.flows["products"].lookups
    assert (lookup.name, lookup.by, lookup.end.connection.name) == ("prices", ("CODE",), "erp")
    (plan,) = flow_plans(config, SystemClock())["products"].lookups
    assert (plan.name, plan.by, plan.needed) == ("prices", ("CODE",), ("CAT", "MARCA"))
    with_other_table = loaded(WITH.replace("LISTINO", "LISTINO2"))
    (other,) = flow_plans(with_other_table, SystemClock())["products"].lookups
    assert other.fingerprint != plan.fingerprint


@pytest.mark.parametrize(
    ("given", "instead", "expected"),
    [
        (", by: [CODE]", "", 'SA-1006  "prices" needs the key "by"'),
        ("connection: erp, table: L", "connection: epr, table: L", "did you mean"),
        ("key: [ARTICOLO]", "keys: [ARTICOLO]", 'unknown key "keys"'),
        ("      prices: {", "      2 prices: {", "cannot be a name"),
        ("connection: erp, table: L", "table: L", 'needs the key "connection"'),
    ],
)
def test_what_is_wrong_with_a_lookup_is_told(
    refused: Refusing, given: str, instead: str, expected: str
) -> None:
    assert any(expected in line for line in refused(WITH.replace(given, instead)))


def test_reading_of_a_connection_is_part_of_it(loaded: Loading, refused: Refusing) -> None:
    gentle = "{kind: memory, reading: {quiet: [mon-fri 22:00-04:30], rows_per_second: 500}}"
    config = loaded(SOUND.replace("erp: {kind: memory}", f"erp: {gentle}"))
    reading = config.connections["erp"].reading
    assert [str(window) for window in reading.quiet] == ["mon,tue,wed,thu,fri 22:00-04:30"]
    plan = flow_plans(config, SystemClock())["products"]
    assert plan.pace is not None
    assert plan.pace.took(500) == 1.0
    wrong = gentle.replace("22:00", "22")
    (line,) = refused(SOUND.replace("erp: {kind: memory}", f"erp: {wrong}"))
    assert "write it like 22:00-04:30" in line


def test_looked_up_connection_keeps_its_own_pace(loaded: Loading) -> None:
    apart = WITH.replace(
        "  shop: {kind", "  lists: {kind: memory, reading: {rows_per_second: 100}}\n  shop: {kind"
    ).replace("prices: {connection: erp", "prices: {connection: lists")
    plan = flow_plans(loaded(apart), SystemClock())["products"]
    assert plan.pace is None
    assert plan.lookups[0].pace is not None
    assert plan.lookups[0].pace.took(50) == 0.5
