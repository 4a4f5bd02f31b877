"""What is ordered in the demo's shop becomes one document of the demo's ERP, number and all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.demo import erp
from agent.demo.premises import Premises


@pytest.fixture
def premises(tmp_path: Path) -> Iterator[Premises]:
    with Premises(tmp_path) as premises:
        yield premises


def test_order_becomes_a_document_whose_number_comes_back(premises: Premises) -> None:
    premises.agent.start()
    customer, codes = erp.customer_codes(premises.erp)[0], erp.article_codes(premises.erp)[:2]
    premises.agent.until(
        lambda: codes[1] in premises.shop.request("GET", f"/?q={codes[1]}").text, "articles arrive"
    )
    page = premises.shop.place_order(customer, dict.fromkeys(codes, 3))
    found = premises.agent.until(lambda: erp.documents(premises.erp), "the order arrives")
    assert found == {"W000001": ("OC/4712", 2)}
    premises.agent.until(
        lambda: "OC/4712" in premises.shop.request("GET", page).text, "its number comes back"
    )


def test_orders_placed_while_the_agent_is_killed_and_started_become_one_document_each(
    premises: Premises,
) -> None:
    premises.agent.start()
    customer, code = erp.customer_codes(premises.erp)[0], erp.article_codes(premises.erp)[0]
    for number in range(9):
        premises.shop.place_order(customer, {code: number + 1})
        if number % 3 == 2:
            premises.agent.kill()
            premises.agent.start()
    expected = {f"W{number:06}" for number in range(1, 10)}
    premises.agent.until(lambda: erp.documents(premises.erp).keys() >= expected, "all arrive")
    found = erp.documents(premises.erp)
    assert found.keys() == expected
    assert {lines for _, lines in found.values()} == {1}


def test_order_of_a_customer_that_the_erp_does_not_have_waits_for_a_person(
    premises: Premises,
) -> None:
    client = premises.agent.start()
    premises.shop.place_order("nobody", {erp.article_codes(premises.erp)[0]: 1})
    parked = premises.agent.until(
        lambda: client.ask("messages", state="parked", flow="orders")["messages"], "it is parked"
    )
    assert [message["key"] for message in parked] == ["W000001"]
    assert erp.documents(premises.erp) == {}
