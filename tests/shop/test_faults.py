"""What goes wrong on the way to a shop, and which of the three errors it becomes."""

from __future__ import annotations

import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from agent.demo.certificates import Certificates
from agent.demo.shop import ShopDatabase, ShopProcess
from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from agent.model import Message, Receipt
from connectors.shop import ShopOptions, ShopTarget
from tests.contract.target_suite import Sender
from tests.shop.conftest import OpenTarget
from tests.shop.servers import answering, receive_request, serving


def send(target: ShopTarget, messages: list[Message]) -> list[Receipt]:
    return list(target.deliver(messages))


def failure(target: ShopTarget) -> SyncError:
    with pytest.raises(SyncError) as caught:
        send(target, [Sender().message("1")])
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (400, Rejected, "SA-5242"),
        (403, Misconfigured, "SA-5221"),
        (404, Misconfigured, "SA-5222"),
        (405, Misconfigured, "SA-5222"),
        (408, Unavailable, "SA-5212"),
        (409, Unavailable, "SA-5213"),
        (413, Rejected, "SA-5241"),
        (415, Misconfigured, "SA-5226"),
        (418, Rejected, "SA-5242"),
        (422, Rejected, "SA-5242"),
        (429, Unavailable, "SA-5211"),
        (500, Unavailable, "SA-5212"),
        (502, Unavailable, "SA-5212"),
        (503, Unavailable, "SA-5211"),
        (504, Unavailable, "SA-5212"),
    ],
)
def test_status_becomes_the_error_that_says_what_to_do(
    shop: ShopProcess, target: ShopTarget, status: int, kind: type[SyncError], code: str
) -> None:
    shop.plan_fault("status", status=status)
    error = failure(target)
    assert (type(error), error.code) == (kind, code)
    assert "this fault was planned" in error.reason


@pytest.mark.parametrize(
    ("status", "kind"), [(301, Misconfigured), (302, Unavailable), (307, Unavailable)]
)
def test_redirect_is_not_followed(
    shop: ShopProcess, target: ShopTarget, status: int, kind: type[SyncError]
) -> None:
    shop.plan_fault("redirect", status=status)
    assert type(failure(target)) is kind


@pytest.mark.parametrize(
    ("wish", "seconds"),
    [
        ("7", 7.0),
        ("0", 1.0),
        ("999999", 3600.0),
        ("9" * 4000, 3600.0),
        ("soon", None),
        ("-5", None),
    ],
)
def test_retry_after_in_seconds_is_honoured_within_bounds(
    shop: ShopProcess, target: ShopTarget, wish: str, seconds: float | None
) -> None:
    shop.plan_fault("status", status=429, retry_after=wish)
    error = failure(target)
    assert isinstance(error, Unavailable)
    assert error.retry_after == seconds


@pytest.mark.parametrize(
    ("ahead", "least", "most"), [(90, 30, 100), (-90, 1, 1), (9000, 3600, 3600)]
)
def test_retry_after_as_a_date_is_honoured_within_bounds(
    shop: ShopProcess, target: ShopTarget, ahead: int, least: float, most: float
) -> None:
    moment = datetime.now(UTC) + timedelta(seconds=ahead)
    shop.plan_fault("status", retry_after=format_datetime(moment, usegmt=True))
    error = failure(target)
    assert isinstance(error, Unavailable)
    assert error.retry_after is not None
    assert least <= error.retry_after <= most


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("drop", "SA-5204"),
        ("lose_answer", "SA-5204"),
        ("html", "SA-5206"),
        ("wrong_type", "SA-5206"),
        ("wrong_shape", "SA-5207"),
    ],
)
def test_answer_that_is_none_is_unavailable(
    shop: ShopProcess, target: ShopTarget, kind: str, code: str
) -> None:
    shop.plan_fault(kind)
    error = failure(target)
    assert (type(error), error.code) == (Unavailable, code)


def test_answer_without_end_is_cut_off(
    shop: ShopProcess, target: ShopTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(target._api._client, "_largest_answer", 1_000_000)
    shop.plan_fault("too_long")
    assert failure(target).code == "SA-5208"


def test_item_without_a_verdict_gets_no_receipt(shop: ShopProcess, target: ShopTarget) -> None:
    sender = Sender()
    messages = [sender.message(str(number)) for number in range(5)]
    shop.plan_fault("missing_item")
    receipts = send(target, messages)
    assert [receipt.message_id for receipt in receipts] == [each.id for each in messages[1:]]


def test_verdicts_are_matched_by_id_and_strange_ones_passed_over(
    shop: ShopProcess, target: ShopTarget
) -> None:
    sender = Sender()
    messages = [sender.message(str(number)) for number in range(5)]
    shop.plan_fault("odd_items")
    receipts = send(target, messages)
    assert [receipt.message_id for receipt in receipts] == [each.id for each in messages[::-1]]
    assert all(receipt.accepted for receipt in receipts)


def test_slow_shop_is_unavailable_after_the_read_timeout(
    shop: ShopProcess, open_target: OpenTarget
) -> None:
    target = open_target(shop.url, token="env:SHOP_TEST_TOKEN", read_timeout="200ms")
    shop.plan_fault("delay", seconds=1.0)
    assert failure(target).code == "SA-5203"


def test_dripping_answer_ends_at_the_total_timeout(
    shop: ShopProcess, open_target: OpenTarget
) -> None:
    """Each byte comes well within the read time-out; all of them would take two minutes."""
    target = open_target(
        shop.url, token="env:SHOP_TEST_TOKEN", read_timeout="10s", total_timeout="500ms"
    )
    sender = Sender()
    shop.plan_fault("drip")
    began = time.monotonic()
    with pytest.raises(Unavailable) as caught:
        send(target, [sender.message(str(number)) for number in range(50)])
    assert caught.value.code == "SA-5203"
    assert time.monotonic() - began < 30


def test_dripping_head_ends_at_the_total_timeout(
    certificates: Certificates, open_target: OpenTarget
) -> None:
    ended = threading.Event()

    def drip(connection: socket.socket) -> None:
        receive_request(connection)
        for byte in b"HTTP/1.1 200 OK\r\nx-long: " + b"a" * 10_000:
            connection.sendall(bytes([byte]))
            if ended.wait(0.02):
                return

    with serving(drip, certificates) as url:
        assert failure(open_target(url, total_timeout="300ms")).code == "SA-5203"
        ended.set()


def test_silence_in_the_handshake_ends_at_the_connect_timeout(open_target: OpenTarget) -> None:
    ended = threading.Event()

    def stay_silent(_: socket.socket) -> None:
        ended.wait(10)

    with serving(stay_silent, None) as url:
        target = open_target(url.replace("http:", "https:"), connect_timeout="200ms")
        assert failure(target).code == "SA-5203"
        ended.set()


def test_nobody_there_is_unavailable(open_target: OpenTarget) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    error = failure(open_target(f"https://localhost:{port}"))
    assert (type(error), error.code) == (Unavailable, "SA-5201")


def test_unknown_name_is_unavailable(open_target: OpenTarget) -> None:
    error = failure(open_target("https://no-such-shop.invalid"))
    assert (type(error), error.code) == (Unavailable, "SA-5202")


@pytest.mark.parametrize("address", ["169.254.169.254", "[fe80::1]", "[::ffff:169.254.1.1]"])
def test_link_local_address_is_refused_in_the_configuration(
    open_target: OpenTarget, address: str
) -> None:
    with pytest.raises(ValueError, match="link-local"):
        open_target(f"https://{address}/")


def test_proxy_that_wants_a_login_asks_for_a_person(open_target: OpenTarget) -> None:
    def refuse(connection: socket.socket) -> None:
        receive_request(connection)
        connection.sendall(
            b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n"
        )

    with serving(refuse, None) as proxy:
        error = failure(open_target("https://shop.example.com", proxy=proxy))
    assert (type(error), error.code) == (Misconfigured, "SA-5225")


def test_batch_passes_a_proxy(shop: ShopProcess, open_target: OpenTarget) -> None:
    """The proxy sees a name and a port, and then only what TLS lets it see."""
    asked: list[bytes] = []

    def forward(connection: socket.socket) -> None:
        asked.append(connection.recv(65536))
        port = int(shop.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as onward:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_pump, args=(onward, connection))
            back.start()
            _pump(connection, onward)
            back.join()

    with serving(forward, None) as proxy:
        target = open_target(
            shop.url,
            token="env:SHOP_TEST_TOKEN",
            proxy=proxy,
            proxy_user="agent",
            proxy_password="env:SHOP_TEST_WRONG",
        )
        assert send(target, [Sender().message("1")])[0].accepted
        target.close()
    assert asked[0].startswith(b"CONNECT localhost:")
    assert b"proxy-authorization: basic " in asked[0].lower()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    while portion := source.recv(65536):
        sink.sendall(portion)
    sink.shutdown(socket.SHUT_WR)


def test_large_batch_is_cut_into_requests_of_the_size_allowed(
    certificates: Certificates, open_target: OpenTarget
) -> None:
    asked: list[str] = []
    with answering(certificates, "application/json", b'{"items":[]}', asked) as url:
        sender = Sender()
        target = open_target(url, largest_request="1KB")
        messages = [sender.message(str(number), "x" * 100) for number in range(6)]
        assert send(target, messages) == []
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("wish", "count", "packed"),
    [("always", 50, True), ("always", 1, False), ("never", 50, False), ("auto", 50, False)],
)
def test_body_is_packed_where_that_is_wished_and_worth_it(
    certificates: Certificates, open_target: OpenTarget, wish: str, count: int, packed: bool
) -> None:
    heads: list[bytes] = []

    def note(connection: socket.socket) -> None:
        heads.append(receive_request(connection))

    sender = Sender()
    messages = [sender.message(str(each)) for each in range(count)]
    with serving(note, certificates) as url:
        target = open_target(url, gzip=wish)
        with pytest.raises(Unavailable):
            send(target, messages)
    assert (b"content-encoding: gzip" in heads[0].lower()) is packed


def test_body_for_another_machine_is_packed_by_itself() -> None:
    assert ShopOptions(url="https://shop.example.com").packs
    assert not ShopOptions(url="https://localhost:8443").packs


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"url": "http://shop.example.com"}, "use https"),
        ({"url": "https://user:pass@shop.example.com"}, "no user or password"),
        ({"url": "https://shop.example.com/?a=1"}, "before"),
        ({"url": "shop.example.com"}, "not an address"),
        ({"token": "plain-text"}, "must be a reference"),
        ({"token": "env:A", "oauth2": {"token_url": "https://a.example", "client_id": "b"}}, "req"),
        ({"client_key": "a.pem"}, "client_certificate"),
        ({"proxy_user": "a"}, "proxy"),
        ({"proxy": "http://a:b@c.example"}, "without a user"),
        ({"next_signing_secret": "env:A"}, "signing_secret"),
        ({"batch_size": "0"}, "greater than or equal"),
        ({"total_timeout": "0s"}, "greater than"),
    ],
)
def test_configuration_that_cannot_be_meant_is_refused(
    open_target: OpenTarget, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        open_target(**{"url": "https://shop.example.com", **options})


def test_check_refuses_a_batch_that_is_too_large_for_the_shop(
    shop: ShopProcess, open_target: OpenTarget
) -> None:
    target = open_target(shop.url, token="env:SHOP_TEST_TOKEN", batch_size="5000")
    with pytest.raises(Misconfigured) as caught:
        list(target.check())
    assert caught.value.code == "SA-5236"


def test_check_refuses_another_version_of_the_protocol(
    certificates: Certificates, open_target: OpenTarget
) -> None:
    body = b'{"protocol":2,"entities":[],"max_batch_items":1000,"max_batch_bytes":1,"features":[]}'
    with (
        answering(certificates, "application/json", body, []) as url,
        pytest.raises(Misconfigured) as caught,
    ):
        list(open_target(url).check())
    assert caught.value.code == "SA-5230"


def test_eight_senders_and_every_fault_leave_each_effect_once(
    shop: ShopProcess, target: ShopTarget
) -> None:
    """Everything is sent by everyone until it has a receipt, while the shop misbehaves."""
    sender = Sender()
    messages = [sender.message(str(number)) for number in range(80)]
    for kind in ("lose_answer", "drop", "missing_item", "status", "html", "odd_items") * 2:
        shop.plan_fault(kind)

    def send_until_known() -> None:
        waiting = {message.id: message for message in messages}
        while waiting:
            batch = list(waiting.values())[:20]
            try:
                for receipt in target.deliver(batch):
                    assert receipt.accepted
                    del waiting[receipt.message_id]
            except Unavailable:
                continue

    threads = [threading.Thread(target=send_until_known) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ShopDatabase(shop.database, readonly=True) as database:
        effects = [each.id for each in database.effects() if each.id.startswith(sender.mark)]
        doubles = [each for each in database.doubles() if each.id.startswith(sender.mark)]
    assert sorted(effects) == sorted(message.id for message in messages)
    assert doubles == []
