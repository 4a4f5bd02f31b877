"""Starts and stops the agent as a process of its own: for the demo and for tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from tenacity import Retrying, retry_if_result, stop_after_delay, wait_fixed

from agent.api.client import Client, connect

T = TypeVar("T")
STEP = 0.005
STOP_SECONDS = 30.0


class AgentProcess:
    """`syncagent run` on one configuration. `state` is the folder of its store."""

    def __init__(
        self, config: Path, state: Path, log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.config = config
        self.state = state
        self.log = log
        self._environment = dict(environment or {})
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process's number; 0 while it is down."""
        return self._process.pid if self._process else 0

    def lives(self) -> bool:
        """Whether it runs, as far as it was started."""
        return self._process is None or self._process.poll() is None

    def launch(self) -> subprocess.Popen[bytes]:
        """Start it and do not wait."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "agent.cli", "--config", str(self.config), "run"],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **self._environment},
            )
        return self._process

    def start(self) -> Client:
        """Start it and return when it answers."""
        self.launch()
        return self.until(lambda: connect(self.state), "the agent answers")

    def stop(self) -> None:
        """End it in order, as a service manager would."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=STOP_SECONDS)
            self._process = None

    def kill(self) -> None:
        """End it as a power cut would: SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def until(self, happens: Callable[[], T | None], what: str, seconds: float = 30.0) -> T:
        """Wait for something true; raises TimeoutError with what the agent says of itself."""
        attempts = Retrying(
            retry=retry_if_result(lambda found: not found and self.lives()),
            stop=stop_after_delay(seconds),
            wait=wait_fixed(STEP),
            retry_error_callback=lambda _: None,
        )
        if found := attempts(happens):
            return found
        tail = self.log.read_text(encoding="utf-8")[-3000:] if self.log.exists() else ""
        client = connect(self.state)
        status = client.ask("status") if client else "the agent does not answer"
        raise TimeoutError(f"waited in vain until {what}\n{status}\n{tail}")
