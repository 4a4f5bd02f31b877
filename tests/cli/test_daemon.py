"""The real daemon: how it is started, asked, told and ended."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import CONFIGURATION, TOKEN, Site, Until


@pytest.fixture
def service_manager(tmp_path_factory: pytest.TempPathFactory) -> Iterator[socket.socket]:
    """What systemd listens on."""
    path = tmp_path_factory.mktemp("n") / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(str(path))
        channel.settimeout(30)
        yield channel


def words_until(channel: socket.socket, wanted: str) -> list[str]:
    said: list[str] = []
    while wanted not in said:
        said += channel.recv(4096).decode().splitlines()
    return said


def test_daemon_tells_the_service_manager_each_step(
    shop_site: Site, service_manager: socket.socket
) -> None:
    daemon = shop_site.daemon(
        NOTIFY_SOCKET=service_manager.getsockname(), WATCHDOG_USEC="200000"
    )
    assert "STATUS=1 flows" in words_until(service_manager, "READY=1")
    words_until(service_manager, "WATCHDOG=1")
    daemon.send_signal(signal.SIGHUP)
    said = words_until(service_manager, "RELOADING=1")
    assert any(word.startswith("MONOTONIC_USEC=") for word in said)
    words_until(service_manager, "READY=1")
    daemon.send_signal(signal.SIGTERM)
    words_until(service_manager, "STOPPING=1")
    assert daemon.wait(30) == 0


def test_sync_through_the_daemon_waits_until_the_shop_has_everything(shop_site: Site) -> None:
    shop_site.daemon()
    shop_site.drop("a.csv", "A1,Vite", "A2,Dado", "A3,")
    answer = shop_site.run("sync", "products", "--json")
    (ended,) = answer.document["runs"]
    assert (answer.status, ended["outcome"], ended["pending"], ended["parked"]) == (1, "partial", 0, 1)
    status = shop_site.run("status", "--json").document
    assert status["flows"][0]["known"] == 2
    assert status["targets"][0]["delivered"] == 2


def test_sync_through_the_daemon_does_not_wait_for_a_shop_that_is_down(site: Site) -> None:
    site.configure("http://localhost:9/")
    site.daemon()
    site.drop("a.csv", "A1,Vite")
    answer = site.run("sync", "--json")
    assert answer.status == 69
    assert answer.document["runs"][0]["pending"] == 1


def test_parked_message_is_looked_at_and_ignored_with_a_reason(shop_site: Site) -> None:
    shop_site.daemon()
    shop_site.drop("a.csv", "A1,")
    shop_site.run("sync")
    (parked,) = shop_site.run("outbox", "list", "--state", "parked", "--json").document["messages"]
    shown = shop_site.run("outbox", "show", parked["id"])
    assert 'field "name"' in shown.out
    assert '"sku": "A1"' in shown.out

    again = shop_site.run("outbox", "retry", parked["id"])
    assert (again.status, again.err.splitlines()[0][:7]) == (2, "SA-7004")

    ignored = shop_site.run("outbox", "ignore", parked["id"], "--reason", "not sold", "--json")
    assert ignored.document["messages"] == 1
    message = shop_site.run("outbox", "show", parked["id"], "--json").document
    assert (message["state"], message["reason"]) == ("ignored", "not sold")
    assert message["decided_by"]
    assert shop_site.run("outbox", "ignore", parked["id"], "--reason", "again").status == 2


def test_held_run_is_approved_and_its_deletes_go_out(shop_site: Site, until: Until) -> None:
    shop_site.daemon()
    shop_site.drop("a.csv", *(f"A{number},Vite" for number in range(50)))
    assert shop_site.run("sync").status == 0
    shop_site.drop("b.csv", "A1,Vite")
    assert shop_site.run("sync").status == 1
    (held,) = shop_site.run("hold", "list", "--json").document["runs"]
    assert held["counts"]["deletes"] == 49
    approved = shop_site.run("hold", "approve", str(held["run"]), "--json").document
    assert approved["messages"] == 49
    until(lambda: shop_site.run("status", "--json").document["targets"][0]["delivered"] == 99)
    assert shop_site.run("hold", "approve", str(held["run"])).status == 2
    assert shop_site.run("runs", "products", "--json").document["runs"][0]["outcome"] == "approved"


def test_held_run_is_dropped_and_found_again(shop_site: Site) -> None:
    shop_site.daemon()
    shop_site.drop("a.csv", *(f"A{number},Vite" for number in range(50)))
    shop_site.run("sync")
    shop_site.drop("b.csv", "A1,Vite")
    shop_site.run("sync")
    (held,) = shop_site.run("hold", "list", "--json").document["runs"]
    assert shop_site.run("hold", "drop", str(held["run"])).out == f"run {held['run']}: 49 messages dropped\n"
    assert shop_site.run("hold", "list", "--json").document["runs"] == []
    assert shop_site.run("status", "--json").document["flows"][0]["known"] == 50


def test_preview_and_dry_run_ask_the_daemon_and_change_nothing(shop_site: Site) -> None:
    shop_site.daemon()
    shop_site.drop("a.csv", "A1,Vite")
    (row,) = shop_site.run("preview", "products", "--json").document["rows"]
    assert (row["key"], row["fate"], row["record"]["name"]) == ("A1", "new", "Vite")
    (flow,) = shop_site.run("sync", "--dry-run", "--json").document["flows"]
    assert flow["fates"] == {"new": 1}
    assert shop_site.run("status", "--json").document["flows"][0]["known"] == 0


def test_resync_sends_again_what_did_not_change(shop_site: Site) -> None:
    shop_site.daemon()
    shop_site.drop("a.csv", "A1,Vite", "A2,Dado")
    shop_site.run("sync")
    answer = shop_site.run("resync", "products", "--all")
    assert answer.status == 0
    assert answer.err.startswith("products: read everything (2 records known) and send it to shop")
    assert shop_site.run("status", "--json").document["targets"][0]["delivered"] == 4


def test_check_reaches_source_and_target(shop_site: Site) -> None:
    answer = shop_site.run("check", "--json")
    assert answer.status == 0
    assert {each["end"] for each in answer.document["findings"]} == {"source", "target"}
    shop_site.daemon()
    assert shop_site.run("check", "--flow", "products", "--json").document == answer.document


def test_only_the_owner_may_open_the_socket(shop_site: Site) -> None:
    shop_site.daemon()
    announced = json.loads((shop_site.folder / "api.json").read_text())
    assert os.stat(announced["socket"]).st_mode & 0o777 == 0o600
    assert (shop_site.folder / "api.json").stat().st_mode & 0o777 == 0o600


def test_a_port_is_answered_only_to_who_knows_the_token(shop_site: Site, free_port: int) -> None:
    shop_site.configure(
        "http://localhost:9/", CONFIGURATION + f"api:\n  port: {free_port}\n  token: env:API_TOKEN\n"
    )
    shop_site.environment["API_TOKEN"] = TOKEN + "-api"
    shop_site.daemon()
    assert shop_site.run("status").status == 0
    (shop_site.folder / "api.json").write_text(json.dumps({"port": free_port, "token": "guess"}))
    answer = shop_site.run("status")
    assert (answer.status, answer.err[:7]) == (77, "SA-7302")


def test_after_sigkill_commands_say_that_no_daemon_runs_and_a_new_one_starts(
    shop_site: Site,
) -> None:
    first = shop_site.daemon()
    first.kill()
    first.wait()
    assert (shop_site.folder / "api.json").exists()
    assert shop_site.run("status").status == 3
    shop_site.daemon()
    assert shop_site.run("status").status == 0


def test_an_orderly_end_leaves_neither_socket_nor_announcement(shop_site: Site) -> None:
    daemon = shop_site.daemon()
    daemon.send_signal(signal.SIGINT)
    assert daemon.wait(30) == 0
    left = {path.name for path in shop_site.folder.iterdir()}
    assert not left & {"api.json", "syncagent.sock"}


def test_socket_stands_in_the_runtime_directory_of_systemd(shop_site: Site, tmp_path: Path) -> None:
    runtime = tmp_path / "r"
    runtime.mkdir()
    shop_site.daemon(RUNTIME_DIRECTORY=str(runtime))
    assert (runtime / "syncagent.sock").is_socket()
    assert shop_site.run("status").status == 0


def test_changed_configuration_is_taken_and_a_broken_one_is_shown(
    shop_site: Site, until: Until
) -> None:
    shop_site.daemon()
    good = (shop_site.folder / "config.yaml").read_text()
    (shop_site.folder / "config.yaml").write_text(good + "flow: {}\n")

    def problem() -> object:
        return shop_site.run("status", "--json").document["configuration"]["problem"]

    until(lambda: problem() is not None)
    assert "configuration refused: SA-1007" in shop_site.run("status").out
    (shop_site.folder / "config.yaml").write_text(good)
    until(lambda: problem() is None)


def test_log_lines_are_json_objects_and_hold_no_secret(shop_site: Site) -> None:
    shop_site.drop("a.csv", "A1,Vite")
    daemon = shop_site.daemon()
    shop_site.run("sync")
    daemon.terminate()
    daemon.wait(30)
    lines = [json.loads(line) for line in shop_site.log().splitlines()]
    assert [line["event"] for line in lines][0] == "started"
    ended = next(line for line in lines if line["event"] == "run ended")
    assert (ended["flow"], ended["level"]) == ("products", "info")
    assert TOKEN not in shop_site.log()
