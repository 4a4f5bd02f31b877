"""A small company for one test: ERP, drop folder, shop over HTTPS, and an agent between them.

Every change gives its key a value that no key ever had, so that the shop's log tells a change that
was done twice from one that was made twice.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import closing
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, Self, TypeVar

from agent.api.client import Client, connect
from agent.daemon import Agent
from agent.demo.agent_process import AgentProcess
from agent.demo.certificates import create_certificates
from agent.demo.shop import ShopDatabase, ShopProcess
from agent.store import Run

T = TypeVar("T")
TOKEN = "token-of-a-test"
PATIENCE = 45.0

CONFIGURATION = """\
connections:
  erp: {kind: sqlite, file: erp.db}
  drops: {kind: csv, folder: drops, settle: SETTLE}
  shop:
    kind: shop
    url: URL
    ca_file: certificates/authority.pem
    token: file:FOLDER/token
    total_timeout: 2s
    delivery:
      batch_size: 10
      backoff_base: 20ms
      backoff_cap: 100ms
      breaker_failures: 3
      breaker_cooldown: 50ms
store: {path: STORE, disk_low: 1MB, backup: off}
flows:
  products:
    source: {connection: erp, table: ARTICO, key: [CODE]}
    target: {connection: shop}
    entity: product
    schedule: {every: 1s}
    batch_size: 10
    guard: {delete_count: 20}
    mapping:
      sku: CODE
      name: {from: NAME, required: true}
      weight: WEIGHT
      attributes: {fields: {since: {from: SINCE, type: date}}}
  prices:
    source: {connection: drops, files: "prices*.csv", key: [CODE], delimiter: ";"}
    target: {connection: shop}
    entity: price
    batch_size: 10
    guard: {delete_count: 20}
    mapping: {sku: CODE, price_list: {value: BASE}, price: PRICE, currency: {value: EUR}}
"""

DELETE_FREELY = {"delete_count: 20": "delete_count: 1000000"}
"""For tests in which much happens between two runs."""

Facts = dict[tuple[str, str], str]
"""(entity, key) → the one value by which a record is told from its earlier states."""


class Site:
    """Everything of one company in one folder. Use as a context: leaving it ends the processes."""

    def __init__(self, folder: Path, *, store: Path | None = None, settle: str = "0s") -> None:
        self.folder = folder
        self.store = store or folder / "syncagent.db"
        self.drops = folder / "drops"
        self.config = folder / "config.yaml"
        self.log = folder / "agent.log"
        self.prices: dict[str, str] = {}
        self.shop = ShopProcess(
            folder / "shop.db",
            create_certificates(folder / "certificates"),
            secrets={"SHOP_TOKEN": TOKEN},
            faults=True,
        )
        self._settle = settle
        self.agent = AgentProcess(self.config, self.store.parent, self.log)
        self._files = count(1)
        self._values = count(1)
        self.drops.mkdir()
        self.erp("CREATE TABLE ARTICO (CODE TEXT, NAME TEXT, WEIGHT, SINCE)")

    def __enter__(self) -> Self:
        self.shop.start()
        token = self.folder / "token"
        token.touch(mode=0o600)
        token.write_text(TOKEN)
        self.configure()
        return self

    def __exit__(self, *_: object) -> None:
        self.agent.stop()
        self.shop.stop()

    def configure(self, changed: Mapping[str, str] = {}) -> None:
        """Write the configuration; `changed` replaces texts in it by others."""
        text = CONFIGURATION
        for name, value in {
            "URL": self.shop.url,
            "FOLDER": str(self.folder),
            "STORE": str(self.store),
            "SETTLE": self._settle,
        }.items():
            text = text.replace(name, value)
        for old, new in changed.items():
            assert old in text
            text = text.replace(old, new)
        self.config.write_text(text, encoding="utf-8")

    # What people do in the company

    def erp(self, statement: str, *values: object) -> None:
        """Change the ERP, as a clerk would."""
        with closing(sqlite3.connect(self.folder / "erp.db")) as connection, connection:
            connection.execute(statement, values)

    def articles(self) -> dict[str, str]:
        """Code → name, of the articles that the shop is to have."""
        with closing(sqlite3.connect(self.folder / "erp.db")) as connection:
            return dict(connection.execute("SELECT CODE, NAME FROM ARTICO ORDER BY CODE"))

    def add_articles(self, number: int) -> None:
        """So many new articles."""
        rows = [(f"A{self._new():05}", f"Vite {self._new()}") for _ in range(number)]
        with closing(sqlite3.connect(self.folder / "erp.db")) as connection, connection:
            connection.executemany("INSERT INTO ARTICO (CODE, NAME) VALUES (?, ?)", rows)

    def rename(self, code: str) -> None:
        """A new name for an article."""
        self.erp("UPDATE ARTICO SET NAME = ? WHERE CODE = ?", f"Vite {self._new()}", code)

    def edit(self, random: Random) -> None:
        """A few articles are new, changed or gone."""
        codes = list(self.articles())
        for code in random.sample(codes, min(len(codes), random.randint(0, 8))):
            self.rename(code)
        for code in random.sample(codes, min(len(codes), random.randint(0, 2))):
            self.erp("DELETE FROM ARTICO WHERE CODE = ?", code)
        self.add_articles(random.randint(0, 4))

    def drop_prices(self, random: Random) -> None:
        """A new price list is dropped: some prices new, some changed, some gone."""
        for code in random.sample(list(self.prices), min(len(self.prices), 2)):
            del self.prices[code]
        for code in random.sample(list(self.prices), len(self.prices) // 3):
            self.prices[code] = f"{self._new()}.5"
        for _ in range(random.randint(1, 12)):
            self.prices[f"P{self._new():05}"] = f"{self._new()}.5"
        self.drop_file(self.price_list(self.prices))

    @staticmethod
    def price_list(prices: Mapping[str, str]) -> bytes:
        """Prices as the supplier's program writes them."""
        lines = ["CODE;PRICE", *(f"{code};{price}" for code, price in prices.items())]
        return ("\n".join(lines) + "\n").encode()

    def drop_file(self, content: bytes) -> Path:
        """A file appears in the drop folder at once and whole."""
        path = self.drops / f"prices-{next(self._files):04}.csv"
        partial = path.with_suffix(".part")
        partial.write_bytes(content)
        partial.rename(path)
        return path

    def _new(self) -> int:
        return next(self._values)

    # The agent

    def sync(self) -> list[Run]:
        """Read every flow once and deliver, in this process."""
        return live(self.config)

    def come_to_rest(self) -> None:
        """Sync until nothing waits for another attempt."""
        for _ in range(50):
            self.sync()
            with closing(Agent.open(self.config)) as agent:
                if agent.store.messages.next_due("shop") is None:
                    return
            time.sleep(0.05)
        raise AssertionError("messages are still on their way")

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`syncagent ARGUMENTS`."""
        return subprocess.run(
            [sys.executable, "-m", "agent.cli", "--config", str(self.config), *arguments],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            env={**os.environ, "NO_COLOR": "1"},
        )

    def until(self, happens: Callable[[], T | None], what: str) -> T:
        """Wait for something true."""
        return self.agent.until(happens, what, PATIENCE)

    def until_in_step(self) -> None:
        """Wait until the shop has what the ERP has, and nothing is on its way."""
        self.until(lambda: not self.differences(), "source and target are equal")
        client = connect(self.store.parent)
        assert client is not None
        self.until(lambda: not self.pending(client), "nothing is pending")

    def pending(self, client: Client) -> int:
        """How many messages are on their way."""
        return sum(int(flow["pending"]) for flow in client.ask("status")["flows"])

    # What is true at rest, asked without the agent

    def expected(self) -> Facts:
        """What the shop is to hold."""
        facts = {("product", code): name for code, name in self.articles().items()}
        facts |= {("price", code): price for code, price in self.prices.items()}
        return facts

    def shown(self) -> Facts:
        """What the shop holds."""
        with closing(ShopDatabase(self.shop.database, readonly=True)) as shop:
            products, prices = shop.records("product"), shop.records("price")
        facts = {("product", key): data["name"] for key, data in products.items()}
        return facts | {("price", key): data["price"] for key, data in prices.items()}

    def differences(self) -> dict[tuple[str, str], tuple[str | None, str | None]]:
        """Where they differ: what is expected, what is shown."""
        expected, shown = self.expected(), self.shown()
        return {
            place: (expected.get(place), shown.get(place))
            for place in expected.keys() | shown.keys()
            if expected.get(place) != shown.get(place)
        }

    def effects(self) -> int:
        """How many changes the shop has really made."""
        with closing(ShopDatabase(self.shop.database, readonly=True)) as shop:
            return sum(1 for _ in shop.effects())

    def assert_at_rest(self) -> None:
        """Both sides are equal, nothing was done twice."""
        differences = self.differences()
        assert not differences, differences
        assert_nothing_doubled(self.shop.database)

    def parked(self) -> list[dict[str, Any]]:
        """The refused records, by key. Each has a code and a reason."""
        with closing(Agent.open(self.config)) as agent:
            found = [
                {"key": row.key, "code": row.code, "reason": row.reason, "stage": row.stage}
                for row in agent.store.messages.list(limit=1000)
                if row.state == "parked"
            ]
        assert all(each["code"] and each["reason"] for each in found), found
        return sorted(found, key=lambda each: each["key"])


def assert_nothing_doubled(shop: Path) -> None:
    """No effect twice in the shop's log, and versions only grow per key."""
    with closing(ShopDatabase(shop, readonly=True)) as database:
        doubles = database.doubles()
    assert not doubles, doubles
    assert_versions_grow(shop)


def assert_versions_grow(shop: Path) -> None:
    """Per key, in the order in which the shop did things."""
    versions = defaultdict(list)
    with closing(ShopDatabase(shop, readonly=True)) as database:
        for effect in database.effects():
            versions[effect.entity, effect.key].append(effect.version)
    for place, sequence in versions.items():
        assert sequence == sorted(set(sequence)), f"{place}: {sequence}"


def live(config: Path) -> list[Run]:
    """An agent's short life without a daemon: read every flow once and deliver what is due."""
    with closing(Agent.open(config)) as agent:
        runs = [
            agent.run_here(agent.request(flow, "differential"), lambda *_: None)
            for flow in agent.plans
        ]
        for delivery in agent.deliveries.values():
            delivery.run_until_idle()
        return runs
