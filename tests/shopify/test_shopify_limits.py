"""Points and scopes, tokens and versions, closed shops."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import structs

from agent.contract import Finding
from agent.errors import Misconfigured, Unavailable
from agent.model import Receipt
from connectors.shopify import KIND
from connectors.shopify.admin import Cost
from connectors.shopify.options import ShopifyOptions, ShopifyTargetOptions
from connectors.shopify.target import ShopifyTarget
from tests.peers.shopify.costs import Bucket
from tests.peers.shopify.server import ShopServer
from tests.shopify.sending import Sending


@pytest.mark.parametrize("adopt", [True, False])
def test_small_allowance_is_enough_for_everything_in_time(sending: Sending, adopt: bool) -> None:
    sending.reopen(adopt=adopt)
    sending.server.bucket = Bucket(size=1000, available=1000, restored=100)
    messages = [sending.product(f"A-{number}") for number in range(100)]
    assert sending.send_until_settled(*messages) > 1
    assert len(sending.shop.all("Product")) == 100
    assert sending.done().count("productSet") == 100
    again = [sending.product(f"A-{number}", "Dado") for number in range(100)]
    sending.send_until_settled(*again)
    assert {each["title"] for each in sending.shop.all("Product")} == {"Dado"}
    assert sending.done().count("productUpdate") == 100
    sending.forget()
    doubtful = [structs.replace(each, doubtful=True) for each in again]
    sending.send_until_settled(*doubtful)
    assert sending.done().count("productUpdate") == 100, "asked for, and not written again"
    assert sending.gate.pauses


def test_wait_is_for_a_whole_part_of_a_delivery() -> None:
    assert Cost(requested=300, available=100, most=2000, restored=50).wait() == 18
    assert Cost(requested=300, available=100, most=500, restored=50).wait() == 8
    assert Cost(requested=300, available=300, most=2000, restored=50).wait() == 0
    assert Cost().wait() == 0


def test_delivery_that_is_out_of_points_leaves_no_doubt(sending: Sending) -> None:
    sending.server.bucket = Bucket(size=1000, available=650, restored=50)
    messages = [sending.product(f"A-{number}") for number in range(60)]
    receipts: list[Receipt] = []
    with pytest.raises(Unavailable) as told:
        receipts.extend(sending.target.deliver(messages))
    assert receipts
    assert told.value.code == "SA-5441"
    assert told.value.untouched
    assert len(sending.shop.all("Product")) == len(receipts)


def test_throttled_request_did_nothing_and_says_when_to_come_again(sending: Sending) -> None:
    sending.server.bucket = Bucket(size=1000, available=0, restored=50)
    with pytest.raises(Unavailable) as told:
        sending.send(sending.product("A-1"))
    assert told.value.code == "SA-5441"
    assert told.value.untouched
    assert told.value.retry_after
    assert sending.shop.all("Product") == []


@pytest.mark.parametrize(
    ("status", "code", "error", "told"),
    [
        (200, "ACCESS_DENIED", Misconfigured, "SA-5442"),
        (200, "SHOP_INACTIVE", Misconfigured, "SA-5443"),
        (200, "INTERNAL_SERVER_ERROR", Unavailable, "SA-5212"),
        (200, "MAX_COST_EXCEEDED", Misconfigured, "SA-5444"),
        (402, "", Misconfigured, "SA-5443"),
        (423, "", Misconfigured, "SA-5443"),
        (404, "", Misconfigured, "SA-5222"),
        (430, "", Unavailable, "SA-5211"),
        (502, "", Unavailable, "SA-5212"),
    ],
)
def test_failure_of_a_whole_request_is_one_of_the_errors(
    sending: Sending, status: int, code: str, error: type[Misconfigured], told: str
) -> None:
    sending.server.fail_next(status, code)
    with pytest.raises(error) as raised:
        sending.send(sending.product("A-1"))
    assert raised.value.code == told
    assert sending.shop.all("Product") == []


def test_missing_scope_halts_and_parks_no_record(sending: Sending) -> None:
    sending.server.denied.add("productSet")
    with pytest.raises(Misconfigured) as told:
        sending.send(sending.product("A-1"))
    assert told.value.code == "SA-5442"
    assert "productSet" in told.value.reason


def test_wrong_token_halts_and_is_not_tried_again(sending: Sending) -> None:
    sending.server.token = "another"
    with pytest.raises(Misconfigured) as told:
        sending.send(sending.product("A-1"))
    assert told.value.code == "SA-5220"
    assert "Invalid API key" in told.value.reason or "TEST_SHOPIFY_TOKEN" in told.value.reason
    assert told.value.untouched


@pytest.fixture
def dashboard(server: ShopServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[ShopifyTarget]:
    """A target that logs in as an app of the Dev Dashboard."""
    monkeypatch.setenv("TEST_SHOPIFY_SECRET", server.client[1])
    connection = {
        "url": server.url,
        "client_id": server.client[0],
        "client_secret": "env:TEST_SHOPIFY_SECRET",
    }
    target = ShopifyTarget(ShopifyOptions.model_validate(connection), ShopifyTargetOptions())
    yield target
    target.close()


def test_token_of_the_dashboard_is_fetched_once(
    server: ShopServer, dashboard: ShopifyTarget
) -> None:
    for _ in range(3):
        assert list(dashboard.check())
    assert server.fetched == ["/admin/oauth/access_token"]


def test_token_that_ended_early_is_fetched_anew(
    server: ShopServer, dashboard: ShopifyTarget
) -> None:
    list(dashboard.check())
    server.token = "ended"
    with pytest.raises(Unavailable):
        list(dashboard.check())
    assert list(dashboard.check())
    assert len(server.fetched) == 2


def test_wrong_client_secret_halts(
    server: ShopServer, dashboard: ShopifyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_SHOPIFY_SECRET", "wrong")
    with pytest.raises(Misconfigured) as told:
        list(dashboard.check())
    assert told.value.code == "SA-5224"
    assert server.requests == []


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"client_id": "x"},
        {"token": "env:A", "client_id": "x", "client_secret": "env:B"},
    ],
)
def test_there_is_one_way_in(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"token|client_secret"):
        KIND.connection.model_validate({"url": "https://rossi.myshopify.com", **wrong})


def found(sending: Sending, subject: str) -> list[Finding]:
    return [each for each in sending.target.check() if each.subject == subject]


def test_check_names_missing_scopes_and_who_may_write_may_read(sending: Sending) -> None:
    told = " ".join(each.detail for each in found(sending, "scopes"))
    assert "write_inventory" in told
    assert "read_products" not in told
    sending.shop.scopes = [
        "write_products", "write_inventory", "read_locations", "write_customers", "write_orders",
        "write_merchant_managed_fulfillment_orders", "read_publications",
    ]  # fmt: skip
    assert found(sending, "scopes") == []


def test_check_warns_of_a_version_that_is_answered_by_another(sending: Sending) -> None:
    assert not any(each.warning for each in found(sending, "API version"))
    sending.server.answers_as = "2027-01"
    assert "2027-01" in found(sending, "API version")[0].detail
    assert found(sending, "API version")[0].warning


def test_check_tells_which_channels_show_no_new_products(sending: Sending) -> None:
    sending.shop.scopes.append("read_publications")
    for title, by_itself in (("Online Store", True), ("Google", False)):
        catalog = {"__typename": "AppCatalog", "id": title, "title": title}
        sending.shop.add("Publication", autoPublish=by_itself, catalog=catalog)
    (told,) = found(sending, "publication")
    assert "Google" in told.detail
    assert told.warning


def test_check_refuses_names_that_the_shop_does_not_have(sending: Sending) -> None:
    sending.shop.scopes.append("read_locations")
    sending.reopen(warehouses={"MI": "Milano", "NA": "Napoli"})
    with pytest.raises(Misconfigured) as told:
        list(sending.target.check())
    assert "'Napoli'" in told.value.reason
    assert "Milano" in told.value.hint
    sending.reopen(price_lists={"2": "Rivenditori"})
    with pytest.raises(Misconfigured, match="Rivenditori"):
        list(sending.target.check())


def test_check_refuses_a_key_of_another_type_and_changes_nothing(sending: Sending) -> None:
    sending.shop.definitions["PRODUCT", "syncagent", "key"] = "single_line_text_field"
    with pytest.raises(Misconfigured) as told:
        list(sending.target.check())
    assert told.value.code == "SA-5452"
    assert sending.shop.done == []
