"""Each exit status, from the real command."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from agent.catalogue import EXPLANATIONS
from agent.cli.exit_codes import BY_CODE, MEANINGS, Exit, exit_code, exit_code_of
from agent.demo.shop import ShopProcess
from agent.errors import Misconfigured, Rejected, Unavailable
from tests.cli.conftest import Site


def test_what_was_asked_for_and_done_ends_with_0(shop_site: Site) -> None:
    shop_site.drop("A1,Vite", "A2,Dado")
    answer = shop_site.run("sync", "--json")
    (ended,) = answer.document["runs"]
    assert (answer.status, ended["outcome"], ended["pending"]) == (0, "ok", 0)
    assert ended["counts"]["inserts"] == 2


def test_a_refused_record_ends_with_1_and_the_others_go_on(shop_site: Site) -> None:
    shop_site.drop("A1,Vite", "A2,")
    answer = shop_site.run("sync", "--json")
    (ended,) = answer.document["runs"]
    assert (answer.status, ended["outcome"], ended["parked"]) == (1, "partial", 1)
    assert ended["counts"]["inserts"] == 1


def test_a_held_run_ends_with_1(shop_site: Site) -> None:
    shop_site.drop(*(f"A{number},Vite" for number in range(100)))
    assert shop_site.run("sync").status == 0
    shop_site.drop("A1,Vite")
    answer = shop_site.run("sync")
    assert answer.status == 1
    assert "held" in answer.out
    assert "syncagent hold approve" in answer.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("sync", "--nonsense"),
        ("outbox", "ignore", "x"),
        ("outbox", "edit", "x-1", "--set", "name", "--reason", "typed"),
        ("resync", "products"),
        ("resync", "products", "--all", "--key", "A1"),
        ("sync", "no-such-flow"),
        ("resync", "products", "--since", "2026-01-01"),
        ("errors", "SA-0000"),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_ends_with_2(site: Site, arguments: tuple[str, ...]) -> None:
    assert site.run(*arguments).status == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",),
        ("runs",),
        ("outbox", "list"),
        ("outbox", "show", "x-1"),
        ("outbox", "retry", "x-1"),
        ("outbox", "ignore", "x-1", "--reason", "old"),
        ("outbox", "edit", "x-1", "--set", "name=Vite", "--reason", "typed"),
        ("hold", "list"),
        ("hold", "approve", "1"),
        ("hold", "drop", "1"),
    ],
    ids=" ".join,
)
def test_a_command_for_the_daemon_ends_with_3_without_one(
    site: Site, arguments: tuple[str, ...]
) -> None:
    answer = site.run(*arguments)
    assert answer.status == 3
    assert answer.err.startswith("SA-7201 no daemon is running")
    assert "syncagent run" in answer.err


def test_a_target_that_cannot_be_reached_ends_with_69(site: Site) -> None:
    site.configure("http://localhost:9/")
    site.drop("A1,Vite")
    answer = site.run("sync", "--json")
    (ended,) = answer.document["runs"]
    assert (answer.status, ended["outcome"], ended["pending"]) == (69, "ok", 1)
    assert site.run("check").status == 69


def test_a_bug_ends_with_70_and_one_line_and_leaves_the_rest_in_the_log(site: Site) -> None:
    bug = "import agent.cli.version as v; v.platform.platform = lambda terse: 1 / 0\n"
    main = "import sys; sys.argv = ['syncagent', 'version']\nfrom agent.cli import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", bug + main],
        env=site.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 70
    first, hint = ended.stderr.splitlines()
    assert first == "SA-7901 an error inside SyncAgent: ZeroDivisionError: division by zero"
    log = Path(hint.removeprefix("hint: details are in "))
    assert "Traceback" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_damaged_store_without_backup_ends_with_74(site: Site) -> None:
    (site.folder / "syncagent.db").write_bytes(b"no database at all, whatever it says" * 100)
    answer = site.run("sync")
    assert answer.status == 74
    assert answer.err.startswith("SA-60")


def test_a_daemon_whose_disk_fails_ends_with_74(shop_site: Site) -> None:
    daemon = shop_site.daemon()
    resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (16_384, 16_384))
    shop_site.drop(*(f"A{number},Vite" for number in range(1000)))
    shop_site.run("sync")
    assert daemon.wait(30) == 74
    assert any('"the store failed"' in line for line in shop_site.log)


def test_a_second_agent_ends_with_75_and_names_the_first(shop_site: Site) -> None:
    first = shop_site.daemon()
    answer = shop_site.run("run")
    assert answer.status == 75
    assert answer.err.startswith("SA-6001")
    assert str(first.pid) in answer.err


def test_a_secret_that_is_not_there_ends_with_77(site: Site) -> None:
    site.environment.pop("SHOP_TOKEN")
    answer = site.run("secret", "test", "env:SHOP_TOKEN")
    assert answer.status == 77
    assert "SA-1601" in answer.out


def test_a_shop_that_does_not_accept_our_token_ends_with_77(shop_site: Site) -> None:
    shop_site.environment["SHOP_TOKEN"] = "another"
    shop_site.drop("A1,Vite")
    answer = shop_site.run("sync", "--json")
    (ended,) = answer.document["runs"]
    assert (answer.status, ended["code"], ended["pending"]) == (77, "SA-5220", 1)


def test_a_wrong_configuration_ends_with_78_and_every_problem(site: Site) -> None:
    site.write("connections: {}\nflow: {}\nstore:\n  pat: x\n")
    answer = site.run("sync")
    assert answer.status == 78
    assert 'config.yaml:2:1  SA-1007  unknown key "flow"' in answer.err
    assert 'config.yaml:4:3  SA-1007  unknown key "pat"' in answer.err
    document = site.run("sync", "--json").document
    assert document["error"]["code"] == "SA-1000"
    assert {problem["line"] for problem in document["error"]["problems"]} >= {2, 4}


def test_no_configuration_ends_with_78(site: Site) -> None:
    (site.folder / "config.yaml").unlink()
    answer = site.run("config", "check")
    assert answer.status == 78
    assert answer.err.startswith("SA-1001")


def test_errors_without_an_entry_of_their_own_go_by_their_class() -> None:
    assert exit_code(Unavailable("SA-2999", "x")) is Exit.UNREACHABLE
    assert exit_code(Misconfigured("SA-4999", "x")) is Exit.CONFIGURATION
    assert exit_code(Rejected("SA-3999", "x")) is Exit.PARTIAL
    assert exit_code(PermissionError("x")) is Exit.PERMISSION
    assert exit_code(IsADirectoryError("x")) is Exit.IO
    assert exit_code(KeyError("x")) is Exit.BUG


def test_the_longest_prefix_of_a_code_decides() -> None:
    assert exit_code_of("SA-1601") is Exit.PERMISSION
    assert exit_code_of("SA-1007") is Exit.CONFIGURATION
    assert exit_code_of("SA-6001") is Exit.BUSY
    assert exit_code_of("SA-6005") is Exit.IO


def test_every_entry_of_the_table_stands_for_a_code_that_exists() -> None:
    assert [
        prefix for prefix in BY_CODE if not any(c.startswith(prefix) for c in EXPLANATIONS)
    ] == []


def test_every_status_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Exit)


def test_halt_is_lifted_without_a_daemon(shop_site: Site) -> None:
    shop_site.drop("A1,Vite")
    assert shop_site.run("sync").status == 0
    broken = shop_site.folder / "drop" / "products-broken.csv"
    broken.write_text("sku,title\nA1,Vite\n", encoding="utf-8")
    halted = shop_site.run("sync")
    assert halted.status == 78
    assert "mend it, then: syncagent resume products" in halted.err
    shop_site.drop("A1,Vite zincata")
    assert "SA-4001" in shop_site.run("sync").out, "it stays halted until a person says so"
    assert shop_site.run("resume", "products").status == 0
    assert shop_site.run("sync").status == 0


def test_check_names_flows_that_share_keys_of_a_target(shop_site: Site, shop: ShopProcess) -> None:
    shop_site.configure(shop.url, flows=("products", "offers"))
    shared = [
        each["detail"]
        for each in shop_site.run("check", "--json").document["findings"]
        if each["what"] == "product in shop"
    ]
    assert len(shared) == 2
    assert "also delivered by offers" in shared[0]
