"""Opening: one process at a time, a sound file or none, versions that never come twice."""

import shutil
import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from agent.errors import Misconfigured, Unavailable
from agent.model import Receipt, State
from agent.store import Retention, Store
from agent.store.schema import APPLICATION_ID, MIGRATIONS
from tests.store.conftest import StandingClock, a_change

OPEN_AND_WAIT = """
import sys
from pathlib import Path
from agent.clock import SystemClock
from agent.store import Store
store = Store.open(Path(sys.argv[1]), SystemClock())
print("open", flush=True)
sys.stdin.read()
store.close()
"""


def damage_file(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(0, 2)
        for page in range(1, file.tell() // 4096):
            file.seek(page * 4096)
            file.write(b"\xff" * 512)


def append(store: Store, *keys: str) -> None:
    store.messages.append(
        "articles", "shop", 1, 0, [a_change(key) for key in keys], held=False, coalesce=True
    )


def test_second_process_is_told_who_works_on_the_store(path: Path, clock: StandingClock) -> None:
    command = [sys.executable, "-c", OPEN_AND_WAIT, str(path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as holder:
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(Unavailable) as refusal:
            Store.open(path, clock)
        assert refusal.value.code == "SA-6001"
        assert f"process {holder.pid} since 2" in refusal.value.reason
        holder.communicate("")
    Store.open(path, clock).close()


def test_same_process_cannot_open_the_store_twice(path: Path, clock: StandingClock) -> None:
    with Store.open(path, clock), pytest.raises(Unavailable, match="in use by process"):
        Store.open(path, clock)


def test_new_file_gets_every_migration_and_setting(path: Path, clock: StandingClock) -> None:
    Store.open(path, clock).close()
    other = apsw.Connection(str(path))
    pragma = {
        name: other.execute(f"PRAGMA {name}").fetchall()[0][0]
        for name in ("user_version", "application_id", "auto_vacuum", "journal_mode")
    }
    tables = other.execute("SELECT name, strict FROM pragma_table_list").fetchall()
    other.close()
    assert pragma == {
        "user_version": len(MIGRATIONS),
        "application_id": APPLICATION_ID,
        "auto_vacuum": 2,
        "journal_mode": "wal",
    }
    assert all(strict for name, strict in tables if not name.startswith("sqlite_"))


def test_store_of_a_newer_version_is_refused(path: Path, clock: StandingClock) -> None:
    Store.open(path, clock).close()
    other = apsw.Connection(str(path))
    other.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    other.close()
    with pytest.raises(Misconfigured) as refusal:
        Store.open(path, clock)
    assert refusal.value.code == "SA-6003"


def test_database_of_another_program_is_refused_and_untouched(
    path: Path, clock: StandingClock
) -> None:
    other = apsw.Connection(str(path))
    other.execute("CREATE TABLE photo (id INTEGER)")
    other.close()
    with pytest.raises(Misconfigured) as refusal:
        Store.open(path, clock)
    assert refusal.value.code == "SA-6009"


def test_missing_folder_is_an_error_with_its_name(tmp_path: Path, clock: StandingClock) -> None:
    with pytest.raises(Misconfigured, match="nowhere") as refusal:
        Store.open(tmp_path / "nowhere" / "state.db", clock)
    assert refusal.value.code == "SA-6006"


@pytest.mark.parametrize("ruin", ["pages", "header", "empty"])
def test_damaged_store_without_backup_is_refused_and_stays_refused(
    path: Path, clock: StandingClock, ruin: str
) -> None:
    with Store.open(path, clock) as store:
        append(store, *(f"A{number}" for number in range(1000)))
    if ruin == "pages":
        damage_file(path)
    else:
        path.write_bytes(b"" if ruin == "empty" else b"not a database at all" * 500)
    before = path.read_bytes()
    for _ in range(2):
        with pytest.raises(Misconfigured) as refusal:
            Store.open(path, clock)
        assert refusal.value.code == "SA-6002"
    assert path.read_bytes() == before


def test_damaged_store_starts_afresh_only_when_a_person_says_so(
    path: Path, clock: StandingClock
) -> None:
    Store.open(path, clock).close()
    damage_file(path)
    with Store.open(path, clock, recreate=True) as store:
        assert store.messages.counts() == {}
        assert store.restored_from is None
    assert list(path.parent.glob("state.db.damaged-*"))


def test_damaged_store_is_restored_from_its_newest_good_backup(
    path: Path, clock: StandingClock
) -> None:
    with Store.open(path, clock) as store:
        store.known.put("articles", [("A1", b"r" * 16, b"d" * 16, None)])
        append(store, "A1")
        good = store.backup()
        clock.now += 1000
        append(store, "A2")
        bad = store.backup()
    damage_file(bad)
    damage_file(path)
    with Store.open(path, clock) as store:
        assert store.restored_from == good
        assert [row.key for row in store.messages.list()] == ["A1"]
        assert store._database.value("PRAGMA journal_mode") == "wal"
        known = store.known.find("articles", ["A1"])["A1"]
        assert known.record_digest == bytes(16), "what the shop holds is not sure any more"
    assert list(path.parent.glob("state.db.damaged-*"))


def test_deleted_store_is_restored_not_started_afresh(path: Path, clock: StandingClock) -> None:
    with Store.open(path, clock) as store:
        append(store, "A1")
        store.backup()
    path.unlink()
    with Store.open(path, clock) as store:
        assert [row.key for row in store.messages.list()] == ["A1"]


def test_wal_without_its_file_is_damage_not_a_first_start(path: Path, clock: StandingClock) -> None:
    path.with_name("state.db-wal").write_bytes(b"what was committed last")
    with pytest.raises(Misconfigured, match="the file is missing"):
        Store.open(path, clock)


def test_old_backup_put_back_by_hand_never_gives_a_version_twice(
    path: Path, clock: StandingClock, tmp_path: Path
) -> None:
    with Store.open(path, clock) as store:
        append(store, "A1")
        copy = store.backup(tmp_path / "elsewhere")
        append(store, "A2", "A3")
        given = {row.version for row in store.messages.list()}
    shutil.copy(copy, path)
    clock.now += 60_000
    with Store.open(path, clock) as store:
        append(store, "A2", "A3", "A4")
        fresh = {row.version for row in store.messages.list() if row.key != "A1"}
    assert min(fresh) > max(given)


def test_versions_grow_when_the_clock_went_back(path: Path, clock: StandingClock) -> None:
    with Store.open(path, clock) as store:
        append(store, "A1")
    clock.now -= 86_400_000
    with Store.open(path, clock) as store:
        append(store, "A2")
        second, first = store.messages.list()
    assert second.version > first.version


def test_backups_beyond_the_number_to_keep_go(
    path: Path, clock: StandingClock, store: Store
) -> None:
    copies = []
    for _ in range(5):
        clock.now += 1000
        copies.append(store.backup(keep=2))
    assert sorted(path.parent.glob("backup/*")) == copies[-2:]


def test_leases_end_with_the_process_that_held_them(path: Path, clock: StandingClock) -> None:
    with Store.open(path, clock, retention=Retention()) as store:
        append(store, "A1")
        claim = store.messages.claim("shop", 10, now=clock.now, lease_ms=3_600_000)
        assert len(claim.messages) == 1
    with Store.open(path, clock) as store:
        again = store.messages.claim("shop", 10, now=clock.now, lease_ms=1000)
        assert [message.id for message in again.messages] == [claim.messages[0].id]
        assert again.messages[0].attempts == 1, "it may have been sent before"
        store.messages.settle(
            again.token, [Receipt(again.messages[0].id, accepted=True)], [], [], clock.now
        )
        assert store.messages.counts() == {"articles": {State.DELIVERED: 1}}
