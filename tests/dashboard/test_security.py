"""Who gets in, who may press what, and what a page of somebody else can do: nothing."""

from __future__ import annotations

import http.client
import re
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme
from pydantic import ValidationError

from agent.clock import SystemClock
from agent.config import DashboardSettings
from agent.dashboard.attempts import OF_ADDRESS, OF_NAME, WINDOW, Attempts
from agent.dashboard.pages import PAGES
from agent.dashboard.server import DashboardServer
from agent.dashboard.sessions import Sessions
from agent.dashboard.visit import Role
from agent.errors import Rejected
from agent.passwords import hashed, matches
from tests.dashboard.site import PASSWORD, Answer, Browser, Site, free_port

LoggedIn = Callable[..., Browser]


class StandingClock:
    """Time moves when the test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def now_ms(self) -> int:
        return int(self.seconds * 1000)

    def monotonic(self) -> float:
        return self.seconds


def send(browser: Browser, method: str, path: str, token: str) -> Answer:
    """Ask for a page with something in the places of its path."""
    filled = re.sub(r"\{\w+(:\w+)?\}", "1", path)
    return browser.get(filled) if method == "GET" else browser.post(filled, token)


def test_nothing_is_shown_or_done_without_a_log_in(anybody: Browser) -> None:
    for method, path, _, _ in PAGES:
        answer = send(anybody, method, path, anybody.get("/log-in").token)
        assert (answer.status, answer.headers["location"], answer.text) == (303, "/log-in", "")


def test_live_events_are_for_who_is_logged_in(anybody: Browser) -> None:
    assert anybody.get("/live").status == 204


def test_a_role_that_is_too_low_is_refused(logged_in: LoggedIn) -> None:
    lower = {Role.OPERATOR: logged_in("viewer"), Role.ADMIN: logged_in("operator")}
    for method, path, role, _ in PAGES:
        if role in lower:
            browser = lower[role]
            answer = send(browser, method, path, browser.get("/").token)
            assert (answer.status, "SA-7516" in answer.text) == (403, True)


def test_every_page_that_changes_something_needs_more_than_looking() -> None:
    changing = {page.path: page.role for page in PAGES if page.method == "POST"}
    assert changing.pop("/account/password") is Role.VIEWER, "that of one's own"
    assert set(changing.values()) == {Role.OPERATOR, Role.ADMIN}


def test_a_form_without_its_token_changes_nothing(site: Site, logged_in: LoggedIn) -> None:
    browser = logged_in("operator")
    for token in ("", "0" * 64, "è" * 64):
        answer = browser.post("/flows/articles/run", token)
        assert (answer.status, "SA-7515" in answer.text) == (400, True)
    assert ("operator", "request") not in site.deeds()


def test_a_token_of_somebody_else_changes_nothing(logged_in: LoggedIn) -> None:
    token = logged_in("admin").get("/").token
    assert logged_in("operator").post("/flows/articles/run", token).status == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
        {"Host": "127.0.0.1.evil.example"},
    ],
    ids=["other page", "opaque", "none", "other port", "rebound name", "name that begins well"],
)
def test_forms_of_other_pages_are_refused(
    site: Site, logged_in: LoggedIn, headers: dict[str, str]
) -> None:
    browser = logged_in("operator")
    answer = browser.post("/flows/articles/run", browser.get("/").token, headers)
    assert (answer.status, answer.text[:7]) == (403, "SA-7514")
    assert ("operator", "request") not in site.deeds()


def test_pages_are_shown_under_known_names_only(logged_in: LoggedIn) -> None:
    browser = logged_in("viewer")
    for host in ("evil.example", "", "localhost.evil.example", "[::1", "127.0.0.1:"):
        assert browser.get("/", Host=host).status == 403


def test_a_form_that_is_too_large_is_not_read(logged_in: LoggedIn) -> None:
    browser = logged_in("operator")
    assert browser.post("/errors/retry", browser.get("/").token, reason="x" * 300_000).status == 413


def test_the_cookie_is_for_the_server_alone_and_new_after_the_log_in(anybody: Browser) -> None:
    before = anybody.get("/log-in")
    first = dict(anybody.cookies)
    answer = anybody.post("/log-in", before.token, name="viewer", password=PASSWORD)
    (cookie,) = answer.headers.get_all("set-cookie", [])
    assert {"httponly", "samesite=strict", "path=/"} <= set(cookie.lower().split("; "))
    assert anybody.cookies != first


def test_pages_forbid_scripts_and_frames_of_others(logged_in: LoggedIn) -> None:
    browser = logged_in("admin")
    headers = browser.get("/").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    for page in ("/", "/orders", "/errors", "/flows", "/search", "/audit", "/log-in"):
        shown = browser.get(page).text
        assert not re.search(r"<script(?! src=)|<style|\sstyle=|\son\w+=", shown)


def test_whoever_guesses_has_to_wait(site: Site, anybody: Browser) -> None:
    for _ in range(OF_NAME):
        assert anybody.log_in("operator", "not the password").status == 401
    answer = anybody.log_in("operator")
    assert answer.status == 429
    assert 0 < int(answer.headers["retry-after"]) <= WINDOW
    assert Browser(site.port).log_in("viewer").status == 303
    assert site.deeds().count(("operator", "log-in refused")) == OF_NAME


def test_an_attempt_counts_before_it_is_judged() -> None:
    clock = StandingClock()
    attempts = Attempts(clock)
    waits = [attempts.begin("anna", "10.0.0.1") for _ in range(OF_NAME + 1)]
    assert waits == [0.0] * OF_NAME + [WINDOW]
    clock.seconds += WINDOW
    assert attempts.begin("anna", "10.0.0.1") == 0.0


def test_an_address_that_tries_many_names_has_to_wait() -> None:
    attempts = Attempts(StandingClock())
    waits = [attempts.begin(f"name {number}", "10.0.0.1") for number in range(OF_ADDRESS + 1)]
    assert waits[-2:] == [0.0, WINDOW]
    assert attempts.begin("name 1", "10.0.0.2") == 0.0


def test_who_logs_in_is_not_counted() -> None:
    attempts = Attempts(StandingClock())
    for _ in range(OF_ADDRESS * 2):
        assert attempts.begin("anna", "10.0.0.1") == 0.0
        attempts.succeeded("anna", "10.0.0.1")


def test_a_session_ends_after_its_time() -> None:
    clock = StandingClock()
    sessions = Sessions(clock, 600)
    cookie = sessions.begin("anna")
    clock.seconds += 599
    found = sessions.find(cookie)
    assert found
    assert found.name == "anna"
    clock.seconds += 1
    assert sessions.find(cookie) is None


def test_who_is_removed_or_gets_another_password_is_out(
    site: Site, logged_in: LoggedIn, password_hash: str
) -> None:
    removed, changed = logged_in("viewer"), logged_in("operator")
    site.agent.store.users.remove("viewer")
    assert removed.get("/").status == 303
    assert changed.get("/").status == 200
    site.agent.store.users.set_password("operator", password_hash)
    assert changed.get("/").status == 303
    assert changed.log_in("operator").status == 303
    assert changed.get("/").status == 200


def test_who_logs_out_is_out(logged_in: LoggedIn) -> None:
    browser = logged_in("viewer")
    kept = dict(browser.cookies)
    assert "Log in" in browser.press("/", "/log-out").text
    browser.cookies = kept
    assert browser.get("/").status == 303


def test_nothing_of_a_password_is_kept_but_its_hash(site: Site, password_hash: str) -> None:
    told = str(site.ask("users")) + str(site.ask("audit"))
    assert password_hash not in told
    assert PASSWORD not in told
    assert matches(PASSWORD, password_hash)
    assert not matches(f"{PASSWORD}.", password_hash)
    assert not matches(PASSWORD, "")


@pytest.mark.parametrize("password", ["", "eleven char", "x" * 257])
def test_a_password_has_a_sensible_length(password: str) -> None:
    with pytest.raises(Rejected, match="12 to 256 characters"):
        hashed(password)


def test_the_dashboard_listens_to_others_only_with_a_certificate() -> None:
    with pytest.raises(ValidationError, match=r"listening on 0\.0\.0\.0 needs certificate"):
        DashboardSettings(port=8484, host="0.0.0.0")
    with pytest.raises(ValidationError, match="belong together"):
        DashboardSettings(port=8484, certificate=Path("a.pem"))


def test_over_tls_the_cookie_never_travels_in_the_clear(site: Site, tmp_path: Path) -> None:
    authority = trustme.CA()
    certificate = authority.issue_cert("sync.example.com", "127.0.0.1")
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    certificate.private_key_pem.write_to_path(key)
    for pem in certificate.cert_chain_pems:
        pem.write_to_path(chain, append=True)
    settings = DashboardSettings(
        port=free_port(), hosts=("sync.example.com",), certificate=chain, certificate_key=key
    )
    server = DashboardServer(site.agent, settings, SystemClock())
    server.start()
    context = ssl.create_default_context()
    authority.configure_trust(context)
    connection = http.client.HTTPSConnection(
        "127.0.0.1", settings.port, timeout=20, context=context
    )
    connection.request("GET", "/log-in", headers={"Host": "sync.example.com"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    server.stop()
    assert answer.status == 200
    assert answer.headers["set-cookie"].startswith("__Host-syncagent")
    assert "; Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_a_taken_port_leaves_the_agent_at_work(site: Site) -> None:
    second = DashboardServer(site.agent, DashboardSettings(port=site.port), SystemClock())
    second.start()
    assert second.problem
    assert second.problem.code == "SA-7517"
    second.stop()
