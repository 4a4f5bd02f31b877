"""A refused record is corrected by a person and sent; the original is kept beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agent.api.edits import EditRefused
from agent.api.operations import OPERATIONS
from agent.catalogue import EXPLANATIONS
from agent.errors import Rejected
from tests.dashboard.site import Browser, Site
from tests.waiting import until


def edit(site: Site, message: object, **values: object) -> dict[str, Any]:
    arguments = {"message": message, "values": values, "reason": "by phone", "by": "anna"}
    return OPERATIONS["edit"].call(site.agent, arguments)


def refused(site: Site, sku: str = "VIT-7") -> object:
    site.refuse_article(sku, "the name is too long")
    (parked,) = site.parked(sku)
    site.shop.refuses.clear()
    return parked["id"]


def test_a_refused_article_is_corrected_and_the_original_stays(site: Site) -> None:
    original = refused(site)
    answer = edit(site, original, name="Vite 7", weight="0.50", images='["vite.jpg"]')
    until(lambda: site.ask("messages", key="VIT-7", state="delivered")["messages"])
    assert site.shop.record("product", "VIT-7") == {
        "sku": "VIT-7",
        "name": "Vite 7",
        "weight": "0.50",
        "images": ["vite.jpg"],
    }
    versions = site.ask("record", flow="articles", key="VIT-7")["versions"]
    assert [(each["id"], each["state"]) for each in versions] == [
        (answer["message"], "delivered"),
        (original, "superseded"),
    ]
    new: Any = versions[0]
    old = versions[1]
    assert (new["edited_from"], new["decided_by"]) == (original, "anna: by phone")
    assert (old["edited_as"], old["reason"]) == (answer["message"], "the name is too long")
    assert old["body"] == {"sku": "VIT-7", "name": "Articolo VIT-7"}
    assert new["differences"][0] == {
        "field": "name", "before": "Articolo VIT-7", "now": "Vite 7", "had": True, "has": True,
    }  # fmt: skip


def test_who_edited_stands_in_the_audit_and_what_was_written_does_not(site: Site) -> None:
    edit(site, refused(site), name="Vite 7")
    (deed,) = [each for each in site.ask("audit")["deeds"] if each["did"] == "edit"]
    assert deed["by"] == "anna"
    assert "Vite 7" not in str(deed["about"])


def test_every_field_that_is_wrong_is_named(site: Site) -> None:
    message = refused(site)
    with pytest.raises(EditRefused) as refusal:
        edit(
            site,
            message,
            name="",
            weight="1,5",
            images="[vite",
            colour="red",
            options='[{"name": 1}]',
        )
    problems = refusal.value.problems
    assert {name: each.rule for name, each in problems.items()} == {
        "weight": 'is not a decimal number (decimal mark ".")',
        "images": "is not JSON: JSON is malformed: invalid character (byte 1)",
        "colour": "product has no such field",
        "options": "[0].value: null is empty, a value is required",
        "name": "is empty, a value is required",
    }
    assert {each.code for each in problems.values()} <= EXPLANATIONS.keys()
    assert site.parked("VIT-7")


def test_an_order_that_does_not_add_up_is_corrected(site: Site) -> None:
    site.place_order("W-4", "99.00")
    until(lambda: site.parked("W-4"))
    (order,) = site.parked("W-4")
    with pytest.raises(EditRefused, match=r"total_net is 98.00, lines give 15.00: 83.00 too much"):
        edit(site, order["id"], total_net="98.00")
    edit(site, order["id"], total_net="15.00")
    until(lambda: ("order", "W-4") in site.accounts.holds)


def test_the_next_change_from_the_source_wins(site: Site) -> None:
    edit(site, refused(site), name="Vite 7")
    until(lambda: ("product", "VIT-7") in site.shop.holds)
    site.articles.rows[-1] = ("VIT-7", "Vite 7x70")
    site.articles.wake()
    until(lambda: b"Vite 7x70" in site.shop.holds["product", "VIT-7"])


def test_an_edited_record_is_explained_as_such(site: Site) -> None:
    edit(site, refused(site), name="Vite 7")
    until(lambda: site.ask("messages", key="VIT-7", state="delivered")["messages"])
    told = OPERATIONS["explain"].call(site.agent, {"flow": "articles", "key": "VIT-7"})
    assert told["said"] == "is.edited"
    assert "as anna: by phone edited it" in told["sentence"]


def test_what_cannot_be_edited_says_why(site: Site) -> None:
    site.place_order_in_doubt("W-1")
    (doubtful,) = site.parked("W-1")
    site.articles.rows.append(("VIT-8", None))
    site.articles.wake()
    until(lambda: site.parked("VIT-8"))
    (row,) = site.parked("VIT-8")
    delivered = site.ask("messages", key="VIT-1")["messages"][0]
    for message, why in (
        (doubtful["id"], "it is in doubt whether the other side has it"),
        (row["id"], "it is a row that the mapping refused"),
        (delivered["id"], "only a record that was refused"),
    ):
        with pytest.raises(Rejected, match=why):
            edit(site, message, name="x")
    with pytest.raises(EditRefused, match="nothing was changed"):
        edit(site, refused(site), name="Articolo VIT-7")


def test_the_form_shows_every_field_and_what_is_wrong_beside_it(
    site: Site, logged_in: Callable[..., Browser]
) -> None:
    place = f"/messages/{refused(site)}/edit"
    browser = logged_in("operator")
    form = browser.get(place)
    assert 'name="field.name" value="Articolo VIT-7"' in form.text
    assert "the next change in the source replaces your correction" in form.text
    wrong = browser.post(
        place,
        form.token,
        None,
        **{"field.name": "", "field.weight": "heavy", "field.sku": "VIT-7", "reason": ""},
    )
    assert wrong.status == 400
    assert '<a href="#field-weight">Weight (kg)</a>: is not a decimal number' in wrong.text
    assert 'value="heavy"' in wrong.text
    right = browser.post(
        place, wrong.token, None, **{"field.name": "Vite 7", "reason": "name too long"}
    )
    shown = browser.get(right.headers["location"]).text
    assert "Your version is sent." in shown
    assert "the original" in shown
    assert "operator: name too long" in shown
    until(lambda: (site.shop.record("product", "VIT-7") or {}).get("name") == "Vite 7")


def test_a_form_that_changes_nothing_says_so(site: Site, logged_in: Callable[..., Browser]) -> None:
    place = f"/messages/{refused(site)}/edit"
    browser = logged_in("operator", "it")
    answer = browser.post(
        place, browser.get(place).token, None, **{"field.name": "Articolo VIT-7", "reason": "x"}
    )
    assert (answer.status, "Non hai cambiato nulla." in answer.text) == (400, True)
