"""Which file is handed over when, and what is said where none can be."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.errors import Misconfigured, Unavailable
from agent.model import Op
from connectors.file import moving
from connectors.file.ledger import PRUNE_EVERY
from tests.file.folders import (
    asked,
    codes,
    deliver,
    delivered,
    lying,
    message,
    take,
    target,
)
from tests.file.nursery import ROOT

VERSIONED = {"name": "ORD_{{ key }}_{{ version }}.json", "changed": "rewrite"}


def test_order_is_handed_over_once_though_its_file_was_taken(tmp_path: Path) -> None:
    for _ in range(2):
        (receipt,) = deliver(target(tmp_path), message())
        assert (receipt.accepted, receipt.reference) == (True, "ORD_17.json")
        take(tmp_path)
    assert delivered(target(tmp_path), message())
    assert lying(tmp_path) == []


def test_importer_sees_nothing_but_whole_files(tmp_path: Path) -> None:
    """A file appears under its name whole or not at all, and nothing else appears beside it."""
    seen: set[str] = set()
    done = threading.Event()
    broken: list[bytes] = []

    def watch() -> None:
        while not done.is_set():
            for name in lying(tmp_path):
                seen.add(name)
                content = (tmp_path / name).read_bytes()
                if not content.endswith(b'"}\n'):
                    broken.append(content)

    watcher = threading.Thread(target=watch)
    watcher.start()
    content = {"text": "{{ record.text }}"}
    sender = target(tmp_path, content=content)
    for number in range(30):
        assert delivered(sender, message(str(number), text="x" * 200_000))
    done.set()
    watcher.join()
    assert broken == []
    assert seen <= {f"ORD_{number}.json" for number in range(30)}


def test_what_is_known_is_told_when_asked(tmp_path: Path) -> None:
    sender = target(tmp_path)
    assert delivered(sender, message("1"))
    take(tmp_path)
    written, never = message("1", doubtful=True), message("2", 2, doubtful=True)
    (receipt,) = asked(target(tmp_path), written, never)
    assert (receipt.message_id, receipt.accepted) == (written.id, True)
    assert receipt.reference == "ORD_1.json"


def test_without_a_ledger_a_person_decides(tmp_path: Path) -> None:
    assert delivered(target(tmp_path), message())
    shutil.rmtree(tmp_path / ".syncagent")
    (receipt,) = asked(target(tmp_path), message(doubtful=True))
    assert (receipt.accepted, receipt.code) == (False, "SA-5010")
    assert "ledger" in receipt.reason


def test_entry_that_was_damaged_leaves_a_doubt(tmp_path: Path) -> None:
    assert delivered(target(tmp_path), message())
    (entry,) = [path for path in (tmp_path / ".syncagent/ledger").iterdir() if len(path.name) > 9]
    entry.write_bytes(b"{")
    assert codes(asked(target(tmp_path), message(doubtful=True))) == ["SA-5010"]
    assert codes(deliver(target(tmp_path), message())) == ["SA-5329"]


def test_forgotten_times_leave_a_doubt_and_later_ones_do_not(tmp_path: Path) -> None:
    sender = target(tmp_path)
    assert delivered(sender, message("1", 10), message("2", 20))
    workspace = tmp_path / ".syncagent"
    old = time.time() - 200 * PRUNE_EVERY
    (first,) = [
        path for path in (workspace / "ledger").iterdir() if b'"ORD_1.' in path.read_bytes()
    ]
    for path in (first, workspace / "ledger/horizon"):
        os.utime(path, (old, old))
    assert delivered(sender, message("3", 30))
    receipts = asked(sender, *(message(str(n), n * 10, doubtful=True) for n in (1, 2, 3, 4)))
    assert [(receipt.message_id, receipt.code) for receipt in receipts] == [
        ("1-10", "SA-5010"),
        ("2-20", ""),
        ("3-30", ""),
    ]


def test_file_that_waits_stays_as_long_as_its_entry(tmp_path: Path) -> None:
    sender = target(tmp_path)
    assert delivered(sender, message("2", 2))
    workspace = tmp_path / ".syncagent"
    told = next(path for path in (workspace / "ledger").iterdir() if path.name != "horizon")
    (tmp_path / "ORD_2.json").rename(
        workspace / "outgoing" / json.loads(told.read_bytes())["outgoing"]
    )
    (workspace / "outgoing" / "stray-1").touch()
    old = time.time() - 200 * PRUNE_EVERY
    for path in (*(workspace / "outgoing").iterdir(), workspace / "ledger/horizon"):
        os.utime(path, (old, old))
    assert delivered(sender, message("3", 3))
    assert [path.name for path in (workspace / "outgoing").iterdir()] == [f"{told.name}-2"]
    assert asked(sender, message("2", 2, doubtful=True)) == []


def test_power_that_goes_while_a_file_is_handed_over_leaves_a_doubt(tmp_path: Path) -> None:
    """The rename may have been seen by the importer and lost by the disk: only a person knows."""
    sender = target(tmp_path)
    assert delivered(sender, message("1"))
    entry = next(
        path for path in (tmp_path / ".syncagent/ledger").iterdir() if path.name != "horizon"
    )
    told = json.loads(entry.read_bytes())
    # As the disk is after the restart: the entry is there, and the file lies in `outgoing` again.
    (tmp_path / "ORD_1.json").rename(tmp_path / ".syncagent/outgoing" / told["outgoing"])
    assert asked(sender, message("1", doubtful=True)) == [], "the machine runs on: it was not"
    entry.write_text(json.dumps(told | {"boot": "an earlier one"}), encoding="utf-8")
    (receipt,) = asked(sender, message("1", doubtful=True))
    assert (receipt.accepted, receipt.code) == (False, "SA-5010")
    assert delivered(sender, message("1")), "a person said: it is not there"
    assert lying(tmp_path) == ["ORD_1.json"]


def test_changed_order_is_refused_unless_the_flow_allows_it(tmp_path: Path) -> None:
    assert delivered(target(tmp_path), message(version=1))
    (receipt,) = deliver(target(tmp_path), message(version=2, number="W-18"))
    assert receipt.code == "SA-5325"
    assert "ORD_17.json" in receipt.reason
    assert delivered(target(tmp_path, changed="rewrite"), message(version=3, number="W-19"))
    assert take(tmp_path) == [b'{"number":"W-19"}\n'], "in place of the first"


def test_changed_order_whose_entry_was_forgotten_is_known_by_its_binding(tmp_path: Path) -> None:
    class Bound:
        def find(self, entity: str, keys: Any) -> dict[str, str]:
            return {key: f"{entity}_{key}.json" for key in keys}

    sender = target(tmp_path)
    sender.equip(Bound(), sender.gate)
    (receipt,) = deliver(sender, message(version=2))
    assert (receipt.code, "order_17.json" in receipt.reason) == ("SA-5325", True)


def test_changed_order_under_another_name_lies_beside_the_first(tmp_path: Path) -> None:
    sender = target(tmp_path, **VERSIONED)
    assert delivered(sender, message(version=1))
    assert delivered(sender, message(version=2))
    assert lying(tmp_path) == ["ORD_17_1.json", "ORD_17_2.json"]


def test_foreign_file_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "ORD_17.json").write_bytes(b"not ours")
    for changed in ("refuse", "rewrite"):
        (receipt,) = deliver(target(tmp_path, changed=changed), message())
        assert (receipt.accepted, receipt.waits, receipt.code) == (False, True, "SA-5323")
    assert take(tmp_path) == [b"not ours"]
    assert delivered(target(tmp_path), message())


def test_our_own_file_that_somebody_changed_is_foreign(tmp_path: Path) -> None:
    sender = target(tmp_path, changed="rewrite")
    assert delivered(sender, message(version=1))
    (tmp_path / "ORD_17.json").write_bytes(b"edited by hand")
    assert deliver(sender, message(version=2))[0].waits
    assert take(tmp_path) == [b"edited by hand"]


@pytest.mark.parametrize("rename", [moving.rename_to_new, moving.rename_after_a_look])
def test_renaming_overwrites_nothing(tmp_path: Path, rename: Callable[[Path, Path], None]) -> None:
    for name in ("new", "old"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    with pytest.raises(FileExistsError):
        rename(tmp_path / "new", tmp_path / "old")
    assert sorted(path.read_text(encoding="utf-8") for path in tmp_path.iterdir()) == ["new", "old"]
    rename(tmp_path / "new", tmp_path / "free")
    assert (tmp_path / "free").read_text(encoding="utf-8") == "new"


def test_a_name_for_all_orders_hands_them_over_one_by_one(tmp_path: Path) -> None:
    sender = target(tmp_path, name="ORDERS.json")
    waiting = [message(str(n), n + 1, number=f"W-{n}") for n in range(3)]
    taken = []
    while waiting:
        accepted = {each.message_id for each in deliver(sender, *waiting) if each.accepted}
        assert len(accepted) == 1
        waiting = [each for each in waiting if each.id not in accepted]
        taken += take(tmp_path)
    assert taken == [b'{"number":"W-%d"}\n' % n for n in range(3)]


def test_trigger_follows_its_file_and_is_waited_for(tmp_path: Path) -> None:
    sender = target(tmp_path, trigger="ORD_{{ key }}.ok", changed="rewrite")
    (tmp_path / "ORD_17.ok").write_bytes(b"")
    assert deliver(sender, message())[0].waits
    assert lying(tmp_path) == ["ORD_17.ok"]
    (tmp_path / "ORD_17.ok").unlink()
    assert delivered(sender, message())
    assert lying(tmp_path) == ["ORD_17.json", "ORD_17.ok"]
    (receipt,) = deliver(sender, message(version=2, number="W-18"))
    assert receipt.waits, "the importer may be reading what the trigger announced"


def test_deletes_have_a_file_of_their_own_or_are_refused(tmp_path: Path) -> None:
    assert codes(deliver(target(tmp_path), message(op=Op.DELETE))) == ["SA-5326"]
    delete = {"name": "DEL_{{ key }}.json", "content": {"gone": "{{ key }}"}}
    assert delivered(target(tmp_path, delete=delete), message(op=Op.DELETE))
    assert take(tmp_path) == [b'{"gone":"17"}\n']


def test_order_waits_for_its_customer(tmp_path: Path) -> None:
    sender = target(tmp_path, content={"c": "{{ record.customer | reference('customer') }}"})
    (receipt,) = deliver(sender, message())
    assert (receipt.waits, receipt.code) == (True, "SA-5006")


def test_one_that_cannot_be_written_keeps_no_other_back(tmp_path: Path) -> None:
    sender = target(tmp_path, content={"sku": "{{ record.lines[1].sku }}"})
    receipts = deliver(sender, message("1"), message("2", lines=[]), message("3"))
    assert {each.message_id: each.code for each in receipts} == {
        "1-1": "",
        "2-1": "SA-5007",
        "3-1": "",
    }
    assert lying(tmp_path) == ["ORD_1.json", "ORD_3.json"]


def test_folder_that_is_gone_is_an_outage_and_nothing_is_made_in_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "share"
    for call in (deliver, asked):
        with pytest.raises(Unavailable, match="SA-5320") as caught:
            call(target(folder), message())
        assert caught.value.untouched or call is asked
    assert not folder.exists()


def test_share_that_is_not_mounted_is_known_by_its_landmark(tmp_path: Path) -> None:
    sender = target(tmp_path, {"landmark": "IMPORT.INI"})
    with pytest.raises(Unavailable, match=r"IMPORT\.INI"):
        deliver(sender, message())
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "IMPORT.INI").touch()
    assert delivered(sender, message())


def test_workspace_elsewhere_leaves_the_folder_to_the_importer(tmp_path: Path) -> None:
    folder, workspace = tmp_path / "import", tmp_path / "workspace"
    folder.mkdir()
    assert delivered(target(folder, {"workspace": str(workspace)}), message())
    assert [path.name for path in folder.iterdir()] == ["ORD_17.json"]
    assert sorted(path.name for path in workspace.iterdir()) == ["ledger", "outgoing"]


def test_workspace_on_another_file_system_is_refused(tmp_path: Path) -> None:
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is one file system only")
    workspace = memory / f"syncagent-{os.getpid()}-{time.monotonic_ns()}"
    try:
        with pytest.raises(Misconfigured, match="SA-5328") as caught:
            deliver(target(tmp_path, {"workspace": str(workspace)}), message())
        assert caught.value.untouched
    finally:
        shutil.rmtree(workspace)


def test_link_in_the_place_of_the_workspace_is_refused(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "import", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (folder / ".syncagent").symlink_to(elsewhere)
    with pytest.raises(Misconfigured, match="SA-5328"):
        deliver(target(folder), message())
    assert list(elsewhere.iterdir()) == []


def test_permissions_are_those_that_the_importer_needs(tmp_path: Path) -> None:
    sender = target(tmp_path, {"permissions": "0640"}, trigger="{{ key }}.ok")
    assert delivered(sender, message())
    modes = {
        path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir() if path.is_file()
    }
    assert modes == {"ORD_17.json": 0o640, "17.ok": 0o640}


def limited(program: str, folder: Path) -> str:
    """Run a program in a process that has no rights, or hardly any room in a file."""
    told = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return told.stdout.strip()


FULL = """
import resource, signal, sys
from pathlib import Path
from agent.errors import SyncError
from tests.file.folders import deliver, message, target
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
sender = target(Path(sys.argv[1]), content={"text": "{{ record.text }}"})
list(sender.check())
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    deliver(sender, message("1"), message("2", text="x" * 50_000))
except SyncError as error:
    print(type(error).__name__, error.code, error.untouched)
"""


def test_disk_that_takes_no_more_is_an_outage_that_left_everything_untouched(
    tmp_path: Path,
) -> None:
    assert limited(FULL, tmp_path) == "Unavailable SA-5321 True"
    assert lying(tmp_path) == []
    sender = target(tmp_path, content={"text": "{{ record.text }}"})
    assert delivered(sender, message("1", text="y"), message("2", text="x" * 50_000))


NO_RIGHT = """
import os, sys
from pathlib import Path
from agent.errors import SyncError
from tests.file.folders import deliver, message, target
os.setgid(65534)
os.setuid(65534)
for call in (lambda sender: deliver(sender, message()), lambda sender: list(sender.check())):
    try:
        call(target(Path(sys.argv[1])))
    except SyncError as error:
        print(type(error).__name__, error.code, error.untouched)
"""


def test_missing_right_halts_until_a_person_grants_it(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody without rights")
    folder = tmp_path / "import"
    folder.mkdir()
    parents = [folder, *folder.parents]
    modes = {path: path.stat().st_mode for path in parents if not path.stat().st_mode & 0o001}
    for path in modes:
        path.chmod(0o755)
    try:
        told = limited(NO_RIGHT, folder)
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
    assert told.splitlines() == ["Misconfigured SA-5322 True"] * 2


def test_check_tells_what_waits_and_leaves_nothing_lying(tmp_path: Path) -> None:
    assert delivered(target(tmp_path), message())
    told = [finding.detail for finding in target(tmp_path).check()]
    assert told == ["1 files wait there", "never overwrites"]
    assert lying(tmp_path) == ["ORD_17.json"]
    assert list((tmp_path / ".syncagent/outgoing").iterdir()) == []


def test_folder_with_ten_thousand_files_takes_more(tmp_path: Path) -> None:
    for number in range(10_000):
        (tmp_path / f"{number}.json").touch()
    sender = target(tmp_path)
    messages = [message(str(number), number + 1) for number in range(100)]
    for start in range(0, len(messages), sender.batch_size):
        assert delivered(sender, *messages[start : start + sender.batch_size])
    assert len(lying(tmp_path)) == 10_100
    assert len(asked(sender, *messages)) == 100
