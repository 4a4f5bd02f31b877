"""A site as a customer has it: a configuration, a shop over HTTPS, commands as processes."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Self

import psutil

from agent.api.client import Client, connect
from agent.demo.certificates import create_certificates
from agent.demo.shop import ShopProcess
from tests.bench.measuring import ROOT, Measured, run

TOKEN = "bench"
PROGRAM = [sys.executable, "-m", "agent.cli"]

MAPPING = """
      sku: code
      name: name
      description: description
      category: category
      active: {from: active, true: S, false: N}
      updated_at: {from: updated, format: "%Y-%m-%d %H:%M:%S"}
      attributes:
        fields:
          id: {from: id, type: integer}
          price: {from: price, type: decimal, scale: 2}
          cost: {from: cost, type: decimal, scale: 4}
          stock: {from: stock, type: integer}
          created: {from: created, type: date}
          note: note
"""
"""All twelve columns of `rows`, each with its type."""


class Site:
    """A folder with a shop of its own. `flows` maps a name to its source, as YAML in braces."""

    def __init__(self, folder: Path, connections: str, flows: dict[str, str]) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.folder = folder
        self.config = folder / "config.yaml"
        self.certificates = create_certificates(folder / "certificates")
        self.shop = ShopProcess(
            folder / "shop.db", self.certificates, secrets={"SHOP_TOKEN": TOKEN}
        )
        self._connections, self._flows = connections, flows
        self._daemon: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.shop.start()
        self.keep_secret("token", TOKEN)
        self.configure(self._flows)
        return self

    def keep_secret(self, name: str, secret: str) -> None:
        """A file that the configuration may name."""
        (self.folder / name).write_text(secret)
        (self.folder / name).chmod(0o600)

    def configure(self, flows: dict[str, str]) -> None:
        """Write the configuration; called again it replaces the flows."""
        lines = ["connections:", *(f"  {line}" for line in self._connections.splitlines())]
        shop = f"kind: shop, url: {self.shop.url}, token: file:token"
        lines += [
            f"  shop: {{{shop}, ca_file: {self.certificates.authority}}}",
            "store: {path: store/syncagent.db, disk_low: 50MB, backup: off}",
            "flows:",
        ]
        for name, source in flows.items():
            lines += [f"  {name}:", f"    source: {source}", "    target: {connection: shop}"]
            lines += ["    entity: product", "    guard: off", f"    mapping:{MAPPING}"]
        self.config.write_text("\n".join(lines), encoding="utf-8")

    def __exit__(self, *_: object) -> None:
        self.stop_daemon()
        self.shop.stop()
        shutil.rmtree(self.folder)

    def sync(self, flow: str) -> Measured:
        """`syncagent sync FLOW`: the process, its run by itself, and what the shop spent."""
        shop = psutil.Process(self.shop.pid)
        before = sum(shop.cpu_times()[:2])
        process, said = self.command("--json", "sync", flow)
        (ended,) = json.loads(said)["runs"]
        if ended["outcome"] != "ok" or ended["pending"] or ended["parked"]:
            raise RuntimeError(said)
        more = {name: ended["counts"][name] for name in ("rows", "inserts", "updates", "deletes")}
        more["shop_cpu"] = sum(shop.cpu_times()[:2]) - before
        more["run_seconds"] = self._run_seconds(ended["run"])
        return Measured(process.seconds, process.cpu, process.peak_mb, more)

    def _run_seconds(self, number: int) -> float:
        # Any other way of reading leaves a WAL behind, and the next start would check the file.
        store = f"{(self.folder / 'store/syncagent.db').as_uri()}?immutable=1"
        with closing(sqlite3.connect(store, uri=True)) as connection:
            times = "SELECT (finished_at - started_at) / 1000.0 FROM run WHERE id = ?"
            (seconds,) = connection.execute(times, (number,)).fetchone()
        return float(seconds)

    def command(self, *arguments: str) -> tuple[Measured, str]:
        """Any command of the program as a process."""
        return run([*PROGRAM, "--config", str(self.config), *arguments], self.folder / "out")

    def start_daemon(self) -> Client:
        """`syncagent run` in the background; returns when it answers."""
        with (self.folder / "daemon.log").open("ab") as log:
            self._daemon = subprocess.Popen(
                [*PROGRAM, "--config", str(self.config), "run"], stdout=log, stderr=log, cwd=ROOT
            )
        client: Client = wait_for(lambda: connect(self.folder / "store"), "the daemon")
        return client

    @property
    def daemon(self) -> psutil.Process:
        """The daemon's process."""
        assert self._daemon is not None
        return psutil.Process(self._daemon.pid)

    def stop_daemon(self) -> None:
        """End it in order."""
        if self._daemon is not None:
            self._daemon.terminate()
            self._daemon.wait()
            self._daemon = None


def wait_for(found: Callable[[], Any], what: str, seconds: float = 60.0) -> Any:
    """Ask until there is an answer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := found():
            return answer
        time.sleep(0.02)
    raise TimeoutError(f"waited in vain for {what}")
