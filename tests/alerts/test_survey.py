"""Every kind of trouble is seen in the engine itself, with what shows or mends it."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.api.operations import OPERATIONS
from agent.errors import Misconfigured, Rejected, Unavailable
from agent.model import Message, Receipt
from agent.store import HOUR_MS, FlowPause, Verification
from connectors.memory import TABLES, Receiver, Table, fails, loses_answer
from tests.alerts.world import World, world

AT_ONCE = "  digest: off\n  rules: {parked: {after: 0s}}"


def facts(site: World) -> dict[str, dict[str, object]]:
    """What is open, by kind."""
    return {alert.kind: dict(alert.facts) for alert in site.agent.store.alerts.open()}


def test_order_in_doubt_is_told_at_once(tmp_path: Path) -> None:
    def doubts(_receiver: Receiver, messages: Sequence[Message]) -> list[Receipt]:
        told = {"code": "SA-5010", "reason": "it may have been written already"}
        return [Receipt(message.id, accepted=False, **told) for message in messages]

    with world(tmp_path) as site:
        site.table.rows = [("A", "Vite")]
        site.run()
        site.receiver.script.append(doubts)
        site.look()
        assert site.told() == [("it", "products: nobody knows whether it was written: 1")]
        assert facts(site)["doubt"]["keys"] == ["A"]
        assert facts(site)["doubt"]["command"] == "syncagent orders list"


def test_refused_record_is_named_with_its_reason_until_it_is_mended(tmp_path: Path) -> None:
    with world(tmp_path, alerts=AT_ONCE) as site:
        site.table.rows = [("A", "Vite"), ("B", "")]
        site.run()
        site.look()
        (mail,) = site.mails.mails
        assert "Which: B" in mail.get_content()
        assert facts(site)["parked"]["code"] == "SA-3101"
        site.told()
        site.table.rows = [("A", "Vite"), ("B", "Dado")]
        site.run()
        site.pass_time(600)
        assert site.told() == [("it", "Over: products: 1 not on the other side")]


def test_held_run_is_told_until_somebody_decides(tmp_path: Path) -> None:
    with world(tmp_path, flow="") as site:
        site.path.write_text(
            site.path.read_text().replace(
                "guard: off", "guard: {delete_count: 0, delete_share: 1%}"
            )
        )
        site.restart()
        site.table.rows = [("A", "Vite"), ("B", "Dado")]
        site.run()
        site.table.rows = [("A", "Vite")]
        site.run()
        site.look()
        assert site.told() == [("it", "products: a run waits for approval")]
        assert facts(site)["held"]["command"] == "syncagent hold list"
        (run,) = site.agent.store.runs.held()
        OPERATIONS["approve"].call(site.agent, {"run": run.id, "by": "anna"})
        site.pass_time(600)
        assert site.told() == [("it", "Over: products: a run waits for approval")]


def test_target_that_refuses_the_log_in_is_told_at_once(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        site.table.rows = [("A", "Vite")]
        site.run()
        refusal = Misconfigured("SA-5101", "the token is wrong", hint="store another one")
        site.receiver.script.append(fails(refusal))
        site.look()
        assert site.told() == [("it", "there is halted until somebody acts")]
        assert facts(site)["halted"]["hint"] == "store another one"
        assert facts(site)["halted"]["command"] == "syncagent resume --target there"


def test_address_that_does_not_work_is_told_to_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOWHERE", raising=False)
    with world(tmp_path, alerts="  digest: off") as site:
        text = site.path.read_text().replace(
            "it: {mail: [", "it: {services: [env:NOWHERE], mail: ["
        )
        site.path.write_text(text)
        site.restart()
        site.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
        site.run()
        site.pass_time(120)
        assert site.told() == [
            ("it", "products is halted until somebody acts"),
            ("it", "alerts/env:NOWHERE is halted until somebody acts"),
        ]


def test_full_disk_is_urgent(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        site.path.write_text(site.path.read_text().replace("disk_low: 1B", "disk_low: 900000GB"))
        site.restart()
        site.look()
        assert site.told() == [("it", "The disk is nearly full")]


def test_restored_store_is_told_once_and_its_end_is_not(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        site.agent.store.backup(tmp_path / "backup")
        site.agent.close()
        (tmp_path / "store.db").write_bytes(b"no database at all" * 100)
        site.path.write_text(site.path.read_text().replace("backup: off", "backup: {}"))
        site.open()
        site.pass_time(1800)
        assert site.told() == [("it", "The store was restored from an older copy")]
        site.restart()
        site.pass_time(1800)
        assert site.told() == []
        assert facts(site) == {}


def test_lost_answer_of_a_shop_alone_is_no_trouble(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        site.table.rows = [("A", "Vite")]
        site.run()
        site.receiver.script.append(loses_answer(Unavailable("SA-5201", "no answer")))
        site.look()
        site.pass_time(3600)
        assert site.told() == []


def test_record_that_both_sides_changed_is_told_until_somebody_decides(tmp_path: Path) -> None:
    other = f"{tmp_path}/other"
    back = f"""
  back:
    source: {{connection: there, table: "{other}", key: [CODE]}}
    target: {{connection: here, receiver: "{other}"}}
    entity: product
    mapping: {{sku: CODE, name: NAME}}
    guard: off
    two_way: {{with: products, conflicts: hold, match: [sku]}}
"""
    TABLES[other] = Table(("CODE", "NAME"), [("A", "Dado")])
    with world(tmp_path, flow=back) as site:
        site.table.rows = [("A", "Vite")]
        site.run()
        site.run("back")
        site.look()
        assert site.told() == [("it", "back: changed on both sides: 1")]
        assert facts(site)["conflict"]["keys"] == ["A"]
        OPERATIONS["decide"].call(site.agent, {"key": "A", "flow": "back", "by": "anna"})
        site.pass_time(600)
        assert site.told() == [("it", "Over: back: changed on both sides: 1")]
    del TABLES[other]


def test_alerts_count_as_no_traffic_of_the_site(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        site.table.rows = [("A", "Vite")]
        site.run()
        site.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
        site.run()
        site.look()
        assert len(site.told()) == 1
        site.clock.advance(60)
        site.agent.figures.write()
        hour = site.clock.now_ms() // HOUR_MS
        figures = site.agent.store.kpis.between(hour - 1, hour + 1)
        assert {row.subject.name for row in figures if row.figures.get("delivered")} == {"products"}


def test_difference_that_a_comparison_found_is_told_until_one_finds_none(tmp_path: Path) -> None:
    def compared(missing: int) -> None:
        counts = {"records": 2, "in_step": 2 - missing, "missing": missing}
        now = site.clock.now_ms()
        found = Verification("products", 1, "read_back", now, counts)
        site.agent.store.verifications.keep(found)

    with world(tmp_path) as site:
        compared(1)
        site.look()
        assert site.told() == [("it", "products: not in step with the other side: 1")]
        assert facts(site)["differences"]["reason"] == "1 of 2 in step, 1 missing"
        assert facts(site)["differences"]["command"] == "syncagent verify products --repair"
        compared(0)
        site.pass_time(600)
        assert site.told() == [("it", "Over: products: not in step with the other side: 1")]


def test_flow_that_is_paused_for_longer_than_a_day_is_told(tmp_path: Path) -> None:
    with world(tmp_path, flow="    freshness: 30m") as site:
        site.run()
        now = site.clock.now_ms()
        site.agent.store.pauses.put(FlowPause("products", now, None, "person", "anna", "stocktake"))
        site.pass_time(23 * 3600, every=1800)
        assert site.told() == [], "that its data get old is what a pause is for"
        site.pass_time(2 * 3600, every=1800)
        (mail,) = site.mails.mails
        assert "paused by anna on 2026-03-02T10:00:00" in mail.get_content()
        assert "stocktake" in mail.get_content()
        assert site.told() == [("it", "products is still paused")]
        site.agent.store.pauses.lift("products")
        site.run()
        site.pass_time(600)
        assert site.told() == [("it", "Over: products is still paused")]


def test_pause_that_ends_by_itself_in_time_is_not_told(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        now = site.clock.now_ms()
        end = now + 20 * HOUR_MS
        site.agent.store.pauses.put(FlowPause("products", now, end, "person", "anna", ""))
        site.pass_time(2 * 86_400, every=1800)
        assert site.told() == []


def test_store_without_a_fresh_copy_is_told(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        text = site.path.read_text()
        site.path.write_text(text.replace("backup: off", "backup: {every: 1d}"))
        site.restart()
        _back_up(site, tmp_path)
        site.pass_time(2 * 86_400 + 660, every=660)
        assert site.told() == []
        site.pass_time(660)
        assert site.told() == [("it", "There is no fresh copy of the store")]
        _back_up(site, tmp_path)
        site.pass_time(600)
        assert site.told() == [("it", "Over: There is no fresh copy of the store")]


def _back_up(site: World, folder: Path) -> None:
    """A copy that was written at the time of the test's clock."""
    now = site.clock.now_ms() / 1000
    os.utime(site.agent.store.backup(folder / "backup"), (now, now))


def test_somebody_who_tries_passwords_is_told_with_the_names_that_were_tried(
    tmp_path: Path,
) -> None:
    def try_passwords(count: int) -> None:
        for _ in range(count):
            with pytest.raises(Rejected):
                OPERATIONS["admit"].call(site.agent, {"name": "root", "password": "123456"})

    with world(tmp_path) as site:
        try_passwords(9)
        site.look()
        assert site.told() == []
        try_passwords(1)
        site.look()
        assert facts(site)["log_in"]["keys"] == ["root"]
        assert site.told() == [("it", "Somebody tries passwords at the dashboard")]
        site.pass_time(2 * 3600)
        assert site.told() == [], "nobody waits for its end"
        assert facts(site) == {}


def test_address_that_others_call_and_that_stays_closed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLERS_SECRET", "a secret of the callers")
    with world(tmp_path) as site, socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        called = f"""
  caller:
    kind: webhook
    port: {port}
    path: /changed
    token: env:CALLERS_SECRET
    wakes: products
    record_path: changed
    key_path: [code]
"""
        text = site.path.read_text()
        site.path.write_text(text.replace("\nconnections:", f"\nconnections:{called}"))
        site.restart()
        site.agent._doors.set(site.agent._entrances, 1)
        site.pass_time(540)
        assert site.told() == []
        site.pass_time(120)
        assert site.told() == [("it", "The address that other systems call is closed")]
        assert str(port) in str(facts(site)["listener"]["reason"])
        site.agent._doors.close()
