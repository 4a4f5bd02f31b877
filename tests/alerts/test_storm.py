"""Much is wrong at once and for long: people hear of the cause, and not of what follows from it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from agent.errors import Misconfigured, Unavailable
from tests.alerts.world import World, world

HOUR, DAY = 3600.0, 86_400.0
FLOWS = [f"flow-{number:02}" for number in range(8)]


def flows(folder: Path) -> str:
    """Eight more flows of the same two systems, each with a freshness target."""
    return "    freshness: 30m\n" + "".join(
        f"""
  {name}:
    source: {{connection: here, table: "{folder}", key: [CODE]}}
    target: {{connection: there, receiver: "{folder}"}}
    entity: product
    mapping: {{sku: CODE, name: NAME}}
    guard: off
    freshness: 30m
"""
        for name in FLOWS
    )


def run_all(site: World, *, down: bool = False) -> None:
    for name in ("products", *FLOWS):
        if down:
            site.table.breaks = Unavailable("SA-2001", "the ERP does not answer")
        site.run(name)


def subjects(site: World) -> Counter[str]:
    return Counter(subject for _, subject in site.told())


def test_two_days_without_the_shop_and_with_all_else_that_comes_by_make_few_mails(
    tmp_path: Path,
) -> None:
    alerts = "  digest: {at: '08:00'}\n  escalate: {after: 4h, to: [boss]}"
    arrived: list[tuple[int, str, str]] = []
    with world(tmp_path, alerts=alerts, flow=flows(tmp_path)) as site:
        run_all(site)
        site.pass_time(60)
        site.is_down = True
        for half_hour in range(96):
            site.table.rows = [("A", f"Vite {half_hour}"), ("B", "")]
            run_all(site, down=half_hour % 12 >= 10)
            mail_is_down = 20 <= half_hour < 40
            site.mails.answer_to_recipient = "450 later" if mail_is_down else "250 OK"
            if half_hour == 48:
                site.restart()
            site.pass_time(HOUR / 2, every=600)
            arrived += [(half_hour, *mail) for mail in site.told()]
        site.is_down = False
        site.table.rows = [("A", "Vite"), ("B", "Dado")]
        for _ in range(4):
            run_all(site)
            site.pass_time(HOUR / 4, every=300)
        last = subjects(site)
        open_at_last = site.agent.store.alerts.open()
    told = Counter((to, subject) for _, to, subject in arrived)
    assert told["it", "there does not answer"] == 1, "also not after the restart"
    assert told["boss", "Nobody has acknowledged: there does not answer"] == 1
    assert sum(count for (to, _), count in told.items() if to == "it") <= 22, arrived
    assert sum(count for (to, _), count in told.items() if to == "boss") <= 4, arrived
    assert not [subject for _, subject in told if "too old" in subject]
    in_an_hour = Counter((half_hour // 2, to) for half_hour, to, _ in arrived)
    assert max(in_an_hour.values()) <= 3, arrived
    assert sum(last.values()) <= 4, last
    assert open_at_last == []


def test_flows_that_one_system_halts_are_one_alert_that_names_them(tmp_path: Path) -> None:
    with world(tmp_path, flow=flows(tmp_path)) as site:
        for name in ("flow-03", "products", *FLOWS):
            if not site.agent.store.flows.get(name).halted:
                site.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
                site.run(name)
                site.pass_time(60)
        assert subjects(site) == {"flow-03 is halted until somebody acts": 1}
        site.pass_time(2 * HOUR, every=300)
        (mail,) = site.mails.mails
        assert "Which: products, flow-00, flow-01 … (+6)" in mail.get_content()
        assert subjects(site) == {"Still: flow-03 is halted until somebody acts": 1}
        site.agent.store.flows.update("flow-03", halted="")
        site.run("flow-03")
        site.pass_time(600)
        assert subjects(site) == {
            "Over: flow-03 is halted until somebody acts": 1,
            "products is halted until somebody acts": 1,
        }, "the others still are, and somebody has to know"


def test_data_that_stay_old_after_the_shop_is_back_are_told(tmp_path: Path) -> None:
    with world(tmp_path, flow="    freshness: 30m") as site:
        site.table.rows = [("A", "Vite")]
        site.is_down = True
        site.run()
        site.pass_time(2 * HOUR, every=300)
        assert subjects(site) == {"there does not answer": 1, "Still: there does not answer": 1}
        site.is_down = False
        site.pass_time(DAY / 24, every=60)
        assert subjects(site) == {
            "Over: there does not answer": 1,
            "products: what the other side has is too old": 1,
        }, "nothing is delivered later, but nobody reads the source either"


def test_somebody_who_is_not_told_of_the_cause_is_told_of_what_follows(tmp_path: Path) -> None:
    alerts = "  digest: off\n  rules: {unreachable: {to: [boss]}}"
    with world(tmp_path, alerts=alerts, flow="    freshness: 30m") as site:
        site.table.rows = [("A", "Vite")]
        site.is_down = True
        site.run()
        site.pass_time(2400, every=300)
        assert sorted(site.told()) == [
            ("boss", "there does not answer"),
            ("it", "products: what the other side has is too old"),
        ]
