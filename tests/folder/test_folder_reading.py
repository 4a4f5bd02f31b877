"""Which files are seen, what is said of them, and what is refused."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from agent.errors import Misconfigured, Rejected, Unavailable
from connectors.folder import source as folder_source
from connectors.folder.tree import Identity, Tree
from connectors.folder.watching import TreeWatch
from tests.folder.files import JPEG, PDF, Pictures, sha256

not_on_windows = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    return Pictures(tmp_path / "pictures")


def refusal(pictures: Pictures) -> Rejected:
    """Why the only file of the folder is not taken; its row is there all the same."""
    (batch, _) = pictures.look()
    assert batch.fill
    with pytest.raises(Rejected) as caught:
        batch.fill(batch.rows[0])
    return caught.value


def hidden(pictures: Pictures) -> list[Rejected]:
    """What stands in the pass for files that nobody can see."""
    rows = pictures.look()[-1].rows
    found = []
    for place in range(len(rows)):
        with pytest.raises(Rejected) as caught:
            rows.__getitem__(place)
        found.append(caught.value)
    return found


def test_row_says_what_the_name_and_the_file_say(pictures: Pictures) -> None:
    file = pictures.put("00123_2.jpg", "front")
    os.utime(file, (1_700_000_000, 1_700_000_000))
    row = pictures.rows()["00123_2.jpg"]
    assert row.pop("modified_at").isoformat() == "2023-11-14T22:13:20+00:00"
    assert row == {
        "sku": "00123",
        "position": "2",
        "path": "00123_2.jpg",
        "file_name": "00123_2.jpg",
        "size": len(JPEG) + 5,
        "media_type": "image/jpeg",
        "sha256": sha256(JPEG + b"front"),
    }


def test_first_pattern_that_fits_counts_and_lacking_parts_have_defaults(
    pictures: Pictures,
) -> None:
    pictures.put("A1.jpg")
    pictures.put("A1_1.jpg")
    pictures.put("A1_x.jpg")
    pictures.put("A1.pdf", PDF)
    found = {path: (row["sku"], row["position"]) for path, row in pictures.rows().items()}
    assert found == {"A1.jpg": ("A1", "0"), "A1_1.jpg": ("A1", "1"), "A1_x.jpg": ("A1_x", "0")}


def test_folders_below_are_read_as_deep_as_the_pattern_says(pictures: Pictures) -> None:
    pictures.options = {"files": "{kind}/{sku}.pdf", "key": ["sku"]}
    pictures.put("schede/A1.pdf", PDF)
    pictures.put("schede/old/A1.pdf", PDF)
    pictures.put("A1.pdf", PDF)
    assert list(pictures.rows()) == ["schede/A1.pdf"]


def test_recursive_reads_every_folder_and_matches_the_end_of_the_path(pictures: Pictures) -> None:
    pictures.options = {"files": "{kind}/{sku}.pdf", "key": ["sku"], "recursive": "true"}
    for path in ("schede/A1.pdf", "2026/schede/B1.pdf", "x/y/z/schede/C1.pdf", "D1.pdf"):
        pictures.put(path, PDF)
    found = {path: (row["kind"], row["sku"]) for path, row in pictures.rows().items()}
    assert found == {
        "2026/schede/B1.pdf": ("schede", "B1"),
        "schede/A1.pdf": ("schede", "A1"),
        "x/y/z/schede/C1.pdf": ("schede", "C1"),
    }


def test_unfinished_and_hidden_files_are_passed_over(pictures: Pictures) -> None:
    pictures.options = {"files": "{sku}.*", "key": ["sku"], "recursive": "true"}
    for path in (".A1.jpg", "A1.tmp", "A1.part", "~$A1.jpg", ".git/A1.jpg"):
        pictures.put(path)
    assert pictures.rows() == {}


def test_nothing_is_hashed_before_a_row_is_filled(pictures: Pictures) -> None:
    pictures.put("A1.jpg")
    (batch, _) = pictures.look()
    assert batch.rows[0][-2:] == (None, None)
    assert len(batch.digests) == 1


@pytest.mark.parametrize("what", ["content", "time", "name", "file"])
def test_digest_of_a_row_moves_with_everything_that_may_mean_a_change(
    pictures: Pictures, what: str
) -> None:
    file = pictures.put("A1.jpg", "one")
    os.utime(file, ns=(1, 1_700_000_000_000_000_000))
    before = pictures.look()[0].digests
    assert pictures.look()[0].digests == before
    if what == "content":
        pictures.put("A1.jpg", "longer")
        os.utime(file, ns=(1, 1_700_000_000_000_000_000))
    elif what == "time":
        os.utime(file, ns=(1, 1_700_000_000_000_000_001))
    elif what == "name":
        file.rename(pictures.root / "A2.jpg")
    else:
        other = pictures.put("other.tmp", "two")
        os.utime(other, ns=(1, 1_700_000_000_000_000_000))
        other.replace(file)
    assert pictures.look()[0].digests != before


def test_file_that_is_being_written_keeps_the_pass_from_being_complete(
    pictures: Pictures,
) -> None:
    pictures.put("A1.jpg")
    assert pictures.look()[-1].complete
    pictures.connection["settle"] = "1h"
    (last,) = pictures.look()
    assert not last.complete
    assert "A1.jpg" in last.note


def test_old_time_kept_by_a_copy_does_not_make_a_file_settled(pictures: Pictures) -> None:
    os.utime(pictures.put("A1.jpg"), (1_000_000_000, 1_000_000_000))
    pictures.connection["settle"] = "1h"
    assert not pictures.look()[-1].complete


def test_file_with_a_time_far_in_the_future_is_read(pictures: Pictures) -> None:
    os.utime(pictures.put("A1.jpg"), (4_000_000_000, 4_000_000_000))
    assert "A1.jpg" in pictures.rows()


def test_file_of_a_share_whose_clock_is_ahead_is_waited_for(pictures: Pictures) -> None:
    moment = time.time() + 600
    os.utime(pictures.put("A1.jpg"), (moment, moment))
    assert not pictures.look()[-1].complete


@pytest.mark.parametrize(
    ("content", "options", "code", "words"),
    [
        (b"", {}, "SA-2708", "empty"),
        (JPEG, {"largest": "10B"}, "SA-2708", "10 are allowed"),
        (b"<html>not a picture", {}, "SA-2709", "of no known type"),
        (PDF, {"types": ["image/jpeg"]}, "SA-2709", "application/pdf"),
        (b"PK\x03\x04", {}, "SA-2709", "application/zip"),
    ],
)
def test_file_that_is_not_what_it_should_be_is_refused(
    pictures: Pictures, content: bytes, options: dict[str, Any], code: str, words: str
) -> None:
    pictures.put("A1.jpg", content)
    pictures.options |= options
    error = refusal(pictures)
    assert error.code == code
    assert words in error.reason


@not_on_windows
def test_link_to_a_file_is_refused(pictures: Pictures, tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(JPEG)
    (pictures.root / "A1.jpg").symlink_to(tmp_path / "secret.jpg")
    assert refusal(pictures).code == "SA-2705"


@not_on_windows
def test_link_to_a_folder_is_not_entered_and_stops_deletes(
    pictures: Pictures, tmp_path: Path
) -> None:
    pictures.options["recursive"] = "true"
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "A1.jpg").write_bytes(JPEG)
    (pictures.root / "below").symlink_to(tmp_path / "elsewhere")
    (error,) = hidden(pictures)
    assert error.code == "SA-2705"
    assert "below" in error.reason


@not_on_windows
def test_link_that_takes_the_place_of_a_folder_after_the_look_is_not_followed(
    pictures: Pictures, tmp_path: Path
) -> None:
    pictures.options = {"files": "{kind}/{sku}.jpg", "key": ["sku"]}
    inside = pictures.put("foto/A1.jpg")
    (batch, _) = pictures.look()
    (pictures.root / "foto").rename(tmp_path / "foto")
    (pictures.root / "foto").symlink_to(tmp_path / "foto")
    assert inside.read_bytes() == JPEG
    assert batch.fill
    with pytest.raises(Rejected) as caught:
        batch.fill(batch.rows[0])
    assert caught.value.code == "SA-2705"


@not_on_windows
def test_pipe_in_the_place_of_a_file_is_not_waited_for(pictures: Pictures) -> None:
    pictures.put("A1.jpg")
    (batch, _) = pictures.look()
    (pictures.root / "A1.jpg").unlink()
    os.mkfifo(pictures.root / "A1.jpg")
    assert batch.fill
    with pytest.raises(Rejected):
        batch.fill(batch.rows[0])
    assert pictures.rows() == {}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep names as text")
def test_name_that_is_no_text_is_refused_with_its_bytes(pictures: Pictures) -> None:
    (Path(os.fsdecode(os.fsencode(pictures.root) + b"/perch\xe9.jpg"))).write_bytes(JPEG)
    (error,) = hidden(pictures)
    assert error.code == "SA-2706"
    assert "perch" in error.reason
    error.reason.encode()


def test_file_that_changed_since_the_look_is_refused(pictures: Pictures) -> None:
    pictures.put("A1.jpg", "before")
    (batch, _) = pictures.look()
    pictures.put("A1.jpg", "after, and longer")
    assert batch.fill
    with pytest.raises(Rejected) as caught:
        batch.fill(batch.rows[0])
    assert caught.value.code == "SA-2707"


def test_vanished_file_is_refused_and_a_vanished_folder_is_unavailable(
    pictures: Pictures,
) -> None:
    pictures.put("A1.jpg")
    pictures.put("A2.jpg")
    (batch, _) = pictures.look()
    assert batch.fill
    (pictures.root / "A1.jpg").unlink()
    with pytest.raises(Rejected) as refused:
        batch.fill(batch.rows[0])
    assert refused.value.code == "SA-2707"
    (pictures.root / "A2.jpg").unlink()
    with pytest.raises(Unavailable):
        batch.fill(batch.rows[1])
    pictures.root.rmdir()
    with pytest.raises(Unavailable) as gone:
        pictures.look()
    assert gone.value.code == "SA-2701"


def test_same_name_in_two_spellings_of_unicode_is_one_name(pictures: Pictures) -> None:
    pictures.put("cafe\u0301.jpg")
    (row,) = pictures.rows().values()
    assert row["sku"] == "caf\u00e9"


def test_single_keys_are_found_by_their_names(pictures: Pictures) -> None:
    pictures.put("A1.jpg")
    pictures.put("A1_1.jpg")
    source = pictures.source()
    found = [row for batch in source.read_keys(["A1|1", "A9|0"]) for row in batch.rows]
    assert [row[2] for row in found] == ["A1_1.jpg"]


def test_check_counts_and_names_what_is_wrong(pictures: Pictures, tmp_path: Path) -> None:
    pictures.put("A1.jpg")
    (pictures.root / "A2.jpg").symlink_to(tmp_path / "nowhere.jpg")
    found = [f"{each.subject}: {each.detail}" for each in pictures.source().check()]
    assert found[0] == "A2.jpg: is a link; links are not followed"
    assert "1 files fit" in found[-1]


@pytest.fixture
def nobodys() -> Iterator[Pictures]:
    """A folder that a user without rights can reach, read as that user."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        pictures = Pictures(Path(folder) / "pictures")
        yield pictures
        for path in (pictures.root, *pictures.root.iterdir()):
            path.chmod(0o755)


@contextmanager
def without_rights() -> Iterator[None]:
    """Root may read everything: be nobody for a while."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@not_on_windows
def test_folder_that_may_not_be_read_is_misconfigured(nobodys: Pictures) -> None:
    nobodys.root.chmod(0)
    with without_rights(), pytest.raises(Misconfigured) as caught:
        nobodys.look()
    assert caught.value.code == "SA-2702"


@not_on_windows
def test_folder_inside_that_may_not_be_read_is_refused_and_the_rest_is_read(
    nobodys: Pictures,
) -> None:
    nobodys.options["recursive"] = "true"
    nobodys.put("shut/A1.jpg")
    nobodys.put("A2.jpg")
    (nobodys.root / "shut").chmod(0)
    with without_rights():
        (error,) = hidden(nobodys)
        assert list(nobodys.rows()) == ["A2.jpg"]
    assert error.code == "SA-2704"
    assert "shut" in error.reason


@not_on_windows
def test_file_that_may_not_be_read_is_refused(nobodys: Pictures) -> None:
    nobodys.put("A1.jpg").chmod(0)
    with without_rights():
        assert refusal(nobodys).code == "SA-2707"


def test_written_file_wakes(pictures: Pictures) -> None:
    woken = threading.Event()
    watch = pictures.source().watch(woken.set)
    try:
        pictures.put("A1.jpg")
        assert woken.wait(30)
    finally:
        watch.close()


def test_file_that_is_settling_when_the_watch_begins_wakes(pictures: Pictures) -> None:
    pictures.connection["settle"] = "1h"
    pictures.put("A1.jpg")
    woken = threading.Event()
    source = pictures.source()
    watch = TreeWatch(Tree(source.connection, source.options), 0.05, woken.set)
    try:
        assert woken.wait(30)
    finally:
        watch.close()


def test_removed_file_wakes_and_another_one_does_not(pictures: Pictures) -> None:
    pictures.put("A1.jpg")
    woken = threading.Event()
    watch = pictures.source().watch(woken.set)
    try:
        pictures.put("notes.txt", b"nothing of ours")
        assert not woken.wait(0.2)
        (pictures.root / "A1.jpg").unlink()
        assert woken.wait(30)
    finally:
        watch.close()


def test_identity_is_what_the_system_says(pictures: Pictures) -> None:
    state = pictures.put("A1.jpg").stat()
    assert Identity.of(state) == (state.st_size, state.st_mtime_ns, state.st_ino)


def test_large_folder_comes_in_batches(pictures: Pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_source, "BATCH", 4)
    for number in range(10):
        pictures.put(f"A{number}.jpg")
    assert [len(batch.rows) for batch in pictures.look()] == [4, 4, 2, 0]
