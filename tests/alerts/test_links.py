"""Each alert leads to the page of what it is about, where the dashboard's address is known."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from starlette.routing import Match, Route

from agent.alerts import links
from agent.config import ConfigurationProblems, load
from agent.dashboard.pages import PAGES
from agent.errors import Misconfigured
from tests.alerts.world import World, world

LINKED = "  digest: off\n  link: https://sync.example.com/\n  rules: {parked: {after: 0s}}"


def links_of(site: World) -> list[str]:
    """Those of the mails that came; they are taken out of the box."""
    found = [
        link
        for mail in site.mails.mails
        for link in re.findall(r"^Dashboard: (\S+)", mail.get_content(), re.MULTILINE)
    ]
    site.mails.mails.clear()
    return found


def test_refused_record_leads_to_its_own_page_whatever_its_key_holds(tmp_path: Path) -> None:
    with world(tmp_path, alerts=LINKED) as site:
        site.table.rows = [("A/B è", "")]
        site.run()
        site.look()
        assert links_of(site) == ["https://sync.example.com/records/products/A%2FB%20%C3%A8"]


def test_several_refused_records_lead_to_the_group_of_their_cause(tmp_path: Path) -> None:
    with world(tmp_path, alerts=LINKED) as site:
        site.table.rows = [("A", ""), ("B", "")]
        site.run()
        site.look()
        assert links_of(site) == ["https://sync.example.com/errors/products/SA-3101"]


def test_halted_flow_leads_to_the_flow_also_when_it_is_over(tmp_path: Path) -> None:
    with world(tmp_path, alerts=LINKED) as site:
        site.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
        site.run()
        site.look()
        assert links_of(site) == ["https://sync.example.com/flows/products"]
        site.agent.store.flows.update("products", halted="")
        site.run()
        site.pass_time(600)
        assert links_of(site) == ["https://sync.example.com/flows/products"]


def test_digest_leads_to_the_page_of_all_alerts(tmp_path: Path) -> None:
    always = "  digest: {at: '08:00', when_well: yes}\n  link: https://sync.example.com"
    with world(tmp_path, alerts=always) as site:
        site.pass_time(86_400, every=3600)
        assert links_of(site) == ["https://sync.example.com/alerts"]


def test_without_an_address_no_alert_has_a_link(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        site.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
        site.run()
        site.look()
        assert links_of(site) == []


def test_address_that_is_none_is_a_problem_of_the_configuration(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        site.path.write_text(site.path.read_text() + "\n  link: sync.example.com\n")
        with pytest.raises(ConfigurationProblems) as problems:
            load(site.path)
        assert "write it like https://" in problems.value.report()


@pytest.mark.parametrize(
    "link",
    [
        *links.PLACES,
        links.flow("prices"),
        links.records("prices", "SA-3101", ("A", "B"), 2),
        links.records("prices", "SA-3101", ("A/B è?#",), 1),
    ],
)
def test_every_page_that_an_alert_leads_to_is_one_of_the_dashboard(link: str) -> None:
    scope = {"type": "http", "method": "GET", "path": unquote(link), "headers": []}
    routes = [Route(page.path, page.answer, methods=[page.method]) for page in PAGES]
    assert any(route.matches(scope)[0] is Match.FULL for route in routes)
