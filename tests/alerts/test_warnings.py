"""What is told ahead of time: certificates, versions of APIs, what else a check warns of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.contract import Finding
from agent.errors import Misconfigured
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
