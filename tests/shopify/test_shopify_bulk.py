"""First loads by bulk operation: few requests, no doubles, gone on with after whatever broke."""

import math

import pytest

from agent.errors import Unavailable
from agent.model import Message
from tests.shopify.sending import Closed, Sending


@pytest.fixture
def loading(sending: Sending) -> Sending:
    sending.reopen(bulk_from=10, batch_size=10_000, adopt=False)
    return sending


def products(sending: Sending, count: int, first: int = 0) -> list[Message]:
    return [sending.product(f"A-{number}") for number in range(first, first + count)]


def created(sending: Sending) -> int:
    return sending.done().count("productSet")


def test_many_new_products_are_one_operation(loading: Sending) -> None:
    loading.server.bulk.looks = 3
    receipts = loading.send(*products(loading, 300))
    assert all(each.accepted for each in receipts.values())
    assert len({each.reference for each in receipts.values()}) == 300
    assert len(loading.shop.all("Product")) == 300
    assert loading.gate.pauses == [5.0, 5.0, 5.0]
    held = loading.holds("Product", "A-299")
    assert receipts["A-299"].reference.split("/")[0] == held["id"].rpartition("/")[2]


def test_a_first_load_takes_as_many_requests_as_arithmetic_says(loading: Sending) -> None:
    loads, size = 4, 100
    for load in range(loads):
        loading.send(*products(loading, size, first=load * size))
    # a place for the file, the file, the operation, a look at it, the result
    least = 5 * loads
    made = len(loading.server.requests) + len(loading.server.fetched)
    assert made <= math.floor(least * 1.01)
    assert created(loading) == loads * size, "and no product is written twice"


def test_parents_travel_with_their_variants(loading: Sending) -> None:
    family = [loading.product("M"), *(loading.variant(f"M-{n}", "M", f"{n}") for n in range(3))]
    receipts = loading.send(*family, *products(loading, 10))
    assert all(each.accepted for each in receipts.values())
    assert receipts["M-2"].reference.count("/") == 2
    assert len(loading.shop.all("Product")) == 11


def test_refused_line_is_one_refused_record(loading: Sending) -> None:
    loading.shop.refused["A-7"] = "is not a SKU"
    receipts = loading.send(*products(loading, 20))
    assert [key for key, each in receipts.items() if not each.accepted] == ["A-7"]
    assert "is not a SKU" in receipts["A-7"].reason


def test_delivery_that_ends_before_the_operation_is_gone_on_with(loading: Sending) -> None:
    loading.server.bulk.looks = 100
    loading.gate.closes_after = 10
    messages = products(loading, 200)
    with pytest.raises(Closed):
        loading.send(*messages)
    loading.gate.closes_after = None
    with pytest.raises(Unavailable) as told:
        loading.asked(*messages)
    assert told.value.code == "SA-5449"
    assert told.value.retry_after == 60
    with pytest.raises(Unavailable):
        loading.asked(*messages[:10])  # a probe of the engine: as little is known of a few
    loading.server.bulk.finish()
    loading.server.requests.clear()
    assert len(loading.asked(*messages)) == 200
    assert len(loading.server.requests) == 1, "the list of operations; its file tells the rest"
    assert created(loading) == 200


def test_lost_answer_to_the_start_begins_no_second_operation(loading: Sending) -> None:
    messages = products(loading, 150)
    for _ in range(1):  # a place for the file
        loading.server.pass_next()
    loading.server.lose_next_answer()
    with pytest.raises(Unavailable) as lost:
        loading.send(*messages)
    assert not lost.value.untouched
    assert len(loading.asked(*messages)) == 150
    assert len(loading.shop.all("BulkOperation")) == 1


def test_operation_that_broke_off_leaves_the_rest_to_be_sent_again(loading: Sending) -> None:
    loading.server.bulk.breaks_after = 120
    messages = products(loading, 200)
    with pytest.raises(Unavailable) as told:
        list(loading.target.deliver(messages))
    receipts = list(loading.target.look_up(messages))
    assert told.value.code == "SA-5450"
    assert "120 of 200" in told.value.reason
    assert len(receipts) == 120
    loading.server.bulk.breaks_after = None
    there = {each.message_id for each in receipts}
    rest = [message for message in messages if message.id not in there]
    assert all(each.accepted for each in loading.send(*rest).values())
    assert created(loading) == 200


def test_result_of_an_older_version_does_not_stand_for_a_newer_one(loading: Sending) -> None:
    loading.send(*products(loading, 150))
    loading.forget()
    newer = products(loading, 150)
    assert loading.asked(*newer) == {}


def test_product_that_is_there_already_is_changed_and_not_doubled(loading: Sending) -> None:
    loading.send(loading.product("A-3", "Vecchio"))
    loading.forget()
    receipts = loading.send(*products(loading, 20))
    assert all(each.accepted for each in receipts.values())
    assert len(loading.shop.all("Product")) == 20
    assert loading.holds("Product", "A-3")["title"] == "Vite"


def test_sixth_operation_at_a_time_has_to_wait(loading: Sending) -> None:
    loading.server.bulk.looks = 1000
    loading.gate.closes_after = 0
    for load in range(5):
        loading.gate.closes_after = loading.gate.passed + 3
        with pytest.raises(Closed):
            loading.send(*products(loading, 20, first=load * 20))
    loading.gate.closes_after = None
    with pytest.raises(Unavailable) as told:
        loading.send(*products(loading, 20, first=100))
    assert told.value.code == "SA-5449"
    assert told.value.untouched


def test_few_products_need_no_operation(loading: Sending) -> None:
    loading.send(*products(loading, 9))
    assert loading.shop.all("BulkOperation") == []
