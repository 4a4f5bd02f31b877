"""Requests that no browser sends, connections that say nothing, a store that gives no answer."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest

from agent.clock import SystemClock
from agent.config import DashboardSettings
from agent.dashboard import server as dashboard_server
from agent.dashboard.server import CONNECTIONS, DashboardServer
from agent.errors import Unavailable
from tests.dashboard.site import PASSWORD, Browser, Site, free_port
from tests.waiting import until

LoggedIn = Callable[..., Browser]


def sent(site: Site, *lines: str, body: bytes = b"") -> str:
    """What is answered to a request that is written by hand."""
    head = "\r\n".join((*lines, f"Host: 127.0.0.1:{site.port}", "Connection: close", "", ""))
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as connection:
        connection.sendall(head.encode("latin-1") + body)
        with connection.makefile("rb") as answer:
            return answer.read().decode("latin-1")


@pytest.mark.parametrize(
    "origin", ["http://[", "://", "http://[::1", "http://evil.example", "\xb2"]
)
def test_an_origin_that_is_none_is_refused_like_a_foreign_one(site: Site, origin: str) -> None:
    answer = sent(site, "POST /log-in HTTP/1.1", f"Origin: {origin}", "Content-Length: 0")
    assert answer.startswith("HTTP/1.1 403")
    assert "content-security-policy" in answer


def test_a_form_does_not_hide_its_size(site: Site) -> None:
    answer = sent(
        site,
        "POST /log-in HTTP/1.1",
        f"Origin: {site.url}",
        "Content-Length: 5",
        "Transfer-Encoding: chunked",
        body=b"5\r\nhello\r\n0\r\n\r\n",
    )
    assert answer.startswith("HTTP/1.1 413")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE", "OPTIONS", "PATCH"])
def test_other_methods_lead_nowhere(site: Site, method: str) -> None:
    origin = f"Origin: {site.url}"
    assert "404" in sent(site, f"{method} / HTTP/1.1", origin, "Content-Length: 0").split("\r\n")[0]


@pytest.mark.parametrize("path", ["%2e%2e/application.py", "../application.py", "/etc/passwd"])
def test_static_files_are_those_of_their_folder(site: Site, path: str) -> None:
    assert sent(site, f"GET /static/{path} HTTP/1.1").startswith("HTTP/1.1 404")


def test_a_cookie_of_any_text_is_nobody(site: Site) -> None:
    name = f"syncagent-{site.port}"
    for value in ('"a;b\\"\xff\x01"', "a,b \xe8", "x" * 60_000, ""):
        answer = sent(site, "GET / HTTP/1.1", f"Cookie: {name}={value}")
        assert answer.startswith("HTTP/1.1 303")
        assert "location: /log-in" in answer


def test_who_connects_and_says_nothing_keeps_nobody_out(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dashboard_server, "PATIENCE", 0.5)
    port = free_port()
    server = DashboardServer(site.agent, DashboardSettings(port=port), SystemClock())
    server.start()
    with ExitStack() as connections:
        silent = [
            connections.enter_context(socket.create_connection(("127.0.0.1", port), 20))
            for _ in range(CONNECTIONS)
        ]
        for each in silent[::2]:
            each.sendall(b"GET / HTTP/1.1\r\nHost: 127.0")
        assert {each.recv(1) for each in silent} == {b""}
    assert Browser(port).get("/log-in").status == 200
    server.stop()


def test_where_the_store_gives_no_answer_every_page_says_so(
    site: Site, logged_in: LoggedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = logged_in("operator")
    token = browser.get("/").token

    def locked(_name: str) -> None:
        raise Unavailable("SA-6008", "another program keeps the store locked")

    monkeypatch.setattr(site.agent.store.users, "get", locked)
    for answer in (
        *(browser.get(path) for path in ("/", "/errors", "/live", "/log-in")),
        browser.post("/flows/articles/run", token),
        browser.post("/log-in", token, name="operator", password=PASSWORD),
        browser.post("/log-out", token),
        browser.post("/language", token, language="it"),
    ):
        assert (answer.status, "SA-6008" in answer.text) == (503, True)
        assert "content-security-policy" in answer.headers


def test_a_clock_that_was_set_back_shuts_nobody_out_and_lets_nobody_stay(
    site: Site, logged_in: LoggedIn, password_hash: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = logged_in("operator")
    year = 31_536_000_000
    users, now = site.agent.store.users, site.agent.clock.now_ms()
    monkeypatch.setattr(users, "_now", lambda: now + year)
    users.set_password("operator", password_hash)
    monkeypatch.setattr(users, "_now", lambda: now)
    assert before.get("/").status == 303
    after = logged_in("operator")
    assert after.get("/").status == 200
    monkeypatch.setattr(users, "_now", lambda: now - year)
    users.set_password("operator", password_hash)
    assert after.get("/").status == 303


@pytest.mark.parametrize("row", [("NUL\0", "Vite"), ("\ud83d", "Vite"), ("VIT-8", "Vite \ud83d")])
def test_what_the_store_cannot_keep_is_a_refused_row_and_stops_no_other(
    site: Site, logged_in: LoggedIn, row: tuple[str, str]
) -> None:
    site.articles.rows += [row, ("VIT-9", "Vite")]
    site.articles.wake()
    until(lambda: ("product", "VIT-9") in site.shop.holds)
    run: Any = site.ask("runs", flow="articles", limit=1)["runs"][0]
    assert (run["outcome"], run["counts"]["refused"]) == ("partial", 1)
    assert logged_in("viewer").get("/errors").status == 200
