"""Orders that add up come through whichever way their shop rounds; others are told off in words."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.mapping.spec import Totals
from agent.mapping.totals import totals_judge
from agent.model import Objection


def judged(order: dict[str, Any], **rules: Any) -> Objection | None:
    return totals_judge(Totals.model_validate(rules))(order)


def line(**values: str) -> dict[str, Any]:
    return {"line": 1, "sku": "VIT-1", **values}


def order(lines: list[dict[str, Any]], **values: Any) -> dict[str, Any]:
    return {"number": "W-1", "lines": lines, **values}


SCREWS = line(quantity="10", price="9.95", discount="10", vat_rate="22", total="89.55")
NUTS = {**line(quantity="3", price="1.15", vat_rate="10", total="3.45"), "line": 2}
ADDS_UP = order([SCREWS, NUTS], total_net="93.00", total_vat="20.05", total="113.05")


def test_an_order_that_adds_up_meets_no_objection() -> None:
    assert judged(ADDS_UP, tolerance="0") is None


@pytest.mark.parametrize(
    ("changed", "code", "reason"),
    [
        (
            {"total_net": "93.50", "total": "113.55"},
            "SA-3402",
            "total_net is 93.50, lines give 93.00: 0.50 too much",
        ),
        ({"total_vat": "20.00", "total": "113.00"}, "SA-3403", "total_vat is 20.00, lines give"),
        ({"total": "113.00"}, "SA-3404", "total is 113.00, total_net and VAT give 113.05: 0.05"),
        (
            {"lines": [{**SCREWS, "total": "99.50"}, NUTS]},
            "SA-3401",
            "line 1: total is 99.50, 10 x 9.95 less 10 % gives 89.55: 9.95 too much",
        ),
        ({"lines": [SCREWS]}, "SA-3402", "3.45 too much"),
        ({"lines": [line(quantity="1")]}, "SA-3405", "line 1 has neither price nor total"),
        ({"total_net": None, "total_vat": None, "total": None}, "SA-3405", "it has no total"),
    ],
)
def test_what_does_not_add_up_is_told_with_the_difference(
    changed: dict[str, Any], code: str, reason: str
) -> None:
    objection = judged({**ADDS_UP, **changed})
    assert objection is not None
    assert objection.code == code
    assert reason in objection.reason


def test_all_that_is_wrong_is_told_at_once() -> None:
    objection = judged({**ADDS_UP, "total_net": "90.00"})
    assert objection is not None
    assert objection.reason == (
        "total_net is 90.00, lines give 93.00: 3.00 too little; "
        "total is 113.05, total_net and VAT give 110.05: 3.00 too much"
    )


def test_cents_of_tolerance_are_let_through_and_one_more_is_not() -> None:
    nearly = {**ADDS_UP, "total_net": "93.02", "total": "113.07"}
    assert judged(nearly, tolerance="0.02") is None
    assert judged(nearly, tolerance="0.01") is not None


def test_rounding_by_line_and_by_rate_are_both_right() -> None:
    lines = [line(quantity="1", price="0.07", vat_rate="22") for _ in range(50)]
    by_rate = order(lines, total_net="3.50", total_vat="0.77", total="4.27")
    by_line = order(lines, total_net="3.50", total_vat="1.00", total="4.50")
    for each in (by_rate, by_line):
        assert judged(each, tolerance="0") is None
    assert judged(order(lines, total_net="3.50", total_vat="1.10", total="4.60")) is not None


def test_shipping_and_discount_may_stand_beside_the_lines() -> None:
    beside = {"shipping_total": "7.00", "coupon": "2.00"}
    shipped = order([SCREWS, NUTS], total_net="98.00", attributes=beside)
    assert judged(shipped) is not None
    assert judged(shipped, plus="shipping_total", minus=["coupon"], tolerance="0") is None
    unclear = order([SCREWS], total_net="89.55", attributes={"shipping_total": "free"})
    objection = judged(unclear, plus="shipping_total")
    assert objection is not None
    assert objection.code == "SA-3405"
    assert "is not a number: 'free'" in objection.reason


def test_prices_may_include_vat() -> None:
    included = order(
        [line(quantity="2", price="12.20", vat_rate="22", total="24.40")],
        total_net="20.00",
        total_vat="4.40",
        total="24.40",
    )
    assert judged(included, vat_included="true", tolerance="0") is None
    assert judged(included) is not None
    wrong = judged({**included, "total": "24.00"}, vat_included="true")
    assert wrong is not None
    assert wrong.reason.startswith("total is 24.00, lines give 24.40: 0.40 too little")


def test_without_rates_the_vat_is_taken_as_it_stands() -> None:
    untold = order([line(quantity="2", price="10")], total_vat="4.40", total="24.40")
    assert judged(untold, tolerance="0") is None
    assert judged({**untold, "total": "25.40"}) is not None


CENT = Decimal("0.01")


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


LINES = st.lists(
    st.tuples(
        st.integers(1, 99),
        st.decimals(0, 999, places=4),
        st.sampled_from(["0", "5", "12.5"]),
        st.sampled_from(["4", "10", "22"]),
    ),
    min_size=1,
    max_size=8,
)


@given(lines=LINES, by_line=st.booleans(), off=st.integers(-500, 500))
def test_an_order_is_let_through_unless_a_total_is_off(
    lines: list[tuple[int, Decimal, str, str]], by_line: bool, off: int
) -> None:
    written, net, taxed = [], Decimal(0), dict.fromkeys(("4", "10", "22"), Decimal(0))
    vat = Decimal(0)
    for place, (quantity, price, discount, rate) in enumerate(lines, start=1):
        value = cents(quantity * price * (100 - Decimal(discount)) / 100)
        net += value
        taxed[rate] += value
        vat += cents(value * Decimal(rate) / 100) if by_line else 0
        told = {"quantity": str(quantity), "price": str(price), "discount": discount}
        written.append({"line": place, "sku": "A", **told, "vat_rate": rate, "total": str(value)})
    if not by_line:
        vat = sum((cents(value * Decimal(rate) / 100) for rate, value in taxed.items()), vat)
    whole = order(
        written, total_net=str(net), total_vat=str(vat), total=str(net + vat + off * CENT)
    )
    objection = judged(whole, tolerance="0.01")
    assert (objection is None) == (abs(off) <= 1)
    if objection is not None:
        assert objection.reason.endswith(f"{abs(off) * CENT} too {'much' if off > 0 else 'little'}")
