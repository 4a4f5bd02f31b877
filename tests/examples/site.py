"""A company that put an example into force: only addresses, folders and secrets are its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from agent.daemon import Agent
from agent.demo.shop import ShopDatabase, ShopProcess
from agent.store import Run
from tests.faults.site import assert_nothing_doubled
from tests.waiting import until

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
SHOP_URL = "url: https://shop.example.com/sync"
PATIENCE = 30.0

Records = dict[str, dict[str, Any]]


class Site:
    """A folder with the example, and the shop that it fills. Credentials lie in files."""

    def __init__(self, folder: Path, example: str, shop: ShopProcess) -> None:
        self.folder = folder
        self.example = example
        self.shop = shop
        self.config = folder / "config.yaml"

    def configure(self, places: Mapping[str, str]) -> None:
        """Write the example with each of these addresses and folders replaced."""
        assert self.shop.certificates is not None
        authority = self.shop.certificates.authority
        text = (EXAMPLES / f"{self.example}.yaml").read_text(encoding="utf-8")
        of_shop = {SHOP_URL: f"url: {self.shop.url}\n    ca_file: {authority}"}
        for written, ours in (of_shop | dict(places)).items():
            assert written in text
            text = text.replace(written, ours)
        self.config.write_text(text, encoding="utf-8")

    def secret(self, name: str, value: str) -> None:
        """What `credential:NAME` stands for."""
        path = self.folder / "credentials" / name
        path.parent.mkdir(exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(value, encoding="utf-8")

    # The agent

    def sync(self, *flows: str, scope: str = "differential") -> dict[str, Run]:
        """An agent's short life: read these flows, or all, and deliver what is due."""
        with closing(Agent.open(self.config)) as agent:
            runs = {
                flow: agent.run_here(agent.request(flow, scope), lambda *_: None)
                for flow in flows or agent.plans
            }
            for target, delivery in agent.deliveries.items():
                agent.store.decisions.retry(target=target)
                delivery.run_until_idle()
            return runs

    @contextmanager
    def running(self) -> Iterator[Agent]:
        """The agent with its schedules, events and doors, until the block ends."""
        agent = Agent.open(self.config)
        agent.start()
        try:
            yield agent
        finally:
            assert agent.stop()
            agent.close()

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`syncagent ARGUMENTS`."""
        return subprocess.run(
            [sys.executable, "-m", "agent.cli", "--config", str(self.config), *arguments],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200"},
        )

    # What is true, asked without the agent

    def shown(self, entity: str) -> Records:
        """What the shop holds, by key."""
        with closing(ShopDatabase(self.shop.database, readonly=True)) as shop:
            return shop.records(entity)

    def effects(self) -> int:
        """How many changes the shop has really made."""
        with closing(ShopDatabase(self.shop.database, readonly=True)) as shop:
            return sum(1 for _ in shop.effects())

    def until_shown(self, entity: str, expected: Callable[[], Records]) -> None:
        """Wait until the shop holds what the systems do."""
        with suppress(TimeoutError):
            until(lambda: self.shown(entity) == expected())
        assert self.shown(entity) == expected()

    def assert_in_step(self, entity: str, expected: Records) -> None:
        """The shop holds what the systems do, and did nothing twice."""
        assert self.shown(entity) == expected
        assert_nothing_doubled(self.shop.database)


def drop(folder: Path, name: str, content: str | bytes) -> None:
    """A file appears, then the marker that says it is whole."""
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    (folder / f"{name}.ok").touch()


def json_lines(records: list[dict[str, Any]]) -> str:
    """A line for each record."""
    return "".join(json.dumps(each) + "\n" for each in records)


def words(text: str) -> str:
    """What a command printed, without the blanks that make columns."""
    return " ".join(text.split())
