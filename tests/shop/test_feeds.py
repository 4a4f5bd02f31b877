"""The feeds of the reference shop keep the protocol, request by request."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from agent.demo.shop import ShopDatabase, ShopProcess
from agent.demo.shop.protocol import FEEDS
from agent.entities import ENTITIES
from tests.shop.caller import DOCUMENT, Caller, require
from tests.shop.conftest import TOKEN, StartShop

FEED = "/v1/feeds/{feed}"
READ = "/v1/feeds/{feed}/read"
ACKNOWLEDGE = "/v1/feeds/{feed}/acknowledgements"


@pytest.fixture
def shop(start_shop: StartShop) -> ShopProcess:
    return start_shop(secrets={"SHOP_TOKEN": TOKEN})


def page(caller: Caller, after: str = "", feed: str = "orders", **query: Any) -> dict[str, Any]:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    mark = f"after={after}&" if after else ""
    answer: dict[str, Any] = caller.get(f"/v1/feeds/{feed}?{mark}{asked}", FEED).json()
    return answer


def order(number: str, note: str = "") -> dict[str, Any]:
    return {
        "number": number,
        "customer": "000412",
        "placed_at": "2026-11-22T08:14:40Z",
        "lines": [{"line": 1, "sku": "00123", "quantity": "3"}],
        "note": note,
    }


def test_examples_of_feeds_keep_their_schemas() -> None:
    content = DOCUMENT["paths"][FEED]["get"]["responses"]["200"]["content"]
    for example in content["application/json"]["examples"].values():
        require(content, "application/json", example["value"])


def test_capabilities_name_the_feeds_and_each_has_an_entity(caller: Caller) -> None:
    assert caller.get("/v1/").json()["feeds"] == list(FEEDS)
    assert set(FEEDS.values()) <= set(ENTITIES)


def test_feed_is_read_page_by_page_in_the_order_of_change(
    caller: Caller, shop: ShopProcess
) -> None:
    shop.put_records("orders", **{f"W{number}": order(f"W{number}") for number in range(5)})
    first = page(caller, limit=3)
    assert [each["key"] for each in first["items"]] == ["W0", "W1", "W2"]
    assert first["more"]
    second = page(caller, first["cursor"], limit=3)
    assert [each["key"] for each in second["items"]] == ["W3", "W4"]
    assert not second["more"]
    assert page(caller, second["cursor"]) == {
        "items": [],
        "cursor": second["cursor"],
        "more": False,
    }


def test_order_that_changed_stands_at_the_end_once_with_a_higher_version(
    caller: Caller, shop: ShopProcess
) -> None:
    shop.put_records("orders", A=order("A"), B=order("B"))
    before = page(caller)
    shop.put_records("orders", A=order("A", "express"))
    (again,) = page(caller, before["cursor"])["items"]
    assert (again["key"], again["data"]["note"]) == ("A", "express")
    assert again["version"] > before["items"][0]["version"]
    assert [each["key"] for each in page(caller)["items"]] == ["B", "A"]


def test_record_that_is_gone_stands_in_the_feed_without_data(
    caller: Caller, shop: ShopProcess
) -> None:
    shop.put_records("customers", K1={"code": "K1", "name": "Rossi"})
    shop.put_records("customers", K1=None)
    (gone,) = page(caller, feed="customers")["items"]
    assert (gone["op"], "data" in gone) == ("delete", False)
    assert caller.post("/v1/feeds/customers/read", {"keys": ["K1"]}, READ).json() == {"items": []}


def test_feeds_do_not_see_each_other(caller: Caller, shop: ShopProcess) -> None:
    shop.put_records("orders", A=order("A"))
    assert page(caller, feed="returns") == {"items": [], "cursor": "0", "more": False}


def test_limit_of_nought_tells_where_the_end_is(caller: Caller, shop: ShopProcess) -> None:
    shop.put_records("orders", A=order("A"), B=order("B"))
    end = page(caller, limit=0)
    assert end["items"] == []
    assert page(caller, end["cursor"])["items"] == []
    assert end["cursor"] == page(caller)["cursor"]


def test_waiting_question_is_answered_as_soon_as_something_happens(
    caller: Caller, shop: ShopProcess
) -> None:
    end = page(caller, limit=0)["cursor"]
    placing = threading.Timer(0.3, lambda: shop.put_records("orders", A=order("A")))
    placing.start()
    found = page(caller, end, wait=30)
    placing.join()
    assert [each["key"] for each in found["items"]] == ["A"]


def test_waiting_question_is_answered_when_nothing_happens(caller: Caller) -> None:
    assert page(caller, wait=1)["items"] == []


def test_something_in_another_feed_answers_no_question(caller: Caller, shop: ShopProcess) -> None:
    shop.put_records("events", e1={"id": "e1", "kind": "view"})
    assert page(caller, wait=1)["items"] == []


def test_acknowledgement_is_kept_and_an_older_one_changes_nothing(
    caller: Caller, shop: ShopProcess
) -> None:
    shop.put_records("orders", A=order("A"), B=order("B"))
    first, both = page(caller, limit=1)["cursor"], page(caller)["cursor"]
    for cursor in (both, first):
        path = "/v1/feeds/orders/acknowledgements"
        assert caller.post(path, {"cursor": cursor}, ACKNOWLEDGE).status_code == 204
    with ShopDatabase(shop.database, readonly=True) as database:
        assert database.feeds.is_acknowledged("orders", "B")
    shop.put_records("orders", B=order("B", "changed"))
    with ShopDatabase(shop.database, readonly=True) as database:
        assert database.feeds.is_acknowledged("orders", "A")
        assert not database.feeds.is_acknowledged("orders", "B")


def test_cursor_stays_good_when_what_stood_before_it_is_forgotten(
    caller: Caller, shop: ShopProcess
) -> None:
    shop.put_records("orders", A=order("A"))
    cursor = page(caller)["cursor"]
    caller.post("/v1/feeds/orders/acknowledgements", {"cursor": cursor}, ACKNOWLEDGE)
    shop.stop()
    with ShopDatabase(shop.database) as database:
        database.feeds.forget("orders")
    shop.start()
    assert page(caller, cursor)["items"] == []
    assert page(caller)["items"] == []
    shop.put_records("orders", A=order("A", "express"))
    assert [each["key"] for each in page(caller, cursor)["items"]] == ["A"]


def test_single_records_are_read_by_key(caller: Caller, shop: ShopProcess) -> None:
    shop.put_records("orders", A=order("A"), B=order("B"), C=order("C"))
    answer = caller.post("/v1/feeds/orders/read", {"keys": ["C", "nobody", "A"]}, READ)
    assert sorted(each["key"] for each in answer.json()["items"]) == ["A", "C"]


def contact(name: str) -> dict[str, Any]:
    return {"customer": "000412", "last_name": name}


def send(caller: Caller, number: int, key: str, data: dict[str, Any] | None) -> dict[str, Any]:
    item = {"id": f"m{number}", "version": number, "entity": "contact", "key": key}
    item |= {"op": "delete"} if data is None else {"op": "upsert", "data": data}
    answer = caller.post("/v1/batches", {"items": [item]}).json()
    verdict: dict[str, Any] = answer["items"][0]
    return verdict


def test_contact_that_the_company_sends_stands_in_the_feed_under_the_key_of_its_reference(
    caller: Caller,
) -> None:
    verdict = send(caller, 1, "41", contact("Rossi"))
    [item] = page(caller, feed="contacts")["items"]
    assert item["key"] == verdict["reference"] == "41"
    assert item["data"] == contact("Rossi")
    assert send(caller, 1, "41", contact("Rossi"))["reference"] == "41"
    assert len(page(caller, feed="contacts")["items"]) == 1, "sent again, changed nothing"
    send(caller, 2, "41", None)
    [gone] = page(caller, feed="contacts")["items"]
    assert (gone["key"], gone["op"]) == ("41", "delete")


def test_contact_that_began_in_the_shop_is_changed_by_the_company_under_its_key(
    caller: Caller, shop: ShopProcess
) -> None:
    shop.put_records("contacts", web7=contact("Bianchi"))
    send(caller, 1, "web7", contact("Bianchi Verdi"))
    [item] = page(caller, feed="contacts")["items"]
    assert (item["key"], item["data"]["last_name"]) == ("web7", "Bianchi Verdi")
    shop.put_records("contacts", web7=contact("Verdi"))
    with ShopDatabase(shop.database, readonly=True) as database:
        assert database.records("contact") == {"web7": contact("Verdi")}


@pytest.mark.parametrize("cursor", ["999", "-1", "nonsense", "9" * 900])
def test_cursor_that_was_never_given_out_is_gone(caller: Caller, cursor: str) -> None:
    answer = caller.get(f"/v1/feeds/orders?after={cursor}", FEED)
    assert (answer.status_code, answer.json()["code"]) == (410, "cursor_gone")


def test_feed_that_is_not_there_is_404(caller: Caller) -> None:
    assert caller.get("/v1/feeds/unicorns", FEED).status_code == 404
    assert caller.post("/v1/feeds/unicorns/read", {"keys": []}, READ).status_code == 404


@pytest.mark.parametrize("query", ["limit=many", "limit=-1", "wait=long"])
def test_question_of_the_wrong_shape_is_422(caller: Caller, query: str) -> None:
    assert caller.get(f"/v1/feeds/orders?{query}", FEED).status_code == 422


def test_stranger_reads_no_feed_and_acknowledges_none(shop: ShopProcess) -> None:
    assert shop.request("GET", "/v1/feeds/orders").status_code == 401
    acknowledging = shop.request("POST", "/v1/feeds/orders/acknowledgements", {"cursor": "0"})
    assert acknowledging.status_code == 401
    assert shop.request("POST", "/v1/feeds/orders/read", {"keys": ["A"]}).status_code == 401
