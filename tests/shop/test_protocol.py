"""The reference shop does what docs/shop-protocol/openapi.yaml says, request by request."""

from __future__ import annotations

import gzip
import hashlib
import json
from typing import Any

import pytest
from openapi_spec_validator import validate

from agent.demo.shop import ShopDatabase, ShopProcess
from agent.demo.shop.protocol import MAX_BATCH_ITEMS
from agent.entities import ENTITIES
from tests.contract.target_suite import Sender
from tests.shop.caller import DOCUMENT, Caller, require


@pytest.fixture
def sender() -> Sender:
    return Sender()


def item(sender: Sender, name: str, **changes: Any) -> dict[str, Any]:
    message = sender.message(name)
    return {
        "id": message.id,
        "version": message.version,
        "op": "upsert",
        "entity": "product",
        "key": message.key,
        "data": sender.data(name, "Vite"),
        **changes,
    }


def test_document_is_valid_openapi() -> None:
    validate(DOCUMENT)


def test_examples_of_the_document_keep_its_schemas() -> None:
    for path in ("/v1/batches", "/v1/contents/check"):
        operation = DOCUMENT["paths"][path]["post"]
        for part in (operation["requestBody"], operation["responses"]["200"]):
            for example in part["content"]["application/json"]["examples"].values():
                require(part["content"], "application/json", example["value"])


def test_capabilities_name_every_entity(caller: Caller) -> None:
    assert caller.get("/v1/").json()["entities"] == list(ENTITIES)


def test_batch_gets_a_verdict_for_each_item(caller: Caller, sender: Sender) -> None:
    good, nameless = item(sender, "1"), item(sender, "2", data={"sku": "2"})
    unknown = item(sender, "3", entity="unicorn")
    verdicts = caller.post("/v1/batches", {"items": [good, nameless, unknown]}).json()["items"]
    assert [each["status"] for each in verdicts] == ["accepted", "rejected", "rejected"]
    assert [each.get("code") for each in verdicts] == [None, "invalid_data", "unknown_entity"]
    assert "name" in verdicts[1]["reason"]


@pytest.mark.parametrize(
    ("entity", "data", "field"),
    [
        ("product", {"sku": "1", "name": ""}, "name"),
        ("product", {"sku": "1", "name": None}, "name"),
        ("product", {"sku": "1", "name": "Vite", "weight": 0.5}, "weight"),
        ("price", {"sku": "1", "price_list": "A", "price": "12,50", "currency": "EUR"}, "price"),
        ("stock", {"sku": "1", "warehouse": "01", "quantity": "NaN"}, "quantity"),
        ("customer", {"code": "1", "name": "Rossi", "addresses": [{"city": "Roma"}]}, "street"),
        ("order", {"number": "1", "customer": "1", "placed_at": "2026-11-21T08:00:00Z"}, "lines"),
    ],
)
def test_data_that_an_entity_cannot_have_is_rejected_by_field(
    caller: Caller, sender: Sender, entity: str, data: dict[str, Any], field: str
) -> None:
    refused = item(sender, "1", entity=entity, data=data)
    (verdict,) = caller.post("/v1/batches", {"items": [refused]}).json()["items"]
    assert verdict["status"] == "rejected"
    assert field in verdict["reason"]


def test_known_id_with_other_content_is_rejected(caller: Caller, sender: Sender) -> None:
    first = item(sender, "1")
    caller.post("/v1/batches", {"items": [first]})
    second = {**first, "data": {**first["data"], "name": "Dado"}}
    (verdict,) = caller.post("/v1/batches", {"items": [second]}).json()["items"]
    assert (verdict["status"], verdict["code"]) == ("rejected", "id_reused")
    template = "/v1/records/{entity}/{key}"
    stored = caller.get(f"/v1/records/product/{first['key']}", template).json()
    assert stored["data"]["name"] == "Vite"


def test_same_id_twice_in_one_batch_makes_one_effect(
    caller: Caller, sender: Sender, shop: ShopProcess
) -> None:
    twice = item(sender, "1")
    verdicts = caller.post("/v1/batches", {"items": [twice, twice]}).json()["items"]
    assert [each["status"] for each in verdicts] == ["accepted", "accepted"]
    with ShopDatabase(shop.database, readonly=True) as database:
        assert len([each for each in database.effects() if each.id == twice["id"]]) == 1
        assert [each.status for each in database.remarks() if each.id == twice["id"]] == [
            "repeated"
        ]


def test_versions_of_a_key_are_judged_within_a_batch(caller: Caller, sender: Sender) -> None:
    first, second = item(sender, "1"), item(sender, "1")
    verdicts = caller.post("/v1/batches", {"items": [second, first]}).json()["items"]
    assert [each["status"] for each in verdicts] == ["accepted", "stale"]


def test_same_work_under_another_id_shows_as_a_double(
    caller: Caller, sender: Sender, shop: ShopProcess
) -> None:
    again = [item(sender, "1"), item(sender, "1")]
    caller.post("/v1/batches", {"items": again})
    with ShopDatabase(shop.database, readonly=True) as database:
        doubles = [each.id for each in database.doubles() if each.key == again[0]["key"]]
    assert doubles == [again[1]["id"]]


def test_record_is_read_by_a_key_with_slashes(caller: Caller, sender: Sender) -> None:
    awkward = item(sender, "a", key=f"{sender.mark}/1|2\\é %")
    caller.post("/v1/batches", {"items": [awkward]})
    path = f"/v1/records/product/{sender.mark}%2F1%7C2%5C%C3%A9%20%25"
    stored = caller.get(path, "/v1/records/{entity}/{key}").json()
    assert stored == {
        "key": awkward["key"],
        "version": awkward["version"],
        "data": awkward["data"],
    }


def test_unknown_record_is_404(caller: Caller) -> None:
    path = "/v1/records/product/never-sent"
    assert caller.get(path, "/v1/records/{entity}/{key}").status_code == 404


def test_deleted_records_are_left_out_when_read(caller: Caller, sender: Sender) -> None:
    gone, stays = item(sender, "1"), item(sender, "2")
    deletion = item(sender, "1", op="delete")
    del deletion["data"]
    caller.post("/v1/batches", {"items": [gone, stays, deletion]})
    asked = {"entity": "product", "keys": [gone["key"], stays["key"]]}
    found = caller.post("/v1/records/read", asked).json()["items"]
    assert [each["key"] for each in found] == [stays["key"]]


def test_heartbeat_is_heard(caller: Caller, shop: ShopProcess) -> None:
    assert caller.post("/v1/heartbeat", {"agent": "1.2", "waiting": 3}).status_code == 204
    with ShopDatabase(shop.database, readonly=True) as database:
        heard = database.heartbeat()
    assert heard
    assert heard[1] == {"agent": "1.2", "waiting": 3}


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"\xff\xfe", {}, 400),
        (b'{"items":[{"id":"1"}]}', {}, 422),
        (b'{"items":[{"id":"1","version":0,"op":"upsert","entity":"a","key":"b"}]}', {}, 422),
        (b'{"items":{}}', {}, 422),
        (b"[]", {}, 422),
        (b"items=1", {"content-type": "application/x-www-form-urlencoded"}, 415),
        (b"{}", {"content-encoding": "br"}, 415),
        (b"no gzip", {"content-encoding": "gzip"}, 400),
        (gzip.compress(b'{"items":[]}', mtime=0)[:-6], {"content-encoding": "gzip"}, 400),
        (gzip.compress(b" " * 50_000_000, mtime=0), {"content-encoding": "gzip"}, 413),
        (b" " * 17_000_000, {}, 413),
        (b'{"items":[]}', {"authorization": "Bearer wrong"}, 401),
        (b'{"items":[]}', {"authorization": ""}, 401),
    ],
    ids=[
        "no json",
        "no utf-8",
        "item without fields",
        "version 0",
        "items no list",
        "no object",
        "form",
        "brotli",
        "no gzip",
        "gzip cut off",
        "gzip bomb",
        "too large",
        "wrong token",
        "no token",
    ],
)
def test_request_that_breaks_the_rules_is_answered_with_a_problem(
    caller: Caller, body: bytes, headers: dict[str, str], status: int
) -> None:
    response = caller.post_unchecked("/v1/batches", body, headers)
    assert response.status_code == status
    assert response.json()["detail"]


def test_batch_of_too_many_items_is_413(caller: Caller, sender: Sender) -> None:
    items = [item(sender, "1") for _ in range(MAX_BATCH_ITEMS + 1)]
    assert caller.post("/v1/batches", {"items": items}).status_code == 413


def test_packed_batch_is_taken(caller: Caller, sender: Sender) -> None:
    body = gzip.compress(json.dumps({"items": [item(sender, "1")]}).encode())
    response = caller.post_unchecked("/v1/batches", body, {"content-encoding": "gzip"})
    assert response.json()["items"][0]["status"] == "accepted"


def content(sender: Sender, text: str = "picture") -> tuple[str, bytes]:
    """Bytes that no other test sends, and their hash."""
    held = f"{sender.mark} {text}".encode()
    return hashlib.sha256(held).hexdigest(), held


def check(caller: Caller, sha256: str, size: int = 9, media_type: str = "image/jpeg") -> str:
    asked = {"contents": [{"sha256": sha256, "size": size, "media_type": media_type}]}
    (verdict,) = caller.post("/v1/contents/check", asked).json()["contents"]
    assert verdict["sha256"] == sha256
    return str(verdict.get("code", verdict["status"]))


def media(sender: Sender, sha256: str, **changes: Any) -> dict[str, Any]:
    data = {"sku": "1", "file_name": "1.jpg", "media_type": "image/jpeg", "size": 9}
    return item(sender, "1", entity="media", data={**data, "sha256": sha256, **changes})


def test_content_is_missing_until_it_was_sent_and_may_be_sent_twice(
    caller: Caller, sender: Sender, shop: ShopProcess
) -> None:
    sha256, held = content(sender)
    assert check(caller, sha256) == "missing"
    assert caller.put_content(sha256, held).status_code == 204
    assert caller.put_content(sha256, held).status_code == 204
    assert check(caller, sha256) == "held"
    with ShopDatabase(shop.database, readonly=True) as database:
        assert database.contents.path(sha256).read_bytes() == held


def test_record_of_a_content_that_is_not_there_is_rejected_until_it_is(
    caller: Caller, sender: Sender
) -> None:
    sha256, held = content(sender)
    record = media(sender, sha256)
    (verdict,) = caller.post("/v1/batches", {"items": [record]}).json()["items"]
    assert (verdict["status"], verdict["code"]) == ("rejected", "unknown_content")
    caller.put_content(sha256, held)
    (verdict,) = caller.post("/v1/batches", {"items": [record]}).json()["items"]
    assert verdict["status"] == "accepted"


def test_content_of_another_hash_is_not_kept(caller: Caller, sender: Sender) -> None:
    sha256, held = content(sender)
    assert caller.put_content(sha256, held + b"!").status_code == 422
    assert caller.put_content(sha256, held[:-1]).status_code == 422
    assert check(caller, sha256) == "missing"


def test_content_that_would_not_be_taken_is_refused_before_it_is_sent(
    caller: Caller, sender: Sender
) -> None:
    sha256, held = content(sender)
    assert check(caller, sha256, size=10**12) == "too_large"
    assert check(caller, sha256, media_type="text/html") == "wrong_type"
    assert caller.put_content(sha256, held, "text/html").status_code == 415
    assert caller.put_content("passwd", held).status_code == 404


def test_content_without_a_length_is_411(caller: Caller, sender: Sender) -> None:
    sha256, held = content(sender)
    response = caller.put_content(sha256, iter([held]))  # type: ignore[arg-type]  # sent in chunks
    assert response.status_code == 411


def test_content_from_a_stranger_is_401(shop: ShopProcess, sender: Sender) -> None:
    sha256, _ = content(sender)
    assert shop.request("PUT", f"/v1/contents/{sha256}").status_code == 401
    assert shop.request("POST", "/v1/contents/check", json={"contents": []}).status_code == 401


def test_only_what_an_article_shows_is_shown_to_everybody(
    caller: Caller, sender: Sender, shop: ShopProcess
) -> None:
    (picture, its_bytes), (invoice, other_bytes) = content(sender), content(sender, "invoice")
    caller.put_content(picture, its_bytes)
    caller.put_content(invoice, other_bytes, "application/pdf")
    document = {"number": "1", "kind": "invoice", "customer": "1", "issued_on": "2026-11-21"}
    items = [
        media(sender, picture),
        item(sender, "2", entity="document", data={**document, "sha256": invoice}),
    ]
    verdicts = caller.post("/v1/batches", {"items": items}).json()["items"]
    assert [each["status"] for each in verdicts] == ["accepted", "accepted"]
    shown = shop.request("GET", f"/media/{picture}")
    assert (shown.status_code, shown.content) == (200, its_bytes)
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shop.request("GET", f"/media/{invoice}").status_code == 404
    assert shop.request("GET", "/media/passwd").status_code == 404
