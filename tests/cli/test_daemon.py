"""The real daemon: how it is started, asked, told and ended."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import TOKEN, Site, Until


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
    site: Site, service_manager: socket.socket
) -> None:
    daemon = site.daemon(NOTIFY_SOCKET=service_manager.getsockname(), WATCHDOG_USEC="200000")
    assert "STATUS=1 flows" in words_until(service_manager, "READY=1")
    words_until(service_manager, "WATCHDOG=1")
    daemon.send_signal(signal.SIGHUP)
    said = words_until(service_manager, "RELOADING=1")
    assert any(word.startswith("MONOTONIC_USEC=") for word in said)
    words_until(service_manager, "READY=1")
    daemon.send_signal(signal.SIGTERM)
    words_until(service_manager, "STOPPING=1")
    assert daemon.wait(30) == 0


def test_signals_that_come_thick_and_fast_are_all_survived(site: Site) -> None:
    daemon = site.daemon(WATCHDOG_USEC="2000")
    for _ in range(2000):
        daemon.send_signal(signal.SIGHUP)
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(30) == 0


def test_only_the_owner_may_open_the_socket(site: Site) -> None:
    site.daemon()
    announced = json.loads((site.folder / "api.json").read_text())
    assert Path(announced["socket"]).stat().st_mode & 0o777 == 0o600
    assert (site.folder / "api.json").stat().st_mode & 0o777 == 0o600


def test_a_port_is_answered_only_to_who_knows_the_token(site: Site, free_port: int) -> None:
    site.configure(more=f"api:\n  port: {free_port}\n  token: env:API_TOKEN\n")
    site.environment["API_TOKEN"] = TOKEN + "-api"
    site.daemon()
    assert site.run("status").status == 0
    (site.folder / "api.json").write_text(json.dumps({"port": free_port, "token": "guess"}))
    answer = site.run("status")
    assert (answer.status, answer.err[:7]) == (77, "SA-7302")


def test_after_sigkill_commands_say_that_no_daemon_runs_and_a_new_one_starts(
    site: Site,
) -> None:
    first = site.daemon()
    first.kill()
    first.wait()
    assert (site.folder / "api.json").exists()
    assert site.run("status").status == 3
    site.daemon()
    assert site.run("status").status == 0


def test_an_orderly_end_leaves_neither_socket_nor_announcement(site: Site) -> None:
    daemon = site.daemon()
    daemon.send_signal(signal.SIGINT)
    assert daemon.wait(30) == 0
    left = {path.name for path in site.folder.iterdir()}
    assert not left & {"api.json", "syncagent.sock"}


def test_socket_stands_in_the_runtime_directory_of_systemd(site: Site, tmp_path: Path) -> None:
    runtime = tmp_path / "r"
    runtime.mkdir()
    site.daemon(RUNTIME_DIRECTORY=str(runtime))
    assert (runtime / "syncagent.sock").is_socket()
    assert site.run("status").status == 0


def test_changed_configuration_is_taken_and_a_broken_one_is_shown(site: Site, until: Until) -> None:
    daemon = site.daemon()

    def problem() -> object:
        return site.run("status", "--json").document["configuration"]["problem"]

    site.configure(more="flow: {}\n")
    daemon.send_signal(signal.SIGHUP)
    until(lambda: problem() is not None)
    assert "configuration refused: SA-1007" in site.run("status").out
    site.configure(flows=("products", "others"))
    daemon.send_signal(signal.SIGHUP)
    until(lambda: problem() is None)
    flows = site.run("status", "--json").document["flows"]
    assert [flow["flow"] for flow in flows] == ["products", "others"]


def test_log_lines_are_json_objects_and_hold_no_secret(shop_site: Site) -> None:
    shop_site.drop("A1,Vite")
    daemon = shop_site.daemon()
    shop_site.run("sync")
    daemon.terminate()
    daemon.wait(30)
    lines = [json.loads(line) for line in shop_site.log]
    assert lines[0]["event"] == "started"
    ended = next(line for line in lines if line["event"] == "run ended")
    assert (ended["flow"], ended["level"]) == ("products", "info")
    assert TOKEN not in "".join(shop_site.log)


def test_sync_does_not_wait_for_a_shop_that_is_down(site: Site) -> None:
    site.configure("http://localhost:9/")
    site.daemon()
    site.drop("A1,Vite")
    answer = site.run("sync", "--json")
    assert answer.status == 69
    assert answer.document["runs"][0]["pending"] == 1
