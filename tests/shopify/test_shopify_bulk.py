"""First loads by bulk operation: few requests, no doubles, gone on with after whatever broke."""

import math

import pytest
from msgspec import structs

from agent.errors import Unavailable
from agent.model import Message
from tests.shopify.sending import Sending


@pytest.fixture
def loading(sending: Sending) -> Sending:
    sending.reopen(bulk_from=10, batch_size=10_000, adopt=False)
    return sending


def products(sending: Sending, count: int, first: int = 0) -> list[Message]:
    return [sending.product(f"A-{number}") for number in range(first, first + count)]


def created(sending: Sending) -> int:
    return sending.done().count("productSet")


def operations(sending: Sending) -> int:
    return len(sending.shop.all("BulkOperation"))


def started(sending: Sending, messages: list[Message]) -> list[Message]:
    """The messages as they come again after their operation began."""
    with pytest.raises(Unavailable) as told:
        list(sending.target.deliver(messages))
    assert told.value.code == "SA-5449"
    assert told.value.retry_after == 10
    assert not told.value.untouched
    return [structs.replace(message, doubtful=True) for message in messages]


def test_many_new_products_are_one_operation(loading: Sending) -> None:
    loading.server.bulk.looks = 3
    assert loading.send_until_settled(*products(loading, 100)) == 5
    assert len(loading.shop.all("Product")) == 100
    assert operations(loading) == 1
    held = loading.holds("Product", "A-99")
    reference = loading.kept.references["product", "A-99"]
    assert reference.split("/")[0] == held["id"].rpartition("/")[2]


def test_a_first_load_takes_as_many_requests_as_arithmetic_says(loading: Sending) -> None:
    loads, size = 4, 50
    for load in range(loads):
        loading.send_until_settled(*products(loading, size, first=load * size))
    # a place for the file, the file, the operation, a look at it, the result
    least = 5 * loads
    made = len(loading.server.requests) + len(loading.server.fetched)
    assert made <= math.floor(least * 1.01)
    assert created(loading) == loads * size, "and no product is written twice"


def test_parents_travel_with_their_variants(loading: Sending) -> None:
    family = [loading.product("M"), *(loading.variant(f"M-{n}", "M", f"{n}") for n in range(3))]
    loading.send_until_settled(*family, *products(loading, 150))
    assert loading.kept.references["product", "M-2"].count("/") == 2
    assert len(loading.shop.all("Product")) == 151
    assert created(loading) == 151


def test_refused_line_is_sent_by_itself_and_told_why(loading: Sending) -> None:
    for number in range(20, 40):  # as many as would make an operation of their own
        loading.shop.refused[f"A-{number}"] = "is not a SKU"
    again = started(loading, products(loading, 150))
    assert len(loading.asked(*again)) == 130
    rest = [message for message in again if ("product", message.key) not in loading.kept.references]
    receipts = loading.send(*rest)
    assert len(receipts) == 20
    assert all("is not a SKU" in each.reason for each in receipts.values())
    assert operations(loading) == 1


def test_nobody_knows_while_the_operation_is_at_work(loading: Sending) -> None:
    loading.server.bulk.looks = 100
    again = started(loading, products(loading, 150))
    for asked in (again, again[:10]):  # the second as the engine probes
        with pytest.raises(Unavailable) as told:
            list(loading.target.look_up(asked))
        assert (told.value.code, told.value.retry_after) == ("SA-5449", 30)
    loading.server.bulk.finish()
    loading.server.requests.clear()
    assert len(loading.asked(*again)) == 150
    assert len(loading.server.requests) == 1, "the list of operations; its file tells the rest"


def test_lost_answer_to_the_start_begins_no_second_operation(loading: Sending) -> None:
    messages = products(loading, 150)
    loading.server.pass_next()  # a place for the file
    loading.server.lose_next_answer()
    with pytest.raises(Unavailable) as lost:
        list(loading.target.deliver(messages))
    assert not lost.value.untouched
    assert len(loading.asked(*messages)) == 150
    assert operations(loading) == 1


def test_outage_before_the_start_leaves_no_doubt(loading: Sending) -> None:
    loading.server.fail_next(429)
    with pytest.raises(Unavailable) as failed:
        list(loading.target.deliver(products(loading, 20)))
    assert operations(loading) == 0
    assert failed.value.untouched


def test_operation_that_broke_off_leaves_the_rest_to_be_sent_one_by_one(loading: Sending) -> None:
    loading.server.bulk.breaks_after = 120
    again = started(loading, products(loading, 200))
    assert len(loading.asked(*again)) == 120
    rest = [message for message in again if ("product", message.key) not in loading.kept.references]
    assert all(each.accepted for each in loading.send(*rest).values())
    assert created(loading) == 200
    assert operations(loading) == 1


def test_result_of_an_older_version_does_not_stand_for_a_newer_one(loading: Sending) -> None:
    loading.send_until_settled(*products(loading, 150))
    loading.forget()
    newer = products(loading, 150)
    assert loading.asked(*newer) == {}


def test_product_that_is_there_already_is_changed_and_not_doubled(loading: Sending) -> None:
    loading.send(loading.product("A-3", "Vecchio"))
    loading.forget()
    loading.send_until_settled(*products(loading, 20))
    assert len(loading.shop.all("Product")) == 20
    assert loading.holds("Product", "A-3")["title"] == "Vite"


def test_sixth_operation_at_a_time_has_to_wait(loading: Sending) -> None:
    loading.server.bulk.looks = 1000
    for load in range(5):
        started(loading, products(loading, 20, first=load * 20))
    made = len(loading.server.requests) + len(loading.server.fetched)
    with pytest.raises(Unavailable) as told:
        list(loading.target.deliver(products(loading, 20, first=100)))
    assert told.value.code == "SA-5449"
    assert told.value.untouched
    assert len(loading.server.requests) + len(loading.server.fetched) == made, "nobody was asked"


def test_sixth_operation_of_another_agent_is_refused_by_the_shop(loading: Sending) -> None:
    loading.server.bulk.looks = 1000
    for load in range(5):
        started(loading, products(loading, 20, first=load * 20))
    loading.reopen(bulk_from=10, batch_size=10_000, adopt=False)
    with pytest.raises(Unavailable) as told:
        list(loading.target.deliver(products(loading, 20, first=100)))
    assert (told.value.code, told.value.untouched) == ("SA-5449", True)


def test_what_has_ended_does_not_wait_for_what_is_at_work(loading: Sending) -> None:
    ended = started(loading, products(loading, 20))
    loading.server.bulk.looks = 1000
    working = started(loading, products(loading, 20, first=20))
    loading.server.fetched.clear()
    assert len(loading.asked(*ended)) == 20
    assert len(loading.server.fetched) == 1, "no other result was looked into"
    with pytest.raises(Unavailable):
        list(loading.target.look_up(working))


def test_few_products_need_no_operation(loading: Sending) -> None:
    loading.send(*products(loading, 9))
    assert operations(loading) == 0
