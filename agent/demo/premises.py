"""The demo's premises: a folder with ERP, drop folder, shop and configuration, and the agent."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any, Self, TypeVar

from tenacity import Retrying, retry_if_result, stop_after_delay, wait_fixed

from agent.api.client import Client, connect
from agent.demo import erp
from agent.demo.certificates import create_certificates
from agent.demo.shop import ShopProcess

T = TypeVar("T")
TOKEN = "demo-token"  # noqa: S105 - of a throw-away shop on loopback
STEP = 0.005


class Premises:
    """Everything of the demo in one folder. Use as a context: leaving it ends the processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.erp = folder / "erp.db"
        self.drops = folder / "drops"
        self.config = folder / "config.yaml"
        self.log = folder / "agent.log"
        erp.create(self.erp)
        self.drops.mkdir()
        self.shop = ShopProcess(
            folder / "shop.db",
            create_certificates(folder / "certificates"),
            secrets={"SHOP_TOKEN": TOKEN},
            faults=True,
        )
        self._agent: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.shop.start()
        template = files("agent.demo").joinpath("config.yaml").read_text(encoding="utf-8")
        self.config.write_text(template.replace("SHOP_URL", self.shop.url), encoding="utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_agent()
        self.shop.stop()

    def start_agent(self) -> Client:
        """Start the daemon and return when it answers."""
        with self.log.open("ab") as log:
            self._agent = subprocess.Popen(
                [sys.executable, "-m", "agent.cli", "--config", str(self.config), "run"],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env={**os.environ, "DEMO_SHOP_TOKEN": TOKEN},
            )
        return self.until(lambda: connect(self.folder), "the agent answers")

    def _agent_lives(self) -> bool:
        return self._agent is None or self._agent.poll() is None

    def stop_agent(self) -> None:
        """End the daemon in order, as a service manager would."""
        if self._agent is not None:
            self._agent.terminate()
            self._agent.wait(timeout=30)
            self._agent = None

    def kill_agent(self) -> None:
        """End the daemon as a power cut would: SIGKILL."""
        if self._agent is not None:
            self._agent.kill()
            self._agent.wait()
            self._agent = None

    def until(self, happens: Callable[[], T | None], what: str, seconds: float = 30.0) -> T:
        """Wait for something true; raises TimeoutError with the end of the agent's log."""
        attempts = Retrying(
            retry=retry_if_result(lambda found: not found and self._agent_lives()),
            stop=stop_after_delay(seconds),
            wait=wait_fixed(STEP),
            retry_error_callback=lambda _: None,
        )
        if found := attempts(happens):
            return found
        tail = self.log.read_text(encoding="utf-8")[-2000:] if self.log.exists() else ""
        client = connect(self.folder)
        status = client.ask("status") if client else "the agent does not answer"
        raise TimeoutError(f"waited in vain until {what}\n{status}\n{tail}")


def pending(client: Client) -> int:
    """How many messages are on their way."""
    status: dict[str, Any] = client.ask("status")
    return sum(int(flow["pending"]) for flow in status["flows"])


def quiet(client: Client) -> bool:
    """Whether every flow has run at least once and nothing is on its way."""
    status: dict[str, Any] = client.ask("status")
    return all(
        flow["last_good_run_at"] and not flow["pending"] for flow in status["flows"]
    ) and all(not target["in_flight"] for target in status["targets"])
