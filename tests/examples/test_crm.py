"""The example of a CRM: its customers are in the shop, and stay in step with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agent.assembly import flow_plans
from agent.clock import SystemClock
from agent.config import load
from tests.examples.conftest import OpenSite
from tests.examples.crm_server import SECRET, Crm
from tests.examples.site import Records, Site
from tests.peers.http_server import Peer, answering

ACCOUNTS = 120
"""Two pages."""


@pytest.fixture
def crm() -> Crm:
    return Crm(ACCOUNTS)


@pytest.fixture
def peer(crm: Crm) -> Iterator[Peer]:
    with answering(crm) as peer:
        yield peer


@pytest.fixture
def site(peer: Peer, open_site: OpenSite) -> Site:
    return in_force(open_site, peer)


def in_force(open_site: OpenSite, peer: Peer) -> Site:
    """A company with this CRM."""
    site = open_site("crm")
    site.secret("crm", SECRET)
    site.configure(
        {
            "https://crm.example.com": peer.url,
            "https://login.example.com": peer.url,
        }
    )
    return site


def expected(crm: Crm) -> Records:
    """What the shop is to hold: customers that are active, by the CRM's own id."""
    return {
        str(number): _customer(account)
        for number, account in crm.accounts.items()
        if account["stage"] == "customer" and account["status"] == "active"
    }


def _customer(account: dict[str, Any]) -> dict[str, Any]:
    email = account.get("email")
    return {
        "code": account["number"],
        "name": account["name"],
        "vat_number": account["vat_number"],
        "email": email and email.lower(),
        "phone": None,
        "agent": account["owner"]["code"],
        "payment_terms": "30GG",
        "discount": "2.50",
        "addresses": [
            {
                "code": str(each["id"]),
                "kind": {"invoice": "billing", "delivery": "shipping"}[each["use"]],
                "street": each["street"],
                "postal_code": each["zip"],
                "city": each["city"],
                "province": each.get("province"),
                "country": "IT",
            }
            for each in account["addresses"]
        ],
    }


def test_customers_arrive_with_their_addresses(site: Site, crm: Crm) -> None:
    assert site.sync()["customers"].outcome == "ok"
    assert len(site.shown("customer")) == ACCOUNTS - 12 - 1, "no leads, none that is inactive"
    site.assert_in_step("customer", expected(crm))


def test_change_is_asked_for_by_its_stamp_and_travels_alone(
    site: Site, crm: Crm, peer: Peer
) -> None:
    site.sync()
    before, asked = site.effects(), len(peer.asked)
    crm.change(5, name="Officina Bianchi")
    crm.change(10, stage="customer", number="C00010", vat_number="IT00000000010")
    site.sync()
    lists = [each.query for each in peer.asked[asked:] if each.path.endswith("/customers")]
    assert lists[0]["updated_since"] == "2026-11-01T07:50:00Z", "ten minutes before the last stamp"
    assert site.effects() - before == 2
    site.assert_in_step("customer", expected(crm))


def test_deactivated_customer_is_deleted_and_comes_back(site: Site, crm: Crm) -> None:
    site.sync()
    crm.change(5, status="inactive")
    assert site.sync()["customers"].counts["deletes"] == 1
    site.assert_in_step("customer", expected(crm))
    crm.change(5, status="active")
    site.sync()
    site.assert_in_step("customer", expected(crm))
    assert "5" in site.shown("customer")


def test_nightly_pass_finds_what_set_no_stamp_and_what_was_erased(site: Site, crm: Crm) -> None:
    site.sync()
    crm.change(50, name="Officina Bianchi")
    site.sync()  # from now on what was stamped at the beginning is not asked for
    crm.accounts[8]["addresses"].pop()
    del crm.accounts[9]
    assert site.sync()["customers"].counts["updates"] == 0
    site.sync(scope="full")
    site.assert_in_step("customer", expected(crm))


def test_many_customers_that_vanish_at_once_wait_for_a_person(site: Site, crm: Crm) -> None:
    site.sync()
    for number in range(41, 50):
        crm.change(number, status="inactive")
    assert site.sync()["customers"].outcome == "held"
    assert "45" in site.shown("customer")


def test_outage_of_the_crm_in_the_middle_of_a_pass_deletes_and_loses_nothing(
    site: Site, crm: Crm
) -> None:
    site.sync()
    held = site.shown("customer")
    crm.change(2, name="Officina Verdi")
    crm.change(118, name="Officina Gialli")
    crm.failing_page = "2"
    assert site.sync(scope="full")["customers"].code == "SA-5211"
    assert site.shown("customer").keys() == held.keys()
    crm.failing_page = ""
    site.sync()
    site.assert_in_step("customer", expected(crm))


def test_outage_of_the_shop_loses_nothing(site: Site, crm: Crm) -> None:
    site.sync()
    site.shop.kill()
    crm.change(4, name="Officina Verdi")
    site.sync()
    crm.change(4, name="Officina Gialli")
    crm.change(6, status="inactive")
    site.sync()
    site.shop.start()
    site.sync()
    site.assert_in_step("customer", expected(crm))


def test_one_customer_is_read_by_its_own_address_with_all_that_belongs_to_it(
    site: Site, crm: Crm, peer: Peer
) -> None:
    site.sync()
    crm.accounts[11]["addresses"].pop()
    answer = site.command("resync", "customers", "--key", "11")
    assert answer.returncode == 0, answer.stderr + answer.stdout
    assert peer.questions[-1] == "/api/v3/customers/11?expand=addresses"
    site.assert_in_step("customer", expected(crm))


def test_quiet_window_is_that_of_the_wall_clock_in_rome(site: Site) -> None:
    config = load(site.config)
    plan = flow_plans(config, SystemClock())["customers"]
    assert plan.quiet_until(_in_rome("2026-11-24 22:59")) is None
    assert plan.quiet_until(_in_rome("2026-11-24 23:30")) == _in_rome("2026-11-25 00:30")


def _in_rome(text: str) -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Rome"))
    return int(moment.timestamp() * 1000)


def test_check_and_preview_tell_what_they_found(site: Site) -> None:
    checked = site.command("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "100 records on the first page" in checked.stdout
    shown = site.command("preview", "customers", "--key", "5")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert '"Officina Müller & Figli 5"' in shown.stdout


def test_fields_are_found_by_a_check_without_columns(site: Site) -> None:
    text = site.config.read_text(encoding="utf-8")
    before, _, rest = text.partition("      columns:\n")
    behind = rest[rest.index("      # What the API leaves out") :]
    site.config.write_text(f"{before}      columns: []\n{behind}", encoding="utf-8")
    checked = site.command("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "fields: addresses[], email, id, name, number," in checked.stdout


def test_check_names_whose_hint_it_is(site: Site) -> None:
    (site.folder / "credentials" / "crm").unlink()
    checked = site.command("check")
    assert checked.returncode == 77, "a log-in is wanting"
    assert "hint for customers: " in checked.stderr
