"""The example of a CRM: its contacts and those of the shop are the same people, on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.examples.conftest import OpenSite
from tests.examples.crm_server import Crm
from tests.examples.site import Site
from tests.examples.test_crm import in_force
from tests.faults.site import assert_nothing_doubled
from tests.peers.http_server import Peer, answering

BOTH = ("contacts_to_shop", "contacts_to_crm")
COMMON = ("first_name", "last_name", "email", "phone", "role", "language", "active")
ANNA = "10"
GIULIA = {
    "customer": "C00001",
    "first_name": "Giulia",
    "last_name": "Bianchi",
    "email": "Giulia@Example.com",
    "active": True,
}


@pytest.fixture
def crm() -> Crm:
    return Crm(3, with_people=3)


@pytest.fixture
def peer(crm: Crm) -> Iterator[Peer]:
    with answering(crm) as peer:
        yield peer


@pytest.fixture
def site(peer: Peer, open_site: OpenSite) -> Site:
    site = in_force(open_site, peer)
    rounds(site)
    return site


def rounds(site: Site, count: int = 1, scope: str = "differential") -> None:
    for _ in range(count):
        for run in site.sync(*BOTH, scope=scope).values():
            assert run.outcome == "ok", run


def edit_in_shop(site: Site, key: str, **values: Any) -> None:
    """Somebody changes his own data in the shop."""
    before = site.shown("contact").get(key, {})
    site.shop.put_records("contacts", **{key: before | values})


def of_crm(crm: Crm) -> list[tuple[Any, ...]]:
    people = [(each["customer_number"], *map(each.get, COMMON)) for each in crm.contacts.values()]
    return sorted(people, key=repr)


def of_shop(site: Site) -> list[tuple[Any, ...]]:
    """The same of the shop; an e-mail is the same in any case."""
    people = []
    for each in site.shown("contact").values():
        email = each.get("email")
        alike = each | {"email": email and email.lower()}
        people.append((each["customer"], *map(alike.get, COMMON)))
    return sorted(people, key=repr)


def assert_alike(site: Site, crm: Crm) -> None:
    assert of_shop(site) == of_crm(crm)
    assert_nothing_doubled(site.shop.database)


def writes(peer: Peer) -> list[str]:
    """Method and path of what was written to the CRM."""
    asked = [f"{each.request.method} {each.path}" for each in peer.asked]
    return [each for each in asked if not each.startswith("GET") and "oauth" not in each]


def test_people_of_the_crm_are_in_the_shop(site: Site, crm: Crm, peer: Peer) -> None:
    assert len(site.shown("contact")) == 6
    assert site.shown("contact")[ANNA]["email"] == "anna1@example.com"
    assert_alike(site, crm)
    assert writes(peer) == []


def test_who_registers_in_the_shop_is_made_in_the_crm_once(
    site: Site, crm: Crm, peer: Peer
) -> None:
    edit_in_shop(site, "web7", **GIULIA)
    rounds(site, 3)
    assert writes(peer) == ["POST /api/v3/contacts"]
    [made] = [each for each in crm.contacts.values() if each.get("external_id") == "web7"]
    assert (made["email"], made["customer_number"]) == ("giulia@example.com", "C00001")
    assert_alike(site, crm)


def test_what_was_made_on_either_side_is_changed_from_either_side(site: Site, crm: Crm) -> None:
    edit_in_shop(site, "web7", **GIULIA)
    rounds(site)
    [number] = [number for number, each in crm.contacts.items() if each.get("external_id")]
    crm.change_contact(number, phone="06 77")
    edit_in_shop(site, ANNA, phone="06 88")
    rounds(site)
    assert site.shown("contact")["web7"]["phone"] == "06 77"
    assert crm.contacts[int(ANNA)]["phone"] == "06 88"
    assert_alike(site, crm)


def test_different_fields_changed_on_both_sides_join(site: Site, crm: Crm) -> None:
    crm.change_contact(int(ANNA), last_name="Però Verdi")
    edit_in_shop(site, ANNA, phone="333 1")
    rounds(site, 2)
    shown = site.shown("contact")[ANNA]
    assert (shown["last_name"], shown["phone"]) == ("Però Verdi", "333 1")
    assert_alike(site, crm)


def test_of_the_same_field_the_newer_change_counts(site: Site, crm: Crm) -> None:
    crm.change_contact(int(ANNA), phone="by sales, weeks ago")
    edit_in_shop(site, ANNA, phone="by herself, now")
    rounds(site, 2)
    assert crm.contacts[int(ANNA)]["phone"] == "by herself, now"
    assert_alike(site, crm)


def test_of_two_changes_at_once_that_of_the_crm_counts(site: Site, crm: Crm) -> None:
    edit_in_shop(site, ANNA, phone="by herself")
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    crm.change_contact(int(ANNA), phone="by sales", updated_at=now)
    rounds(site, 2)
    assert site.shown("contact")[ANNA]["phone"] == "by sales"
    assert_alike(site, crm)


def test_what_the_crm_alone_says_is_put_right_in_the_shop(site: Site, crm: Crm, peer: Peer) -> None:
    edit_in_shop(site, ANNA, role="owner", customer="C00002")
    rounds(site, 2)
    shown = site.shown("contact")[ANNA]
    assert (shown["role"], shown["customer"]) == ("buyer", "C00001")
    assert writes(peer) == []
    assert of_shop(site) == of_crm(crm)


def test_later_rounds_carry_nothing_back(site: Site, crm: Crm, peer: Peer) -> None:
    edit_in_shop(site, "web7", **GIULIA)
    edit_in_shop(site, ANNA, phone="333 1")
    crm.change_contact(int(ANNA), first_name="Anna Maria")
    rounds(site, 2)
    written, effects = writes(peer), site.effects()
    rounds(site, 2)
    rounds(site, scope="full")
    assert (writes(peer), site.effects()) == (written, effects)
    assert_alike(site, crm)


@pytest.mark.parametrize("email", ["Giulia@Example.com", None])
def test_lost_answer_makes_no_second_contact(
    site: Site, crm: Crm, peer: Peer, email: str | None
) -> None:
    edit_in_shop(site, "web7", **(GIULIA | {"email": email}))
    crm.lost_answers = 1
    rounds(site, 3)
    assert [each for each in writes(peer) if "POST" in each] == ["POST /api/v3/contacts"]
    assert len(crm.contacts) == 7
    edit_in_shop(site, "web7", phone="333 7")
    rounds(site)
    assert_alike(site, crm)


def test_lost_answer_to_a_change_undoes_nothing(site: Site, crm: Crm) -> None:
    edit_in_shop(site, ANNA, phone="333 1")
    crm.lost_answers = 1
    site.sync(*BOTH)
    crm.change_contact(int(ANNA), phone="by sales, later", updated_at="2099-01-01T00:00:00Z")
    rounds(site, 2)
    assert crm.contacts[int(ANNA)]["phone"] == "by sales, later"
    assert_alike(site, crm)


def test_who_is_known_to_the_crm_by_his_e_mail_is_not_made_again(
    site: Site, crm: Crm, peer: Peer
) -> None:
    number = crm.add_contact(
        customer_number="C00001", last_name="Bianchi", email="giulia@example.com"
    )
    edit_in_shop(site, "web7", **GIULIA)
    site.sync("contacts_to_crm")
    assert writes(peer) == [f"PATCH /api/v3/contacts/{number}"]
    rounds(site, 2)
    assert (len(crm.contacts), len(site.shown("contact"))) == (7, 7)
    assert crm.contacts[number]["first_name"] == "Giulia"
    assert_alike(site, crm)


def test_who_is_deleted_on_one_side_is_switched_off_on_the_other(site: Site, crm: Crm) -> None:
    del crm.contacts[11]
    site.shop.put_records("contacts", **{ANNA: None})
    rounds(site, scope="full")
    rounds(site, 2)
    assert site.shown("contact")["11"]["active"] is False
    assert crm.contacts[int(ANNA)]["active"] is False
    assert ANNA not in site.shown("contact")


def test_outage_of_either_side_loses_no_change(site: Site, crm: Crm) -> None:
    site.shop.kill()
    crm.change_contact(int(ANNA), phone="06 99")
    site.sync(*BOTH)
    site.shop.start()
    edit_in_shop(site, ANNA, language="de")
    rounds(site, 2)
    assert crm.contacts[int(ANNA)]["language"] == "de"
    assert_alike(site, crm)


@pytest.mark.parametrize("first", BOTH)
def test_person_that_both_knew_before_the_first_run_is_one(
    open_site: OpenSite, peer: Peer, crm: Crm, first: str
) -> None:
    site = in_force(open_site, peer)
    crm.add_contact(customer_number="C00001", last_name="Bianchi", email="giulia@example.com")
    edit_in_shop(site, "web7", **GIULIA)
    site.sync(first)
    rounds(site, 2)
    assert (len(crm.contacts), len(site.shown("contact"))) == (7, 7)
    assert_alike(site, crm)
