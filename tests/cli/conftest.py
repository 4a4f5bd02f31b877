"""The real command in processes of its own, on a real site: a CSV folder, and the reference shop."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.demo.shop import ShopProcess

SYNCAGENT = Path(sys.executable).with_name("syncagent")
TOKEN = "canary-5f3a9c"

CONFIGURATION = """\
connections:
  files:
    kind: csv
    folder: drop
    settle: 50ms
  shop:
    kind: shop
    url: {url}
    token: env:SHOP_TOKEN
    delivery:
      backoff_base: 50ms
      backoff_cap: 200ms
      breaker_failures: 2
flows:
  products:
    entity: product
    source:
      connection: files
      files: "*.csv"
      key: [sku]
    mapping:
      sku: sku
      name: name
    watch: no
    target:
      connection: shop
"""


@dataclass(frozen=True)
class Answer:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        assert found["schema_version"] == 1
        return found


class Site:
    """A folder with a configuration, and the commands run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "drop").mkdir()
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SYNCAGENT", "COLUMNS", "SHOP_"))
        }
        self.environment |= {"SHOP_TOKEN": TOKEN, "XDG_STATE_HOME": str(folder / "state")}
        self._daemons = ExitStack()

    def configure(self, url: str = "https://localhost:9/", text: str = CONFIGURATION) -> None:
        (self.folder / "config.yaml").write_text(text.replace("{url}", url), encoding="utf-8")

    def drop(self, name: str, *lines: str) -> None:
        text = "\n".join(("sku,name", *lines)) + "\n"
        (self.folder / "drop" / name).write_text(text, encoding="utf-8")

    def run(self, *arguments: str, stdin: str = "", **environment: str) -> Answer:
        """`syncagent ARGUMENTS`, as a script would call it."""
        ended = subprocess.run(
            [SYNCAGENT, *arguments],
            cwd=self.folder,
            env=self.environment | environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert TOKEN not in ended.stdout + ended.stderr
        return Answer(ended.returncode, ended.stdout, ended.stderr)

    def daemon(self, **environment: str) -> subprocess.Popen[str]:
        """`syncagent run`, until the test ends; returns when it answers."""
        log = self._daemons.enter_context((self.folder / "daemon.log").open("a"))
        process = subprocess.Popen(
            [SYNCAGENT, "run"],
            cwd=self.folder,
            env=self.environment | environment,
            stderr=log,
            text=True,
        )
        self._daemons.callback(_end, process)
        while self.run("status").status == 3:
            assert process.poll() is None, self.log()
            time.sleep(0.05)
        return process

    def log(self) -> str:
        return (self.folder / "daemon.log").read_text()

    def close(self) -> None:
        self._daemons.close()


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site whose shop cannot be reached."""
    found = Site(tmp_path)
    found.configure()
    yield found
    found.close()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ShopProcess]:
    """A reference shop with a bearer token."""
    with ShopProcess(tmp_path / "shop.db", None, secrets={"SHOP_TOKEN": TOKEN}) as running:
        yield running


@pytest.fixture
def shop_site(site: Site, shop: ShopProcess) -> Site:
    """A site with its shop."""
    site.configure(shop.url)
    return site


Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def until() -> Until:
    """Wait for something that happens by itself."""

    def wait(happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 30
        while not happened():
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.05)

    return wait


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
