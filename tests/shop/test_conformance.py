"""The reference shop passes every check, and each check finds a shop that breaks its rule."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from agent.cli import program
from agent.cli.invocation import Invocation
from agent.conformance import CHAPTERS, Login, Outcome, Visitor, examine
from agent.conformance.suite import Check, tried
from agent.demo.shop import ShopDatabase, ShopProcess
from agent.errors import Unavailable
from tests.shop import distortions as broken
from tests.shop.conftest import TOKEN, StartShop
from tests.shop.distortions import Distorted, Distortion
from tests.shop.test_feeds import order

SIGNING = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
CHECKS = {check.__name__: (name, check) for name, all_ in CHAPTERS.items() for check in all_}


def say(name: str, value: Any) -> Callable[[dict[str, Any]], object]:
    return lambda element: element.update({name: value})


READ = "/v1/records/read"
BROKEN: dict[str, Distortion] = {
    "capabilities_have_their_shape": broken.edits("/v1/", lambda told: told | {"protocol": 2}),
    "stranger_is_refused": broken.lets_everybody_in,
    "wrong_token_is_refused": broken.lets_everybody_in,
    "forged_body_is_refused": broken.answers(200, "/v1/batches", {"items": []}),
    "old_signature_is_refused": broken.answers(200, "/v1/batches", {"items": []}),
    "failure_is_a_problem_document": broken.calls_failures("text/html"),
    "body_that_is_no_json_is_400": broken.calls_failures("application/problem+json", 500),
    "record_is_there_once_it_was_accepted": broken.edits(
        READ, broken.each("items", lambda item: item["data"].update(weight=0.125))
    ),
    "same_id_happens_once": broken.forgets_ids(),
    "same_id_twice_in_one_batch": broken.forgets_ids(),
    "reused_id_is_rejected": broken.forgets_ids(),
    "rejected_id_is_judged_anew": broken.verdicts("accepted", "rejected"),
    "older_version_is_stale": broken.verdicts("stale", "accepted"),
    "deleted_record_is_gone": broken.misreads(
        lambda items: [
            each.update(op="upsert", data={"sku": "1", "name": "Vite"})
            for each in items
            if each["op"] == "delete"
        ]
    ),
    "deleted_record_stays_gone": broken.verdicts("stale", "accepted"),
    "upsert_carries_the_whole_record": broken.edits(
        READ, broken.each("items", lambda item: item["data"].update(attributes={"colour": "red"}))
    ),
    "bad_item_stops_no_other": broken.edits("/v1/batches", broken.all_or_nothing),
    "rejection_names_the_field": broken.edits(
        "/v1/batches", broken.each("items", say("reason", "bad"))
    ),
    "unknown_entity_is_rejected_alone": broken.answers(422, "/v1/batches", only="unicorn"),
    "items_of_a_key_are_done_in_order": broken.misreads(lambda items: items.reverse()),
    "unknown_fields_are_passed_over": broken.answers(422, "/v1/", only="conformance_field"),
    "empty_batch_is_answered": broken.answers(422, "/v1/batches", only='{"items":[]}'),
    "full_batch_is_answered_whole": broken.answers(413, "/v1/batches", only="many 500"),
    "large_version_keeps_every_digit": broken.edits(
        READ, broken.each("items", lambda item: item.update(version=item["version"] - 1))
    ),
    "absent_records_are_absent": broken.edits(READ, lambda told: {"items": told["items"] * 2}),
    "packed_batch_is_taken": broken.answers(415, "/v1/batches", only="gzip"),
    "broken_packing_is_refused": broken.answers(500, "/v1/batches", only="gzip"),
    "unpacking_ends_at_the_limit": broken.answers(200, "/v1/", {"items": []}, only="gzip"),
    "heartbeat_is_heard": broken.answers(200, "/v1/heartbeat"),
    "content_is_kept_under_its_hash": broken.edits(
        "/v1/contents/check", broken.each("contents", say("status", "missing"))
    ),
    "content_of_another_hash_is_not_kept": broken.answers(204, "/v1/contents/", only="PUT"),
    "record_waits_for_its_content": broken.verdicts("rejected", "accepted"),
    "what_is_not_taken_is_said_before": broken.edits(
        "/v1/contents/check", broken.each("contents", say("status", "missing"))
    ),
    "feeds_are_read": broken.edits(
        "/v1/feeds/", broken.each("items", lambda item: item.pop("data"))
    ),
    "pages_follow_each_other": broken.edits(
        "/v1/feeds/", lambda page: page | {"items": page["items"][::-1]}
    ),
    "limit_of_nought_tells_the_end": broken.ignores_the_limit,
    "waiting_ends": broken.answers(503, "/v1/feeds/", only="wait="),
    "forgotten_cursor_is_gone": broken.answers(
        200, "/v1/feeds/", {"items": [], "cursor": "0", "more": False}, only="no-such"
    ),
    "unknown_feed_is_not_found": broken.answers(200, "/v1/feeds/conformance_unicorns"),
    "single_records_are_read": broken.answers(200, "/v1/feeds/orders/read", {"items": []}),
    "acknowledgement_is_heard": broken.answers(500, "/v1/feeds/", only="acknowledgements"),
    "commands_are_listed": broken.edits("/v1/commands", lambda told: {"items": told["items"]}),
    "waiting_for_commands_ends": broken.answers(503, "/v1/commands", only="wait="),
    "result_of_no_command_is_not_found": broken.answers(200, "/v1/commands/"),
    "bucket_holds_the_mark_of_a_record": broken.edits(
        "/v1/digests", broken.each("buckets", say("digest", "0" * 32))
    ),
    "newer_record_brings_its_own_digest": broken.misreads(
        lambda items: [each.update(digest="first") for each in items]
    ),
    "deleted_record_does_not_count": broken.edits("/v1/digests", broken.counts_wrong()),
    "bucket_lists_its_keys": broken.edits(
        "/v1/digests/keys", broken.each("items", say("digest", ""))
    ),
    "odd_number_of_buckets_is_refused": broken.answers(
        200, "/v1/digests", {"buckets": []}, only='"buckets":3'
    ),
}


@pytest.fixture(scope="module")
def shop(start_shop: StartShop) -> ShopProcess:
    """A sound shop with two orders."""
    secrets = {"SHOP_TOKEN": TOKEN, "SHOP_SIGNING_SECRETS": SIGNING}
    shop = start_shop(certificates=None, secrets=secrets)
    shop.put_records("orders", W1=order("W1"), W2=order("W2"))
    return shop


@pytest.fixture(scope="module")
def lenient_shop(start_shop: StartShop) -> ShopProcess:
    """The same without signatures: distorted requests would not be believed."""
    shop = start_shop(certificates=None, secrets={"SHOP_TOKEN": TOKEN})
    shop.put_records("orders", W1=order("W1"), W2=order("W2"))
    return shop


@pytest.fixture
def visit() -> Iterator[Callable[..., Visitor]]:
    clients: list[httpx.Client] = []

    def visiting(
        shop: ShopProcess, distortion: Distortion | None = None, signing: str = ""
    ) -> Visitor:
        transport = Distorted(distortion) if distortion else None
        clients.append(httpx.Client(transport=transport, trust_env=False, timeout=30))
        return Visitor(clients[-1], shop.url, Login(TOKEN, signing))

    yield visiting
    for client in clients:
        client.close()


def test_reference_shop_passes_every_check(
    shop: ShopProcess, visit: Callable[..., Visitor]
) -> None:
    reports = list(examine(visit(shop, signing=SIGNING)))
    assert [each for each in reports if each.outcome is Outcome.FAILED] == []
    assert [each.name for each in reports if each.outcome is Outcome.NOT_OFFERED] == ["encrypted"]


def test_nothing_is_left_behind(shop: ShopProcess, visit: Callable[..., Visitor]) -> None:
    visitor = visit(shop, signing=SIGNING)
    list(examine(visitor))
    with ShopDatabase(shop.database, readonly=True) as database:
        assert any(each.key.startswith(visitor.prefix) for each in database.effects())
        for entity in ("product", "media"):
            assert not [key for key in database.records(entity) if "conformance" in key]


@pytest.mark.parametrize(("name", "check"), [(name, check) for name, (_, check) in CHECKS.items()])
def test_check_finds_a_shop_that_breaks_its_rule(
    shop: ShopProcess,
    lenient_shop: ShopProcess,
    visit: Callable[..., Visitor],
    name: str,
    check: Check,
) -> None:
    if name == "encrypted":
        visitor = visit(shop)
        visitor.url = "http://shop.example.com"
    elif name in {"forged_body_is_refused", "old_signature_is_refused"}:
        visitor = visit(shop, BROKEN[name], SIGNING)
    else:
        visitor = visit(lenient_shop, BROKEN[name])
    report = tried(visitor, "", check)
    assert (report.outcome, report.reason != "") == (Outcome.FAILED, True), report


def test_shop_without_features_is_not_failed_for_them(
    lenient_shop: ShopProcess, visit: Callable[..., Visitor]
) -> None:
    bare = broken.edits(
        "/v1/", lambda told: told | {"features": []} if "features" in told else told
    )
    reports = list(examine(visit(lenient_shop, bare)))
    assert not [each for each in reports if each.outcome is Outcome.FAILED]
    chapters = {each.chapter for each in reports if each.outcome is Outcome.PASSED}
    assert chapters == {"access", "records"}


def test_server_that_is_not_there_is_unavailable(
    start_shop: StartShop, visit: Callable[..., Visitor]
) -> None:
    gone = start_shop(certificates=None)
    visitor = visit(gone)
    gone.stop()
    with pytest.raises(Unavailable) as caught:
        list(examine(visitor))
    assert caught.value.code == "SA-5511"


def invoke(*arguments: str) -> Any:
    return CliRunner().invoke(
        program, ["shop-conformance", *arguments], obj=Invocation(), standalone_mode=False
    )


def test_command_tells_what_failed_with_what_was_sent_and_answered(
    shop: ShopProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFORMANCE_TOKEN", TOKEN)
    result = invoke(shop.url, "--token", "env:CONFORMANCE_TOKEN")  # and no signatures
    assert result.return_value == 1 or result.exit_code == 1
    assert "sent:     POST /v1/batches" in result.output
    assert "answered: 401" in result.output


def test_command_as_json_names_every_check(
    lenient_shop: ShopProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFORMANCE_TOKEN", TOKEN)
    result = invoke(lenient_shop.url, "--token", "env:CONFORMANCE_TOKEN", "--json")
    told = json.loads(result.output)["checks"]
    assert [each["check"] for each in told] == list(CHECKS)
    assert {each["outcome"] for each in told} == {"passed", "not offered"}


def test_token_itself_is_not_taken_from_the_command_line(shop: ShopProcess) -> None:
    result = invoke(shop.url, "--token", TOKEN)
    assert TOKEN not in result.output
    assert result.exit_code != 0
