"""What is told ahead of time: certificates, versions of APIs, what else a check warns of."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import trustme

from agent.api.operations import OPERATIONS
from agent.config import ConfigurationProblems, load
from agent.contract import Finding
from agent.endings import end_of_token
from agent.errors import Misconfigured, Unavailable
from connectors.memory import MemoryTarget
from tests.alerts.world import START, World, world

DAY = 86_400.0


@pytest.fixture
def warned(monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """What the target's check shows."""
    findings: list[Finding] = []

    def check(_target: MemoryTarget) -> Iterator[Finding]:
        return iter(findings)

    monkeypatch.setattr(MemoryTarget, "check", check)
    return findings


def days(site: World, count: int) -> None:
    """Each with a round of checks."""
    for _ in range(count):
        site.agent.alerts.checks.look()
        site.pass_time(DAY, every=DAY / 2)


def test_certificate_is_told_30_14_and_7_days_ahead_and_when_it_is_over(
    tmp_path: Path, warned: list[Finding]
) -> None:
    ends = (START + timedelta(days=40)).date()
    with world(tmp_path) as site:
        told = {}
        for day in range(45):
            left = (ends - START.date()).days - day
            warned[:] = [Finding("certificate", f"valid for {left} days", until=ends)]
            days(site, 1)
            if mails := site.told():
                told[left] = mails
        ending = "there: valid only for a short time"
        assert told == {
            30: [("it", ending)],
            14: [("it", f"Worse: {ending}")],
            7: [("it", f"Worse: {ending}")],
            0: [("it", f"Worse: {ending}")],
        }
        warned[:] = [Finding("certificate", "valid for 90 days", until=ends + timedelta(days=90))]
        days(site, 2)
        assert site.told() == [], "nobody waits for this"
        assert site.agent.store.alerts.open() == []


def countdown(site: World, ends: date) -> dict[int, list[tuple[str, str]]]:
    """What is told, by the days that are left, until five days after the end."""
    told = {}
    for day in range((ends - START.date()).days + 5):
        site.agent.alerts.checks.look()
        site.pass_time(DAY, every=DAY / 2)
        if mails := site.told():
            told[(ends - START.date()).days - day] = mails
    return told


def four_times(where: str) -> dict[int, list[tuple[str, str]]]:
    """30, 14 and 7 days ahead, and on the day."""
    ending = f"{where}: valid only for a short time"
    worse = [("it", f"Worse: {ending}")]
    return {30: [("it", ending)], 14: worse, 7: worse, 0: worse}


def test_end_of_credentials_that_the_configuration_names_is_told_ahead(tmp_path: Path) -> None:
    ends = (START + timedelta(days=40)).date()
    with world(tmp_path) as site:
        site.path.write_text(
            site.path.read_text().replace(
                "there: {kind: memory}", f"there: {{kind: memory, expires: {ends}}}"
            )
        )
        site.restart()
        assert countdown(site, ends) == four_times("there")


def test_day_that_is_none_is_a_problem_of_the_configuration(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        text = site.path.read_text()
        site.path.write_text(text.replace("{kind: memory}", "{kind: memory, expires: soon}", 1))
        with pytest.raises(ConfigurationProblems) as problems:
            load(site.path)
        assert "write it like 2027-01-31" in problems.value.report()


def test_token_that_carries_its_own_end_is_told_ahead_and_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = START + timedelta(days=35)
    claims = json.dumps({"sub": "agent", "exp": ends.timestamp()}).encode()
    token = f"eyJhbGciOiJub25lIn0.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.hidden"
    monkeypatch.setenv("TOKEN", token)
    with world(tmp_path, alerts="  digest: off\n  ping: {url: env:TOKEN}") as site:
        assert countdown(site, ends.date()) == four_times("alerts")
        (alert,) = site.agent.store.alerts.open()
        assert alert.facts["reason"].startswith("ping.url: ended on")
        assert "hidden" not in str(alert.facts)


@pytest.mark.parametrize("text", ["", "abc", "eyJ.eyJ.eyJ", "eyJhIjoxfQ.e30.x", "a.b.c", "eyJ.!.x"])
def test_secret_that_is_no_token_with_an_end_says_nothing_of_it(text: str) -> None:
    assert end_of_token(text) is None


def test_certificate_that_we_show_to_others_is_told_ahead(tmp_path: Path) -> None:
    ends = START + timedelta(days=40)
    certificate = trustme.CA().issue_cert("sync.example.com", not_after=ends)
    certificate.cert_chain_pems[0].write_to_path(tmp_path / "chain.pem")
    certificate.private_key_pem.write_to_path(tmp_path / "key.pem")
    with world(tmp_path) as site:
        shown = "\ndashboard: {port: 8484, certificate: chain.pem, certificate_key: key.pem}\n"
        site.path.write_text(site.path.read_text() + shown)
        site.restart()
        assert countdown(site, ends.date()) == four_times("dashboard")


def test_day_on_which_the_system_does_not_answer_tells_nothing_twice(
    tmp_path: Path, warned: list[Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = (START + timedelta(days=25)).date()
    with world(tmp_path) as site:
        warned[:] = [Finding("certificate", "soon", until=ends)]
        days(site, 1)
        assert len(site.told()) == 1
        with monkeypatch.context() as broken:
            broken.setattr(MemoryTarget, "check", unreachable)
            days(site, 1)
        site.agent.store.flows.update("products", halted="SA-2102 refused")
        days(site, 1)
        site.agent.store.flows.update("products", halted="")
        days(site, 2)
        mails = [subject for _, subject in site.told() if "valid only" in subject]
        assert mails == []
        warned.clear()
        days(site, 1)
        assert [alert.kind for alert in site.agent.store.alerts.open()] == []


def unreachable(_target: MemoryTarget) -> Iterator[Finding]:
    raise Unavailable("SA-5202", "the shop does not answer")


def test_check_lists_what_will_end(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        text = site.path.read_text()
        site.path.write_text(
            text.replace("{kind: memory}", "{kind: memory, expires: 2026-05-01}", 1)
        )
        site.restart()
        findings = OPERATIONS["check"].call(site.agent, {})["findings"]
        (own,) = [each for each in findings if each["what"] == "credentials"]
        assert (own["name"], own["end"]) == ("here", "here")
        assert own["detail"] == "valid until 2026-05-01, 60 days"


def test_other_warnings_stand_in_the_digest_only(tmp_path: Path, warned: list[Finding]) -> None:
    with world(tmp_path, alerts="  digest: {at: '08:00'}") as site:
        warned[:] = [Finding("scopes", "write_orders not granted", warning=True)]
        days(site, 1)
        (mail,) = site.mails.mails
        assert "scopes: write_orders not granted" in mail.get_content()
        assert site.told() == [("it", "Daily summary: 1 open")]


def test_warning_survives_a_restart_until_the_next_round(
    tmp_path: Path, warned: list[Finding]
) -> None:
    ends = (START + timedelta(days=10)).date()
    with world(tmp_path) as site:
        warned[:] = [Finding("certificate", "soon", until=ends)]
        days(site, 1)
        assert len(site.told()) == 1
        site.restart()
        site.pass_time(DAY, every=600)
        assert len(site.agent.store.alerts.open()) == 1
        days(site, 1)
        assert site.told() == []


def test_halted_flow_is_not_logged_in_for_again_by_a_check(
    tmp_path: Path, warned: list[Finding]
) -> None:
    with world(tmp_path) as site:
        site.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
        site.run()
        warned[:] = [Finding("scopes", "missing", warning=True)]
        site.agent.alerts.checks.look()
        assert site.agent.alerts.checks.warnings == []
