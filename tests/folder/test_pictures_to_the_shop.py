"""A folder of pictures, a whole agent and a shop: what happens when something comes in between."""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent.daemon import Agent
from agent.demo.shop import ShopDatabase, ShopProcess
from connectors.shop import ShopTarget
from tests.faults.crashing import Nursery, Place
from tests.faults.site import assert_nothing_doubled, live
from tests.folder.files import JPEG, sha256

OPEN_STATES = {"held", "pending", "parked"}

CONFIGURATION = """\
connections:
  pictures: {kind: folder, folder: pictures, settle: 0s}
  shop:
    kind: shop
    url: URL
    contents: [pictures]
    delivery: {backoff_base: 10ms, backoff_cap: 20ms, senders: 1}
store: {path: syncagent.db, disk_low: 1MB, backup: off}
flows:
  pictures:
    source:
      connection: pictures
      files: "{sku}_{position:digits}.jpg"
      key: [sku, position]
    target: {connection: shop}
    entity: media
    mapping:
      sku: sku
      position: position
      kind: {value: image}
      file_name: file_name
      path: path
      media_type: media_type
      size: size
      sha256: sha256
"""


class Site:
    """The folder, the agent's configuration, the shop."""

    def __init__(self, root: Path, shop: ShopProcess) -> None:
        self.root, self.shop = root, shop
        self.config = root / "config.yaml"
        self.config.write_text(CONFIGURATION.replace("URL", shop.url), encoding="utf-8")
        (root / "pictures").mkdir()

    def put(self, name: str, text: str) -> Path:
        file = self.root / "pictures" / name
        file.write_bytes(JPEG + text.encode())
        return file

    def scan(self) -> None:
        """Look, and deliver nothing: a command's senders would work beside it."""
        with closing(Agent.open(self.config)) as agent:
            agent.deliveries["shop"].drain(0)
            agent.run_here(agent.request("pictures", "differential"), lambda *_: None)

    def deliver(self) -> None:
        with closing(Agent.open(self.config)) as agent:
            for delivery in agent.deliveries.values():
                delivery.run_until_idle()
                delivery.drain(1.0)

    def shown(self) -> dict[str, str]:
        with ShopDatabase(self.shop.database, readonly=True) as database:
            return {key: data["sha256"] for key, data in database.records("media").items()}

    def holds(self, text: str) -> bool:
        with ShopDatabase(self.shop.database, readonly=True) as database:
            return database.contents.holds(sha256(JPEG + text.encode()))

    def make_due(self) -> None:
        """As if time had passed: leases have run out, pauses are over."""
        with closing(Agent.open(self.config)) as agent:
            agent.store.decisions.retry(target="shop")

    def inode(self, text: str) -> int:
        """Differs once a content was uploaded again."""
        with ShopDatabase(self.shop.database, readonly=True) as database:
            return database.contents.path(sha256(JPEG + text.encode())).stat().st_ino

    def undelivered(self) -> dict[str, tuple[str, str]]:
        """Key → state and code of every message that is still to arrive."""
        with closing(Agent.open(self.config)) as agent:
            rows = agent.store.messages.list(limit=100)
            return {row.key: (row.state, row.code) for row in rows if row.state in OPEN_STATES}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with ShopProcess(tmp_path / "shop.db", None, faults=True) as shop:
        yield Site(tmp_path, shop)


def first_line(function: Any, text: str) -> int:
    """Number of the first line of a function that holds a text."""
    lines, start = inspect.getsourcelines(function)
    return start + next(number for number, line in enumerate(lines) if text in line)


def test_agent_that_dies_between_content_and_record_sends_the_record_and_no_byte_twice(
    site: Site,
) -> None:
    site.put("A1_1.jpg", "front")
    source = inspect.getsourcefile(ShopTarget)
    assert source
    before_the_record = Place(source, first_line(ShopTarget._deliver, "/v1/batches"), 1)
    with Nursery(site.config) as nursery:
        assert nursery.crash(before_the_record)
    assert site.holds("front")
    assert site.shown() == {}
    kept = site.inode("front")
    site.make_due()
    live(site.config)
    assert site.shown() == {"A1|1": sha256(JPEG + b"front")}
    assert site.inode("front") == kept
    assert_nothing_doubled(site.shop.database)


def test_file_replaced_before_delivery_is_refused_and_comes_with_the_next_scan(
    site: Site,
) -> None:
    site.put("A1_1.jpg", "one")
    site.put("A2_1.jpg", "two")
    site.scan()
    site.put("A1_1.jpg", "one, but another")
    site.deliver()
    assert site.undelivered() == {"A1|1": ("parked", "SA-5252")}
    assert site.shown() == {"A2|1": sha256(JPEG + b"two")}
    live(site.config)
    assert site.undelivered() == {}
    assert site.shown()["A1|1"] == sha256(JPEG + b"one, but another")
    assert not site.holds("one")


def test_file_removed_before_delivery_is_deleted_by_the_next_scan(site: Site) -> None:
    site.put("A1_1.jpg", "one")
    site.put("A2_1.jpg", "two")
    file = site.put("A3_1.jpg", "three")
    site.scan()
    file.unlink()
    site.deliver()
    assert site.undelivered() == {"A3|1": ("parked", "SA-5253")}
    live(site.config)
    assert site.undelivered() == {}
    assert sorted(site.shown()) == ["A1|1", "A2|1"]


def test_shop_that_is_away_for_long_gets_each_picture_as_it_is_at_last(site: Site) -> None:
    site.put("A1_1.jpg", "monday")
    site.shop.kill()
    live(site.config)
    site.put("A1_1.jpg", "tuesday")
    os.utime(site.put("A2_1.jpg", "new"))
    live(site.config)
    site.shop.start()
    live(site.config)
    site.make_due()
    live(site.config)
    assert site.shown() == {
        "A1|1": sha256(JPEG + b"tuesday"),
        "A2|1": sha256(JPEG + b"new"),
    }
    assert not site.holds("monday")


def test_renamed_picture_moves_its_record_and_sends_no_byte(site: Site) -> None:
    file = site.put("A1_1.jpg", "front")
    site.put("A9_1.jpg", "stays")
    live(site.config)
    stored = site.inode("front")
    file.rename(file.with_name("A1_2.jpg"))
    live(site.config)
    assert sorted(site.shown()) == ["A1|2", "A9|1"]
    assert site.inode("front") == stored
