"""`syncagent alerts`, from the command line to the mail server."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from agent.api.server import ApiServer
from agent.cli import program
from agent.cli.invocation import Invocation
from agent.config import ApiSettings
from agent.errors import Misconfigured, Rejected
from tests.alerts.world import World, world


def command(site: World, *arguments: str) -> int:
    """Its exit status."""
    given = ["--config", str(site.path), *arguments]
    return program.main(given, obj=Invocation(), standalone_mode=False) or 0


@contextmanager
def answering(site: World) -> Iterator[None]:
    server = ApiServer(site.agent, site.path.parent, ApiSettings())
    server.start()
    try:
        yield
    finally:
        server.stop()


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_open_alert_is_listed_and_taken_care_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with world(tmp_path) as site, answering(site):
        site.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
        site.run()
        site.look()
        command(site, "alerts", "list", "--json")
        (alert,) = document(capsys)["alerts"]
        assert (alert["kind"], alert["where"], alert["told"]) == ("halted", "products", 1)
        command(site, "alerts", "ack", str(alert["alert"]))
        assert "takes care of it" in capsys.readouterr().out
        command(site, "alerts", "list")
        assert "the log-in was refused" in capsys.readouterr().out
        assert site.agent.store.alerts.open()[0].acknowledged_by
        with pytest.raises(Rejected, match="no open alert 99"):
            command(site, "alerts", "ack", "99")


def test_status_counts_open_alerts_until_somebody_takes_care(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def status() -> dict[str, Any]:
        command(site, "status", "--json")
        return document(capsys)

    with world(tmp_path, flow="    freshness: 30m") as site, answering(site):
        site.run()
        site.pass_time(1500)
        assert (status()["verdict"], status()["open_alerts"]) == ("all is well", 0)
        site.pass_time(600)
        told = "open alerts: 1 (syncagent alerts list)"
        assert (status()["verdict"], status()["open_alerts"]) == (told, 1)
        command(site, "status")
        assert told in capsys.readouterr().out
        command(site, "alerts", "ack", "1")
        capsys.readouterr()
        assert (status()["verdict"], status()["open_alerts"]) == ("all is well", 1)


def test_status_leaves_out_what_may_pass_and_what_is_for_the_digest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = "  digest: off\n  rules: {freshness: {level: digest}}"
    flow = "    freshness: 30m"
    with world(tmp_path, alerts=rules, flow=flow) as site, answering(site):
        site.run()
        site.is_down = True
        site.table.rows = [("A", "Vite")]
        site.run()
        site.pass_time(480)
        kinds = {alert.kind for alert in site.agent.store.alerts.open()}
        assert kinds == {"unreachable"}
        command(site, "status", "--json")
        assert document(capsys)["open_alerts"] == 0
        site.pass_time(3600)
        kinds = {alert.kind for alert in site.agent.store.alerts.open()}
        assert kinds == {"unreachable", "freshness"}
        command(site, "status", "--json")
        assert document(capsys)["open_alerts"] == 1


def test_what_is_over_is_listed_with_whom_it_was_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with world(tmp_path) as site, answering(site):
        site.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
        site.run()
        site.look()
        site.agent.store.flows.update("products", halted="")
        site.run()
        site.pass_time(600)
        command(site, "alerts", "history", "--json")
        (alert,) = document(capsys)["alerts"]
        assert (alert["kind"], alert["told_to"]) == ("halted", ["it"])
        command(site, "alerts", "history", "--limit", "1")
        assert "the log-in was refused" in capsys.readouterr().out


def test_test_reaches_every_address_and_fails_where_one_does_not_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with world(tmp_path) as site, answering(site):
        assert command(site, "alerts", "test") == 0
        assert sorted(site.told()) == [("boss", "Test"), ("it", "Test")]
        site.mails.answer_to_recipient = "550 No such user"
        capsys.readouterr()
        assert command(site, "alerts", "test", "--json") == 1
        assert "550 No such user" in document(capsys)["addresses"][0]["problem"]


def test_test_works_without_a_daemon_and_says_where_nobody_is_named(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        site.agent.close()
        assert command(site, "alerts", "test") == 0
        assert len(site.told()) == 2
        head, _, _ = site.path.read_text().partition("alerts:")
        site.path.write_text(head)
        with pytest.raises(Rejected, match="no recipients"):
            command(site, "alerts", "test")
        site.open()


def test_running_agent_tells_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.alerts.watch.LOOK_SECONDS", 0.05)
    with world(tmp_path) as site:
        site.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
        site.run()
        site.agent.start()
        try:
            deadline = time.monotonic() + 20
            while not site.mails.mails:
                assert time.monotonic() < deadline
                time.sleep(0.01)
        finally:
            assert site.agent.stop()
        assert site.told() == [("it", "products is halted until somebody acts")]
