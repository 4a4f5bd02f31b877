"""Who we are: every way to log in, checked by the server; one token for all; its limits."""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import threading
import time
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from agent.errors import Misconfigured, Unavailable
from connectors._http import Request, shared
from connectors._http.client import Client
from connectors._http.credentials import signed_text
from connectors._http.failures import retry_after
from connectors._rest.access import ApiOptions
from connectors._rest.api import Api
from tests.peers.http_server import Asked, Peer, answering
from tests.rest.session import Session
from tests.rest.sources import OpenSource, keys

FLOOD = gzip.compress(b"[" + b" " * 50_000_000 + b"]", mtime=0)
ROWS = [{"sku": "A", "name": "x", "price": 1}]


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_SECRET", "s3cr&t/+")
    monkeypatch.setenv("API_TOKEN_SECRET", "t0k=n")
    monkeypatch.setenv("API_BROKEN", "two\nlines")


def guarded(peer: Peer, allowed: Any) -> None:
    """Let the server answer only requests that `allowed` lets through."""

    def answer(asked: Asked) -> Response:
        if allowed(asked):
            return JSONResponse(ROWS)
        return JSONResponse({"detail": "who are you?"}, 401)

    peer.answer = answer


def test_user_and_password(peer: Peer, open_source: OpenSource) -> None:
    header = "Basic " + base64.b64encode("café:s3cr&t/+".encode()).decode()
    guarded(peer, lambda asked: asked.headers["authorization"] == header)
    login = {"user": "café", "password": "env:API_SECRET"}
    assert keys(open_source(login).read("")) == ["A"]


def test_bearer_token(peer: Peer, open_source: OpenSource) -> None:
    guarded(peer, lambda asked: asked.headers["authorization"] == "Bearer s3cr&t/+")
    assert keys(open_source({"token": "env:API_SECRET"}).read("")) == ["A"]


def test_key_in_a_header(peer: Peer, open_source: OpenSource) -> None:
    guarded(peer, lambda asked: asked.headers["x-api-key"] == "s3cr&t/+")
    login = {"api_key": {"value": "env:API_SECRET", "header": "X-Api-Key"}}
    assert keys(open_source(login).read("")) == ["A"]


def test_key_in_the_address(peer: Peer, open_source: OpenSource) -> None:
    guarded(peer, lambda asked: asked.query == {"a": "1", "key": "s3cr&t/+"})
    login = {"api_key": {"value": "env:API_SECRET", "parameter": "key"}}
    assert keys(open_source(login, parameters={"a": "1"}).read("")) == ["A"]


def oauth1_holds(asked: Asked) -> bool:
    """What a server does with an OAuth 1.0a header, written from RFC 5849 and not from our code."""
    scheme, _, rest = asked.headers["authorization"].partition(" ")
    given = {
        name: unquote(value.strip('"'))
        for name, _, value in (part.strip().partition("=") for part in rest.split(","))
    }
    signature, realm = given.pop("oauth_signature"), given.pop("realm")
    pairs = [*parse_qsl(asked.request.url.query, keep_blank_values=True), *given.items()]
    encoded = sorted((escape(name), escape(value)) for name, value in pairs)
    url = str(asked.request.url).partition("?")[0]
    text = "&".join(
        [asked.request.method, escape(url), escape("&".join(f"{n}={v}" for n, v in encoded))]
    )
    key = f"{escape('s3cr&t/+')}&{escape('t0k=n')}".encode()
    expected = base64.b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()).decode()
    return (scheme, realm, signature) == ("OAuth", "1234567_SB1", expected)


def escape(text: str) -> str:
    unreserved = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    return "".join(chr(each) if each in unreserved else f"%{each:02X}" for each in text.encode())


def test_signature_of_oauth1_as_netsuite_wants_it(peer: Peer, open_source: OpenSource) -> None:
    guarded(peer, oauth1_holds)
    login = {
        "oauth1": {
            "consumer_key": "ck",
            "consumer_secret": "env:API_SECRET",
            "token_id": "tk",
            "token_secret": "env:API_TOKEN_SECRET",
            "realm": "1234567_SB1",
        }
    }
    parameters = {"q": "ö & a=b+c", "empty": "", "limit": "100"}
    assert keys(open_source(login, parameters=parameters).read("")) == ["A"]
    question = {"method": "POST", "body": '{"q": "SELECT 1"}', "parameters": parameters}
    assert keys(open_source(login, **question).read("")) == ["A"]
    nonces = {
        asked.headers["authorization"].partition("oauth_nonce=")[2][:34] for asked in peer.asked
    }
    assert len(nonces) == 2


def test_text_that_oauth1_signs_is_that_of_the_rfc() -> None:
    oauth = {
        "oauth_consumer_key": "9djdj82h48djs9d2",
        "oauth_token": "kkk9d7dh3k39sjv7",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "137131201",
        "oauth_nonce": "7d8f3e4a",
        "c2": "",
        "a3": "2 q",  # RFC 5849, 3.4.1.1: these two stand in a form there
    }
    url = "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b"
    assert signed_text("post", url, oauth) == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D"
        "%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f"
        "3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3D"
        "kkk9d7dh3k39sjv7"
    )


@pytest.mark.parametrize(
    ("login", "code"),
    [
        ({}, "SA-5220"),
        ({"token": "env:API_SECRET"}, "SA-5220"),
        ({"user": "a", "password": "env:API_SECRET"}, "SA-5220"),
        ({"api_key": {"value": "env:API_SECRET", "header": "X"}}, "SA-5220"),
    ],
)
def test_refused_login_is_not_tried_again(
    peer: Peer, open_source: OpenSource, login: dict[str, Any], code: str
) -> None:
    guarded(peer, lambda _: False)
    with pytest.raises(Misconfigured, match="who are you") as caught:
        list(open_source(login).read(""))
    assert caught.value.code == code
    assert "s3cr" not in str(caught.value)
    assert len(peer.asked) == 1


def test_secret_that_no_header_can_carry_is_named_not_shown(open_source: OpenSource) -> None:
    with pytest.raises(Misconfigured) as caught:
        list(open_source({"token": "env:API_BROKEN"}).read(""))
    assert caught.value.code == "SA-5237"
    assert "two" not in str(caught.value)


class TokenServer:
    """Issues `token-1`, `token-2` … and lets in only the newest."""

    def __init__(self, client: str) -> None:
        self.client = client
        self.issued = 0
        self.refuses = False

    def __call__(self, asked: Asked) -> Response:
        if asked.path == "/token":
            if self.refuses:
                return JSONResponse({"error": "invalid_client"}, 401)
            self.issued += 1
            return JSONResponse({"access_token": f"token-{self.issued}", "expires_in": 3600})
        if asked.headers.get("authorization") != f"Bearer token-{self.issued}":
            return JSONResponse({}, 401)
        return JSONResponse(ROWS)

    def login(self, url: str) -> dict[str, Any]:
        secret = {"client_id": self.client, "client_secret": "env:API_SECRET"}
        return {"oauth2": {"token_url": f"{url}/token", **secret}}


def test_all_runs_and_threads_share_one_token(peer: Peer, open_source: OpenSource) -> None:
    server = peer.answer = TokenServer("shared")
    read: list[list[str]] = []
    sources = [open_source(server.login(peer.url)) for _ in range(8)]
    threads = [
        threading.Thread(target=lambda source=source: read.append(keys(source.read(""))))
        for source in sources
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read == [["A"]] * 8
    assert keys(open_source(server.login(peer.url)).read("")) == ["A"]
    assert server.issued == 1


def test_token_that_ended_early_is_renewed_by_the_next_run(
    peer: Peer, open_source: OpenSource
) -> None:
    server = peer.answer = TokenServer("early")
    source = open_source(server.login(peer.url))
    assert keys(source.read("")) == ["A"]
    server.issued += 1
    with pytest.raises(Unavailable):
        list(source.read(""))
    assert keys(source.read("")) == ["A"]


def test_token_endpoint_that_refuses_us_needs_a_person(peer: Peer, open_source: OpenSource) -> None:
    server = peer.answer = TokenServer("unknown")
    server.refuses = True
    with pytest.raises(Misconfigured, match="invalid_client") as caught:
        list(open_source(server.login(peer.url)).read(""))
    assert caught.value.code == "SA-5224"


@pytest.fixture
def sessions() -> Iterator[Peer]:
    """Sessions that hold for two requests."""
    begun: list[int] = []

    def answer(asked: Asked) -> Response:
        if asked.path == "/Login":
            begun.append(0)
            return Response(headers={"set-cookie": f"B1SESSION={len(begun)}; HttpOnly"})
        if asked.headers.get("cookie") != f"B1SESSION={len(begun)}" or begun[-1] == 2:
            return JSONResponse({}, 401)
        begun[-1] += 1
        return JSONResponse(ROWS)

    with answering(answer) as peer:
        yield peer


def test_session_that_ran_out_is_begun_again_once(sessions: Peer) -> None:
    options = ApiOptions(url=sessions.url)
    session = shared(sessions.url, lambda: Session(sessions.url))
    for _ in range(2):  # the second client goes on with the session of the first
        api = Api(options, shared(sessions.url, lambda: Session(sessions.url)))
        for _ in range(3):
            assert api.read(Request("GET", sessions.url + "/Items")).value == ROWS
        api.close()
    assert isinstance(session, Session)
    assert [asked.path for asked in sessions.asked].count("/Login") == 3


def test_session_that_is_refused_at_once_is_not_begun_again(sessions: Peer) -> None:
    sessions.answer = lambda asked: Response(
        status_code=200 if asked.path == "/Login" else 401, headers={"set-cookie": "B1SESSION=1"}
    )
    client = Client(ApiOptions(url=sessions.url), Session(sessions.url))
    with pytest.raises(Misconfigured):
        client.get("/Items")
    client.close()
    assert [asked.path for asked in sessions.asked] == ["/Login", "/Items"]


def test_cookie_that_nobody_asked_for_is_not_kept(peer: Peer, open_source: OpenSource) -> None:
    peer.answer = lambda _: JSONResponse(ROWS, headers={"set-cookie": "track=1; Path=/"})
    source = open_source()
    for _ in range(2):
        list(source.read(""))
    assert not any("cookie" in asked.headers for asked in peer.asked)


@pytest.mark.parametrize(
    ("status", "headers", "wish"),
    [
        (429, {"retry-after": "17"}, 17.0),
        (429, {"x-ratelimit-reset": "30"}, 30.0),
        (429, {"ratelimit-reset": "0"}, 1.0),
        (429, {"x-rate-limit-time-reset-ms": "2500"}, 2.5),
        (503, {"x-ratelimit-reset": "soon"}, None),
        (403, {"x-ratelimit-remaining": "0", "retry-after": "60"}, 60.0),
    ],
)
def test_limit_of_requests_is_kept_as_the_server_names_it(
    peer: Peer,
    open_source: OpenSource,
    status: int,
    headers: dict[str, str],
    wish: float | None,
) -> None:
    peer.answer = lambda _: Response(status_code=status, headers=headers)
    with pytest.raises(Unavailable) as caught:
        list(open_source().read(""))
    assert caught.value.retry_after == wish
    assert len(peer.asked) == 1


@pytest.mark.parametrize("unit", [1, 1000])
def test_reset_at_a_moment_is_read_against_the_servers_clock(unit: int) -> None:
    date = "Thu, 01 Jan 2026 12:00:00 GMT"
    moment = (1767268800 + 45) * unit
    assert retry_after({"x-ratelimit-reset": str(moment), "date": date}) == 45.0
    assert retry_after({"x-ratelimit-reset": str(int(time.time()) - 9)}) == 1.0


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_packed_answer_is_unpacked(peer: Peer, open_source: OpenSource, encoding: str) -> None:
    body = JSONResponse(ROWS).body
    packed = gzip.compress(body) if encoding == "gzip" else zlib.compress(body)
    peer.answer = lambda _: Response(packed, headers={"content-encoding": encoding})
    assert keys(open_source().read("")) == ["A"]


@pytest.mark.parametrize(
    ("body", "encoding", "code"),
    [
        pytest.param(FLOOD, "gzip", "SA-5208", id="flood"),
        pytest.param(b" " * 2_000_000, "identity", "SA-5208", id="large"),
        pytest.param(FLOOD[:20], "gzip", "SA-5204", id="cut off"),
        (b"[]", "gzip", "SA-5207"),
        (b"[]", "br", "SA-5206"),
    ],
)
def test_answer_that_floods_or_cannot_be_unpacked_is_left(
    peer: Peer, open_source: OpenSource, body: bytes, encoding: str, code: str
) -> None:
    peer.answer = lambda _: Response(body, headers={"content-encoding": encoding})
    with pytest.raises(Unavailable) as caught:
        list(open_source({"largest_answer": "1MB"}).read(""))
    assert caught.value.code == code


def test_http_needs_a_word_outside_this_machine() -> None:
    with pytest.raises(ValidationError, match="unencrypted: true"):
        ApiOptions(url="http://erp.local:8080/api")
    assert ApiOptions(url="http://erp.local:8080/api", unencrypted=True).url
    with pytest.raises(ValidationError, match="link-local"):
        ApiOptions(url="http://169.254.169.254", unencrypted=True)


@pytest.mark.parametrize(
    "login",
    [
        {"token": "env:A", "user": "a", "password": "env:B"},
        {"user": "a"},
        {"api_key": {"value": "env:A"}},
        {"api_key": {"value": "env:A", "header": "x", "parameter": "y"}},
    ],
)
def test_one_whole_login_or_none(login: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ApiOptions.model_validate({"url": "https://x.example", **login})
