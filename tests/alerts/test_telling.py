"""What people are told over time, at a real mail server, by a clock that the test winds."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from starlette.responses import Response

from agent.alerts.plan import What
from agent.alerts.trouble import Kind
from agent.alerts.wording import WORDINGS
from agent.config import ConfigurationProblems, load
from agent.config.alerts import Rules
from agent.errors import Misconfigured, Unavailable
from agent.model import State
from tests.alerts.world import World, world
from tests.peers.http_server import answering
from tests.peers.mail_server import mail_server

HOUR, DAY = 3600.0, 86_400.0


def test_outage_of_two_days_makes_a_handful_of_mails(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        site.table.rows = [("A", "Vite"), ("B", "Dado")]
        site.is_down = True
        site.run()
        site.pass_time(60, every=2)
        told: list[tuple[float, tuple[str, str]]] = []
        for _ in range(2 * 24 * 6):
            site.pass_time(600, every=600)
            told += [(site.clock.seconds, mail) for mail in site.told()]
        site.is_down = False
        site.pass_time(HOUR, every=300)
        down = "there does not answer"
        assert [mail for _, mail in told] == [
            ("it", down),
            ("it", f"Still: {down}"),
            ("it", f"Still: {down}"),
            ("it", f"Still: {down}"),
        ]
        first, *reminders = [when for when, _ in told]
        assert 600 < first <= 1260
        assert [round((when - first) / HOUR) for when in reminders] == [1, 4, 24]
        assert site.told() == [("it", f"Over: {down}")]
        assert site.receiver.record("product", "A")


def test_ten_thousand_parked_records_of_three_causes_make_three_alerts_in_one_mail(
    tmp_path: Path,
) -> None:
    with world(tmp_path) as site:
        store = site.agent.store
        with store.transaction():
            for number in range(10_000):
                code = f"SA-310{number % 3 + 1}"
                store.refusals.park(
                    "products", "there", 1, f"K{number}", "product", b"{}", code, "not a number"
                )
        site.pass_time(2 * HOUR)
        (mail, reminder) = site.mails.mails
        assert mail["Subject"] == "[Acme] 3 alerts"
        text = mail.get_content()
        assert "products: 3334 not on the other side" in text
        assert "Which: K9999, K9996, K9993 … (+3331)" in text
        assert "Reason: SA-3101 not a number" in text
        assert "syncagent outbox list --state parked --flow products" in text
        assert reminder["Subject"] == "[Acme] 3 alerts"


def test_trouble_that_passes_before_its_time_is_not_told(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        site.table.rows = [("A", "Vite")]
        site.is_down = True
        site.run()
        site.pass_time(480)
        site.is_down = False
        site.pass_time(HOUR)
        assert site.told() == []
        assert site.agent.store.alerts.open() == []


def test_outage_that_comes_and_goes_is_one_alert(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        site.table.rows = [("A", "Vite")]
        site.is_down = True
        site.run()
        site.pass_time(1200)
        for number in range(6):
            site.is_down = False
            site.agent.deliveries["there"].resume()
            site.pass_time(180)
            site.table.rows = [("A", f"Vite {number}")]
            site.is_down = True
            site.run()
            for _ in range(6):
                site.agent.store.decisions.retry(flow="products")
                site.look()
            site.pass_time(180)
        assert site.told() == [("it", "there does not answer")]


def failing(site: World) -> None:
    site.table.breaks = Unavailable("SA-2001", "the ERP does not answer")
    site.run()


def test_source_that_fails_is_told_after_the_second_try_in_earnest(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        failing(site)
        site.look()
        site.clock.advance(5)
        failing(site)
        site.look()
        assert site.told() == [], "repeated within seconds: still the first try"
        site.clock.advance(60)
        failing(site)
        site.look()
        assert site.told() == [("it", "products: the source cannot be read")]
        site.run()
        site.pass_time(600)
        assert site.told() == [("it", "Over: products: the source cannot be read")]


def test_source_that_is_tried_once_a_day_is_told_after_ten_minutes(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        failing(site)
        site.look()
        site.pass_time(540)
        assert site.told() == []
        site.pass_time(60)
        assert site.told() == [("it", "products: the source cannot be read")]


def test_halted_flow_is_told_at_once_with_what_to_do(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        site.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
        site.run()
        site.look()
        (mail,) = site.mails.mails
        assert mail["Subject"] == "[Acme] products is halted until somebody acts"
        text = mail.get_content()
        assert "Reason: SA-2102 the log-in was refused" in text
        assert "On the server: syncagent resume products" in text
        assert "What to do: " in text
        assert "Since 2026-03-02 11:00." in text


def test_crash_after_the_decision_loses_no_alert_and_doubles_none(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        site.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
        site.run()
        site.agent.alerts.look()
        assert site.told() == []
        site.restart()
        site.look()
        site.pass_time(600)
        assert site.told() == [("it", "products is halted until somebody acts")]


def test_crash_in_the_middle_of_the_decision_leaves_nothing_half_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world(tmp_path) as site:
        site.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
        site.run()
        with monkeypatch.context() as broken:
            broken.setattr(site.agent.alerts, "_send", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                site.agent.alerts.look()
        assert site.agent.store.alerts.open() == []
        site.restart()
        site.look()
        assert site.told() == [("it", "products is halted until somebody acts")]


def test_alert_whose_answer_was_lost_comes_once_more_as_the_same_mail(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        site.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
        site.run()
        site.mails.breaks_off = True
        site.look()
        site.mails.breaks_off = False
        site.pass_time(900)
        first, *again = site.mails.mails
        assert [mail["Message-ID"] for mail in again] == [first["Message-ID"]]


def test_outage_of_the_mail_server_delays_and_replaces_what_is_outdated(tmp_path: Path) -> None:
    with mail_server() as mails:
        site = World(tmp_path, mails, alerts="  digest: off", flow="")
    site.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
    site.run()
    site.pass_time(6 * HOUR, every=300)
    site.agent.store.flows.update("products", halted="")
    site.run()
    site.pass_time(HOUR, every=300)
    waiting = site.agent.store.messages.counts()["alerts/it@acme.example"]
    assert waiting[State.SUPERSEDED] >= 2
    with mail_server(port=mails.port) as site.mails:
        site.pass_time(HOUR, every=300)
        texts = [mail.get_content() for mail in site.mails.mails]
        subjects = " ".join([*site.mails.subjects, *texts])
        site.close()
    assert subjects.count("Over: products is halted until somebody acts") == 1
    assert "Still" not in subjects


def test_quiet_hours_let_only_what_is_urgent_through(tmp_path: Path) -> None:
    quiet = "  digest: off\n  quiet: ['20:00-07:00']"
    with world(tmp_path, alerts=quiet) as site:
        site.pass_time(10 * HOUR, every=600)
        failing(site)
        site.pass_time(9 * HOUR, every=600)
        assert site.told() == [], "21:00 to 06:00 in Rome"
        site.pass_time(1.5 * HOUR, every=600)
        assert site.told() == [("it", "products: the source cannot be read")], "at 07:00"
        site.pass_time(13.5 * HOUR, every=600)
        site.told()
        site.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
        site.run()
        site.look()
        assert site.told() == [("it", "products is halted until somebody acts")], "21:00"


def test_trouble_of_the_night_that_is_over_by_morning_is_not_told(tmp_path: Path) -> None:
    with world(tmp_path, alerts="  digest: off\n  quiet: ['20:00-07:00']") as site:
        site.pass_time(10 * HOUR, every=600)
        failing(site)
        site.pass_time(HOUR, every=600)
        site.run()
        site.pass_time(12 * HOUR, every=600)
        assert site.told() == []


def test_nobody_acknowledges_so_the_next_ones_are_told_and_reminded_too(tmp_path: Path) -> None:
    escalate = "  digest: off\n  escalate: {after: 2h, to: [boss]}"
    with world(tmp_path, alerts=escalate) as site:
        failing(site)
        site.pass_time(6 * HOUR, every=300)
        read = "products: the source cannot be read"
        told = site.told()
        assert told[:3] == [
            ("it", read),
            ("it", f"Still: {read}"),
            ("boss", f"Nobody has acknowledged: {read}"),
        ]
        assert sorted(told[3:]) == [("boss", f"Still: {read}"), ("it", f"Still: {read}")]
        site.run()
        site.pass_time(HOUR, every=300)
        assert sorted(site.told()) == [("boss", f"Over: {read}"), ("it", f"Over: {read}")]


def test_acknowledged_alert_is_neither_repeated_nor_escalated(tmp_path: Path) -> None:
    escalate = "  digest: off\n  escalate: {after: 2h, to: [boss]}"
    with world(tmp_path, alerts=escalate) as site:
        failing(site)
        site.pass_time(900)
        site.told()
        (alert,) = site.agent.store.alerts.open()
        site.agent.alerts.acknowledge(alert.number, "anna")
        site.pass_time(DAY * 2, every=600)
        assert site.told() == []
        site.run()
        site.pass_time(HOUR)
        assert site.told() == [("it", "Over: products: the source cannot be read")]


def test_no_hour_sees_more_notifications_than_the_cap(tmp_path: Path) -> None:
    with world(tmp_path, alerts="  digest: off\n  per_hour: 4") as site:
        store, arrived = site.agent.store, []
        for number in range(40):
            store.refusals.park(
                "products", "there", 1, "K", "product", b"{}", f"SA-3{number:03}", "wrong"
            )
            store.refusals.park(
                "products", "there", 1, f"K{number}", "product", b"{}", f"SA-3{number:03}", "wrong"
            )
            site.pass_time(300)
            arrived += [site.clock.seconds] * len(site.mails.mails)
            site.mails.mails.clear()
        hours = [sum(1 for when in arrived if start < when <= start + HOUR) for start in arrived]
        assert arrived
        assert max(hours) <= 4
        old = site.clock.now_ms() - 900_000
        assert all(alert.told for alert in store.alerts.open() if alert.opened_at < old)


def test_digest_comes_once_a_day_at_its_hour_with_what_is_open_and_what_is_over(
    tmp_path: Path,
) -> None:
    rules = "  digest: {at: '08:00'}\n  rules: {failing: {level: digest}}"
    with world(tmp_path, alerts=rules) as site:
        site.pass_time(DAY, every=600)
        assert site.told() == [], "nothing to tell"
        failing(site)
        site.pass_time(20 * HOUR, every=600)
        assert site.told() == []
        site.pass_time(2 * HOUR, every=600)
        (mail,) = site.mails.mails
        assert "- 1: products: the source cannot be read." in mail.get_content()
        assert site.told() == [("it", "Daily summary: 1 open")]
        site.restart()
        site.run()
        site.pass_time(DAY, every=600)
        (mail,) = site.mails.mails
        assert "Over since the last summary:" in mail.get_content()
        assert site.told() == [("it", "Daily summary: 0 open")]


def test_digest_names_the_outage_of_the_night_and_no_blips(tmp_path: Path) -> None:
    with world(tmp_path, alerts="  quiet: ['20:00-07:00']") as site:
        site.pass_time(10 * HOUR, every=600)
        failing(site)
        site.pass_time(60)
        site.run()
        site.pass_time(HOUR)
        assert len(site.agent.store.alerts.closed(0)) == 1
        site.pass_time(10 * HOUR, every=600)
        assert site.told() == [], "08:00: a minute is nobody's concern"
        site.pass_time(13 * HOUR, every=600)
        failing(site)
        site.pass_time(HOUR)
        site.run()
        site.pass_time(12 * HOUR, every=600)
        assert site.told() == [("it", "Daily summary: 0 open")]


def test_rule_names_who_is_told_and_what_is_switched_off_is_not(tmp_path: Path) -> None:
    rules = "  digest: off\n  rules: {failing: {to: [boss], after: 0s}, halted: off}"
    with world(tmp_path, alerts=rules) as site:
        failing(site)
        site.look()
        assert site.told() == [("boss", "products: the source cannot be read")]
        site.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
        site.run()
        site.pass_time(DAY, every=600)
        assert "halted" not in str(site.told())


def test_flow_that_nobody_runs_is_behind_its_freshness(tmp_path: Path) -> None:
    with world(tmp_path, flow="    freshness: 30m") as site:
        site.run()
        site.pass_time(1500)
        site.run()
        site.pass_time(1500)
        assert site.told() == []
        site.pass_time(600)
        assert site.told() == [("it", "products: what the other side has is too old")]
        site.run()
        site.pass_time(600)
        assert site.told() == [("it", "Over: products: what the other side has is too old")]


def test_flow_whose_messages_wait_is_behind_its_freshness(tmp_path: Path) -> None:
    alerts = "  digest: off\n  rules: {unreachable: off}"
    with world(tmp_path, flow="    freshness: 30m", alerts=alerts) as site:
        site.table.rows = [("A", "Vite")]
        site.run()
        site.is_down = True
        for _ in range(5):
            site.pass_time(600)
            site.run()
        assert site.told() == [("it", "products: what the other side has is too old")]


def test_changed_configuration_that_is_refused_is_told_while_it_stands(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        good = site.path.read_text()
        site.path.write_text(good.replace("entity: product", "entity: produkt"))
        site.agent.reload()
        site.pass_time(900)
        (mail,) = site.mails.mails
        assert "configuration was refused" in mail["Subject"]
        assert "produkt" in mail.get_content()


def test_alerts_speak_italian(tmp_path: Path) -> None:
    with world(tmp_path, alerts="  digest: off\n  language: it\n  link: https://pannello") as site:
        site.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
        site.run()
        site.look()
        (mail,) = site.mails.mails
        assert mail["Subject"] == "[Acme] products è fermo finché qualcuno non interviene"
        text = mail.get_content()
        assert "Motivo: SA-2102 Impossibile caricare il driver ODBC: the log-in was refused" in text
        assert "Che cosa fare: Installa il driver" in text
        assert "Dal 02/03/2026 11:00." in text
        assert "Cruscotto: https://pannello/flows/products" in text


def test_mails_of_one_alert_are_one_thread(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        failing(site)
        site.pass_time(2 * HOUR, every=300)
        threads = Counter(mail["References"] for mail in site.mails.mails)
        assert list(threads.values()) == [2]


def test_look_that_fails_leaves_the_dead_mans_switch_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(_path: object) -> None:
        raise OSError("the disk does not answer")

    with answering(lambda _asked: Response()) as switch:
        monkeypatch.setenv("PING", f"{switch.url}/alive")
        with world(tmp_path, alerts="  digest: off\n  ping: {url: env:PING}") as site:
            site.look()
            assert switch.questions == ["/alive"]
            site.clock.advance(600)
            with monkeypatch.context() as broken:
                broken.setattr(shutil, "disk_usage", unreadable)
                with pytest.raises(OSError, match="the disk does not answer"):
                    site.agent.alerts.look()
            assert switch.questions == ["/alive"], "whoever waits for it will notice"
            site.look()
            assert switch.questions == ["/alive", "/alive"]


def test_address_that_is_gone_from_the_configuration_leaves_nothing_waiting(tmp_path: Path) -> None:
    with mail_server() as mails:
        site = World(tmp_path, mails, alerts="  digest: off", flow="")
    site.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
    site.run()
    site.look()
    text = site.path.read_text()
    site.path.write_text(text.replace("it@acme.example", "edp@acme.example"))
    site.restart()
    site.agent.start()
    try:
        waiting = site.agent.store.messages.counts()["alerts/it@acme.example"]
        assert waiting.get(State.PENDING, 0) == 0
        assert waiting[State.IGNORED] == 1
    finally:
        assert site.agent.stop()
        site.close()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("  tell: [nobody]", 'there are no recipients "nobody"'),
        ("  tell: [it]\n  escalate: {to: [nobody]}", 'there are no recipients "nobody"'),
        ("  tell: [it]\n  rules: {parked: {to: [nobody]}}", 'there are no recipients "nobody"'),
        ("  tell: [it]\n  reminders: [4h, 1h]", "reminders must grow"),
        ("  tell: [it]\n  digest: {at: '25:00'}", "not a time of the day"),
    ],
)
def test_what_cannot_work_is_a_problem_of_the_configuration(
    tmp_path: Path, wrong: str, told: str
) -> None:
    with world(tmp_path) as site:
        text = site.path.read_text().replace("  digest: off\n", "")
        site.path.write_text(text.replace("  tell: [it]", wrong))
        with pytest.raises(ConfigurationProblems) as problems:
            load(site.path)
        assert told in problems.value.report()


def test_every_kind_of_trouble_has_a_rule_and_words_in_both_languages() -> None:
    assert list(Rules.model_fields) == list(Kind)
    assert all(language.kinds.keys() == set(Kind) for language in WORDINGS.values())
    assert all(language.heads.keys() == set(What) for language in WORDINGS.values())
