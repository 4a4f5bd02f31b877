"""The disk that holds the store is full: reading waits, nothing is lost, work goes on after."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.site import Site

SIZE = 40_000_000
DISK_LOW = 25_000_000
WHILE_LOW = 20_000_000
"""Bytes left: too few for reading, enough for the log of what is delivered."""
NEXT_TO_NOTHING = 400_000
"""Bytes left: some batches fit, not all."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("mounting a small file system takes root")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def cramped(tmp_path: Path, small_disk: Path) -> Iterator[Site]:
    """A company whose agent keeps its store on the small disk."""
    folder = tmp_path / "site"
    folder.mkdir()
    with Site(folder, store=small_disk / "syncagent.db") as found:
        found.add_articles(40)
        yield found


def _fill(disk: Path, leave: int) -> Path:
    """Something else takes the space, all but so many bytes."""
    ballast = disk / "ballast"
    used = sum(path.stat().st_size for path in disk.iterdir() if path != ballast)
    ballast.write_bytes(bytes(SIZE - used - leave))
    return ballast


def test_low_disk_pauses_reading_but_not_delivery(cramped: Site, small_disk: Path) -> None:
    cramped.configure({"disk_low: 1MB": f"disk_low: {DISK_LOW}"})
    cramped.shop.kill()
    client = cramped.agent.start()
    cramped.until(lambda: cramped.pending(client) == 40, "the first load waits for the shop")
    ballast = _fill(small_disk, WHILE_LOW)
    cramped.rename(next(iter(cramped.articles())))
    cramped.until(
        lambda: client.ask("runs", flow="products")["runs"][0]["code"] == "SA-6020",
        "reading pauses",
    )
    cramped.shop.start()
    cramped.until(lambda: not cramped.pending(client), "what was queued is delivered")
    assert len(cramped.differences()) == 1
    ballast.unlink()
    assert cramped.command("sync", "products").returncode == 0
    cramped.until_in_step()
    cramped.agent.stop()
    cramped.assert_at_rest()


def test_full_disk_loses_nothing_and_work_goes_on_once_there_is_room(
    cramped: Site, small_disk: Path
) -> None:
    """Nobody warned: the limit is off, and a large first load meets the end of the disk."""
    cramped.configure({"disk_low: 1MB": "disk_low: 0"})
    cramped.agent.start()
    cramped.until_in_step()
    ballast = _fill(small_disk, NEXT_TO_NOTHING)
    cramped.add_articles(5000)
    cramped.until(lambda: "is full" in cramped.log.read_text(), "the full disk is met")
    ballast.unlink()
    cramped.until_in_step()
    cramped.agent.stop()
    cramped.assert_at_rest()
    assert cramped.parked() == []
