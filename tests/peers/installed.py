"""Real shops and ERPs: programs of their own, installed outside the project and its environment.

`make shops` installs them: Python programs in a virtual environment each, Node programs in a
folder each, below `SYNCAGENT_TEST_SHOPS` or `~/.cache/syncagent-tests/shops`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers.process import alive

HOME = Path(
    os.environ.get("SYNCAGENT_TEST_SHOPS") or Path.home() / ".cache" / "syncagent-tests" / "shops"
)
PATIENCE = 90.0


@dataclass(frozen=True)
class Program:
    """One shop or ERP: its packages, pinned, and where its own files lie."""

    name: str
    packages: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where it is installed."""
        return HOME / self.name

    @property
    def site(self) -> Path:
        """Settings and seeds that are ours."""
        return Path(__file__).parent / self.name / "site"

    @property
    def python(self) -> Path:
        """The interpreter of its environment."""
        return self.folder / "venv" / "bin" / "python"

    @property
    def seeded(self) -> Path:
        """What is copied for each run: the database as it is after installation."""
        return self.folder / "seeded"

    @property
    def made_of(self) -> str:
        """Everything that an installation depends on, as text."""
        ours = {path.name: path.read_text() for path in sorted(self.site.iterdir())}
        return json.dumps([self.packages, ours], indent=1)

    @property
    def stamp(self) -> Path:
        """Written last: what the installation is made of."""
        return self.folder / "installed.json"

    @property
    def missing(self) -> str:
        """Why it cannot be run; "" where it can."""
        if not self.stamp.exists():
            return f"{self.name} is not installed: make shops"
        if self.stamp.read_text() != self.made_of:
            return f"{self.name} is installed in another version: make shops"
        return ""

    def run(
        self, command: Sequence[str | Path], cwd: Path, env: Mapping[str, str] | None = None
    ) -> str:
        """Run to the end; a failure shows the program's own words."""
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=_environment(env),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            raise RuntimeError(f"{command} failed\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
        return done.stdout

    @contextmanager
    def serving(
        self,
        command: Sequence[str | Path],
        cwd: Path,
        ready: str,
        env: Mapping[str, str] | None = None,
    ) -> Iterator[None]:
        """Its server, from the moment it answers at `ready` until the block ends."""
        log = cwd / "server.log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                [str(part) for part in command],
                cwd=cwd,
                env=_environment(env),
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
            )
        try:
            deadline = time.monotonic() + PATIENCE
            while not _answers(ready):
                if time.monotonic() > deadline or not alive(server.pid):
                    raise TimeoutError(f"{self.name} does not start\n{log.read_text()[-3000:]}")
                time.sleep(0.1)
            yield
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _environment(more: Mapping[str, str] | None) -> dict[str, str]:
    """Ours, without what belongs to the interpreter of the tests."""
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    return inherited | dict(more or {})


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True  # it speaks
    except OSError:
        return False


def make_environment(program: Program) -> None:
    """A virtual environment with the program's packages."""
    program.folder.mkdir(parents=True, exist_ok=True)
    program.run([sys.executable, "-m", "venv", "--clear", "venv"], program.folder)
    pip = [program.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    program.run([*pip, *program.packages], program.folder)
