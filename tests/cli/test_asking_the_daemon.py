"""Commands that ask a running daemon. One daemon for all of them, a flow for each test."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Site, Until

pytestmark = pytest.mark.xdist_group("living")
FLOWS = ("synced", "refused", "approved", "dropped", "previewed", "resent", "retried", "edited")


def flow_status(site: Site, flow: str) -> dict[str, Any]:
    flows = site.run("status", "--json").document["flows"]
    return next(each for each in flows if each["flow"] == flow)


def delivered(site: Site, flow: str) -> int:
    answer = site.run("outbox", "list", "--flow", flow, "--state", "delivered", "--json")
    return len(answer.document["messages"])


def test_sync_waits_until_the_shop_has_everything(living: Site) -> None:
    living.drop("A1,Vite", "A2,Dado", "A3,", flow="synced")
    answer = living.run("sync", "synced", "--json")
    (ended,) = answer.document["runs"]
    assert (ended["outcome"], ended["pending"], ended["parked"]) == ("partial", 0, 1)
    assert answer.status == 1
    assert flow_status(living, "synced")["known"] == 2
    assert delivered(living, "synced") == 2


def test_refused_row_is_looked_at_and_ignored_with_a_reason(living: Site) -> None:
    living.drop("A1,", flow="refused")
    living.run("sync", "refused")
    (parked,) = living.run("outbox", "list", "--flow", "refused", "--json").document["messages"]
    shown = living.run("outbox", "show", parked["id"])
    assert 'field "name"' in shown.out
    assert '"sku": "A1"' in shown.out

    again = living.run("outbox", "retry", parked["id"])
    assert again.status == 2
    assert again.err.startswith("SA-7004")

    ignored = living.run("outbox", "ignore", parked["id"], "--reason", "not sold", "--json")
    assert ignored.document["messages"] == 1
    message = living.run("outbox", "show", parked["id"], "--json").document
    assert (message["state"], message["reason"]) == ("ignored", "not sold")
    assert message["decided_by"]
    assert living.run("outbox", "ignore", parked["id"], "--reason", "again").status == 2


def hold_a_run(site: Site, flow: str) -> dict[str, Any]:
    """A first load of 50, then a file with one of them: more deletes than the guard takes."""
    site.drop(*(f"A{number},Vite" for number in range(50)), flow=flow)
    first = site.run("sync", flow)
    assert first.status == 0, first
    site.drop("A1,Vite", flow=flow)
    second = site.run("sync", flow)
    assert second.status == 1, second
    held = site.run("hold", "list", "--json").document["runs"]
    found: dict[str, Any] = next(run for run in held if run["flow"] == flow)
    assert found["counts"]["deletes"] == 49
    return found


def test_held_run_is_approved_and_its_deletes_go_out(living: Site, until: Until) -> None:
    held = hold_a_run(living, "approved")
    approved = living.run("hold", "approve", str(held["run"]), "--json")
    assert approved.document["messages"] == 49
    until(lambda: flow_status(living, "approved")["pending"] == 0)
    assert flow_status(living, "approved")["known"] == 1
    assert living.run("hold", "approve", str(held["run"])).status == 2
    (run, _) = living.run("runs", "approved", "--json").document["runs"]
    assert run["outcome"] == "approved"


def test_held_run_is_dropped_and_its_deletes_are_forgotten(living: Site) -> None:
    held = hold_a_run(living, "dropped")
    answer = living.run("hold", "drop", str(held["run"]))
    assert answer.out == f"run {held['run']}: 49 messages dropped\n"
    assert flow_status(living, "dropped")["known"] == 50


def test_preview_and_dry_run_change_nothing(living: Site) -> None:
    living.drop("A1,Vite", "A2,", flow="previewed")
    new, refused = living.run("preview", "previewed", "--json").document["rows"]
    assert (new["key"], new["fate"], new["record"]["name"]) == ("A1", "new", "Vite")
    assert (refused["key"], refused["fate"]) == ("A2", "refused")
    shown = living.run("preview", "previewed", "--limit", "1")
    assert shown.out.splitlines() == ["A1  new", '  sku: "A1"', '  name: "Vite"']
    dry = living.run("sync", "previewed", "--dry-run", "--json")
    (flow,) = dry.document["flows"]
    assert flow["fates"] == {"new": 1, "refused": 1}
    assert living.run("runs", "previewed", "--json").document["runs"] == []


def test_resync_sends_again_what_did_not_change(living: Site) -> None:
    living.drop("A1,Vite", "A2,Dado", flow="resent")
    assert living.run("sync", "resent").status == 0
    answer = living.run("resync", "resent", "--all")
    assert answer.status == 0, answer
    assert answer.err.startswith("resent: read everything (2 records known) and send it to shop")
    assert delivered(living, "resent") == 4


def test_retry_of_what_is_delivered_or_unknown_is_refused(living: Site) -> None:
    living.drop("A1,Vite", flow="retried")
    living.run("sync", "retried")
    (message,) = living.run("outbox", "list", "--flow", "retried", "--json").document["messages"]
    refused = living.run("outbox", "retry", message["id"])
    assert (refused.status, refused.err[:7]) == (2, "SA-7004")
    unknown = living.run("outbox", "retry", "abc-1")
    assert (unknown.status, unknown.err[:7]) == (2, "SA-7002")
    everything = living.run("outbox", "retry", "--flow", "retried", "--json")
    assert everything.document["messages"] == 0


def test_what_is_delivered_cannot_be_edited(living: Site) -> None:
    living.drop("A1,Vite", flow="edited")
    living.run("sync", "edited")
    (message,) = living.run("outbox", "list", "--flow", "edited", "--json").document["messages"]
    answer = living.run(
        "outbox", "edit", message["id"], "--set", "name=Vite A2=4", "--reason", "typing error"
    )
    assert (answer.status, answer.err[:7]) == (2, "SA-7004")
    assert "only a record that was refused" in answer.err


def test_check_by_the_daemon_finds_what_a_check_without_it_finds(living: Site) -> None:
    by_daemon = living.run("check", "--flow", "synced", "--json")
    assert by_daemon.status == 0
    assert {each["end"] for each in by_daemon.document["findings"]} == {"source", "target"}


def test_status_begins_with_the_verdict(living: Site) -> None:
    plain = living.run("status")
    assert plain.status == 0
    assert plain.out.splitlines()[0] == living.run("status", "--json").document["verdict"]
    assert "\x1b" not in plain.out


def test_unknown_flow_is_named_with_those_that_exist(living: Site) -> None:
    answer = living.run("preview", "sinced")
    assert answer.status == 2
    assert answer.err.startswith('SA-7104 there is no active flow "sinced"')


def test_runs_of_a_flow_that_does_not_exist_are_not_simply_none(living: Site) -> None:
    answer = living.run("runs", "nowhere")
    assert (answer.status, answer.err.split()[0]) == (2, "SA-7104")


def test_configuration_that_is_named_and_not_there_is_told_by_every_command(living: Site) -> None:
    answer = living.run("--config", "nowhere.yaml", "status")
    assert (answer.status, answer.err.strip()) == (78, "SA-1001 nowhere.yaml does not exist")
