"""Each alert leads to the page of what it is about, where the dashboard's address is known."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agent.config import ConfigurationProblems, load
from agent.errors import Misconfigured
from tests.alerts.world import World, world

LINKED = "  digest: off\n  link: https://sync.example.com/\n  rules: {parked: {after: 0s}}"


def links(site: World) -> list[str]:
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
        assert links(site) == ["https://sync.example.com/records/products/A%2FB%20%C3%A8"]


def test_several_refused_records_lead_to_the_group_of_their_cause(tmp_path: Path) -> None:
    with world(tmp_path, alerts=LINKED) as site:
        site.table.rows = [("A", ""), ("B", "")]
        site.run()
        site.look()
        assert links(site) == ["https://sync.example.com/errors/products/SA-3101"]


def test_halted_flow_leads_to_the_flow_also_when_it_is_over(tmp_path: Path) -> None:
    with world(tmp_path, alerts=LINKED) as site:
        site.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
        site.run()
        site.look()
        assert links(site) == ["https://sync.example.com/flows/products"]
        site.agent.store.flows.update("products", halted="")
        site.run()
        site.pass_time(600)
        assert links(site) == ["https://sync.example.com/flows/products"]


def test_digest_leads_to_the_page_of_all_alerts(tmp_path: Path) -> None:
    always = "  digest: {at: '08:00', when_well: yes}\n  link: https://sync.example.com"
    with world(tmp_path, alerts=always) as site:
        site.pass_time(86_400, every=3600)
        assert links(site) == ["https://sync.example.com/alerts"]


def test_without_an_address_no_alert_has_a_link(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        site.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
        site.run()
        site.look()
        assert links(site) == []


def test_address_that_is_none_is_a_problem_of_the_configuration(tmp_path: Path) -> None:
    with world(tmp_path) as site:
        site.path.write_text(site.path.read_text() + "\n  link: sync.example.com\n")
        with pytest.raises(ConfigurationProblems) as problems:
            load(site.path)
        assert "write it like https://" in problems.value.report()
