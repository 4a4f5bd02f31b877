"""The real command in processes of its own, on a real site: a CSV folder and the reference shop."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.demo.shop import ShopProcess

SYNCAGENT = Path(sys.executable).with_name("syncagent")
TOKEN = "canary-5f3a9c"

CONNECTIONS = """\
connections:
  files:
    kind: csv
    folder: drop
    settle: 0s
  shop:
    kind: shop
    url: {url}
    token: env:SHOP_TOKEN
    delivery:
      backoff_base: 50ms
      backoff_cap: 200ms
      breaker_failures: 2
flows:
"""
FLOW = """\
  {flow}:
    entity: product
    source:
      connection: files
      files: "{flow}-*.csv"
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
        self.log: list[str] = []
        """What the daemons wrote, line by line."""
        self._files = 0
        (folder / "drop").mkdir()
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SYNCAGENT", "COLUMNS", "SHOP_"))
        }
        self.environment |= {"SHOP_TOKEN": TOKEN, "XDG_STATE_HOME": str(folder / "state")}
        self._daemons = ExitStack()

    def configure(
        self,
        url: str = "https://localhost:9/",
        *,
        flows: Sequence[str] = ("products",),
        more: str = "",
    ) -> None:
        text = CONNECTIONS + "".join(FLOW.replace("{flow}", flow) for flow in flows) + more
        self.write(text.replace("{url}", url))

    def write(self, text: str) -> None:
        (self.folder / "config.yaml").write_text(text, encoding="utf-8")

    def drop(self, *lines: str, flow: str = "products") -> None:
        """A new file for a flow: all that the source holds from now on."""
        self._files += 1
        text = "\n".join(("sku,name", *lines)) + "\n"
        (self.folder / "drop" / f"{flow}-{self._files:03}.csv").write_text(text, encoding="utf-8")

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
        process = subprocess.Popen(
            [SYNCAGENT, "run"],
            cwd=self.folder,
            env=self.environment | environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        reader = threading.Thread(target=self._keep_log, args=(process,))
        reader.start()
        self._daemons.callback(_end, process, reader)
        while self.run("status").status == 3:
            assert process.poll() is None, self.log
            time.sleep(0.05)
        return process

    def _keep_log(self, process: subprocess.Popen[str]) -> None:
        # A pipe, not a file: a test may forbid the daemon to write files.
        assert process.stderr
        with process.stderr as lines:
            self.log.extend(lines)

    def close(self) -> None:
        self._daemons.close()


def _end(process: subprocess.Popen[str], reader: threading.Thread) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    reader.join()


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


@pytest.fixture(scope="module")
def living(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Site]:
    """A site with its shop and its daemon, shared by a module: every test has a flow of its own.

    The module names them in `FLOWS`.
    """
    folder = tmp_path_factory.mktemp("living")
    with ShopProcess(folder / "shop.db", None, secrets={"SHOP_TOKEN": TOKEN}) as running:
        site = Site(folder)
        site.configure(running.url, flows=request.module.FLOWS)
        site.daemon()
        yield site
        site.close()


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
