"""The parts of the door to HTTP that need no server to be proved."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpcore
import pytest

from agent.errors import Misconfigured, Unavailable
from agent.secrets import Secret
from connectors._http import ClientCredentials, OAuth2Options, Request, sign, signing_key
from connectors._http.client import Answer
from connectors._http.failures import raise_for_status, retry_after, told
from connectors._http.options import is_link_local
from connectors._http.transport import Backend, Deadline


def test_signature_is_that_of_the_standard() -> None:
    """The worked example of the Standard Webhooks specification's reference libraries."""
    key = signing_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = dict(
        sign(
            b'{"test": 2432232314}',
            message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp=1614265330,
            keys=[key],
        )
    )
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-signature"] == expected


def test_two_keys_make_two_signatures() -> None:
    headers = dict(sign(b"{}", message_id="1", timestamp=1, keys=[b"a", b"b"]))
    first, second = headers["webhook-signature"].split(" ")
    assert first != second
    assert first.startswith("v1,")
    assert second.startswith("v1,")


@pytest.mark.parametrize("text", ["whsec_", "whsec_%geheim%", "c2VjcmV0"])
def test_signing_secret_of_another_form_is_not_repeated(text: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        signing_key(text)
    assert caught.value.code == "SA-5228"
    assert "geheim" not in str(caught.value)
    assert "c2Vj" not in str(caught.value)


def test_date_is_read_against_the_clock_of_the_server() -> None:
    """A server that lives in 1999 and wants us back in two minutes means two minutes."""
    then = datetime(1999, 12, 31, tzinfo=UTC)
    headers = {
        "date": format_datetime(then, usegmt=True),
        "retry-after": format_datetime(then + timedelta(seconds=120), usegmt=True),
    }
    assert retry_after(headers) == 120.0


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"x-request-id": "f3-9a"}, "shop answered 500 [request f3-9a]"),
        ({"request-id": " req_1 "}, "shop answered 500 [request req_1]"),
        ({"x-request-id": "a\nb"}, "shop answered 500"),
        ({}, "shop answered 500"),
    ],
)
def test_a_failure_tells_the_number_of_the_request_at_the_other_side(
    headers: dict[str, str], reason: str
) -> None:
    with pytest.raises(Unavailable) as failure:
        raise_for_status(500, headers, "text/plain", b"", "shop")
    assert failure.value.reason == reason


def test_date_without_a_server_clock_is_read_against_ours() -> None:
    far = datetime.now(UTC) + timedelta(days=3)
    assert retry_after({"retry-after": format_datetime(far, usegmt=True)}) == 3600.0


@pytest.mark.parametrize("text", ["", "soon", "-1", "1.5", "²", "Mon, 99 Foo 2026 00:00:00 GMT"])
def test_wish_that_cannot_be_read_is_none(text: str) -> None:
    assert retry_after({"retry-after": text}) is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"detail":"two\\nlines"}', "two lines"),
        (b'{"title":"Nope"}', "Nope"),
        (b'{"detail":7}', ""),
        (b"<html>", ""),
        (b'{"detail":"' + b"x" * 9000 + b'"}', "x" * 200),
    ],
)
def test_what_a_problem_says_fits_in_one_line(body: bytes, said: str) -> None:
    assert told("application/problem+json", body) == said


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("169.254.169.254", True),
        ("fe80::1%eth0", True),
        ("::ffff:169.254.0.1", True),
        ("10.0.0.1", False),
        ("shop.example.com", False),
    ],
)
def test_link_local_addresses_are_known_in_every_notation(host: str, expected: bool) -> None:
    assert is_link_local(host) is expected


class Stream(httpcore.MockStream):
    """A connection that has led to the metadata service of a cloud."""

    def get_extra_info(self, info: str) -> Any:
        return ("169.254.169.254", 443) if info == "server_addr" else None


class Misled(httpcore.MockBackend):
    """A network whose name server lies."""

    def connect_tcp(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        return Stream([b"secrets"])


def test_name_that_leads_to_a_link_local_address_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(Misconfigured) as caught:
        Backend(Deadline(), Misled([])).connect_tcp("shop.example.com", 443)
    assert caught.value.code == "SA-5229"


class HungUp(httpcore.MockStream):
    """A connection that the other side has cut already."""

    closed = False

    def get_extra_info(self, info: str) -> Any:  # noqa: ARG002 - whatever is asked
        raise OSError(107, "Transport endpoint is not connected")

    def close(self) -> None:
        self.closed = True


class CutsOff(httpcore.MockBackend):
    """A network in which nobody stays on the line."""

    def __init__(self) -> None:
        super().__init__([])
        self.stream = HungUp([])

    def connect_tcp(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        return self.stream


def test_connection_that_is_cut_while_it_is_made_is_closed_and_tried_again_later() -> None:
    network = CutsOff()
    with pytest.raises(httpcore.ConnectError):
        Backend(Deadline(), network).connect_tcp("shop.example.com", 443)
    assert network.stream.closed


class TokenEndpoint:
    """Gives out `token-1`, `token-2` …, each for 100 seconds."""

    def __init__(self) -> None:
        self.issued = 0
        self.seconds = 0.0
        self.answer: bytes | None = None

    def ask(self, request: Request) -> Answer:
        assert request.url == "https://id.example.com/token"
        assert request.body == b"grant_type=client_credentials&scope=sync+read"
        assert dict(request.headers)["authorization"] == "Basic YSUyRmI6cCUyNXc="
        self.issued += 1
        default = b'{"access_token":"token-%d","expires_in":100}' % self.issued
        return Answer(200, {}, self.answer or default, "id.example.com", httpcore.MockStream([]))

    def header(self, credentials: ClientCredentials) -> str:
        """What a request of ours carries."""
        request = Request("GET", "https://shop.example.com")
        assert credentials.sign(request, self.ask) == request.headers[0][1]
        return request.headers[0][1]


@pytest.fixture
def endpoint() -> TokenEndpoint:
    return TokenEndpoint()


@pytest.fixture
def credentials(endpoint: TokenEndpoint, monkeypatch: pytest.MonkeyPatch) -> ClientCredentials:
    monkeypatch.setenv("OAUTH_SECRET", "p%w")
    options = OAuth2Options(
        token_url="https://id.example.com/token",
        client_id="a/b",
        client_secret=Secret("env:OAUTH_SECRET"),
        scope="sync read",
    )
    return ClientCredentials(options, lambda: endpoint.seconds)


def test_token_is_kept_until_shortly_before_its_end(
    endpoint: TokenEndpoint, credentials: ClientCredentials
) -> None:
    assert endpoint.header(credentials) == "Bearer token-1"
    endpoint.seconds = 89.0
    assert endpoint.header(credentials) == "Bearer token-1"
    endpoint.seconds = 91.0
    assert endpoint.header(credentials) == "Bearer token-2"


def test_many_threads_fetch_one_token(
    endpoint: TokenEndpoint, credentials: ClientCredentials
) -> None:
    threads = [threading.Thread(target=endpoint.header, args=(credentials,)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert endpoint.issued == 1


def test_late_refusal_of_an_old_token_does_not_cost_the_new_one(
    endpoint: TokenEndpoint, credentials: ClientCredentials
) -> None:
    old = endpoint.header(credentials)
    credentials.accepted(old)
    assert isinstance(credentials.refused(old), Unavailable)
    new = endpoint.header(credentials)
    assert isinstance(credentials.refused(old), Unavailable)
    assert endpoint.header(credentials) == new
    assert endpoint.issued == 2


def test_new_token_that_is_refused_asks_for_a_person(
    endpoint: TokenEndpoint, credentials: ClientCredentials
) -> None:
    assert isinstance(credentials.refused(endpoint.header(credentials)), Misconfigured)


@pytest.mark.parametrize("answer", [b"[]", b"{}", b'{"access_token":7}', b"\xff"])
def test_answer_that_is_no_token_is_unavailable(
    endpoint: TokenEndpoint, credentials: ClientCredentials, answer: bytes
) -> None:
    endpoint.answer = answer
    with pytest.raises(Unavailable) as caught:
        endpoint.header(credentials)
    assert caught.value.code == "SA-5207"
