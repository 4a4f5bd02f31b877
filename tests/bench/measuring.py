"""One measurement: a process from its start to its end, or a stretch of work in this one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LAUNCHER = Path(__file__).with_name("launcher.py")


@dataclass(frozen=True)
class Measured:
    """Wall and CPU seconds, the peak of resident memory, and whatever else there is to tell."""

    seconds: float
    cpu: float = 0.0
    peak_mb: float = 0.0
    more: Mapping[str, float] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def run(
    command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
) -> tuple[Measured, str]:
    """Run a process to its end; what it cost (it alone, not its children) and what it printed."""
    log.parent.mkdir(parents=True, exist_ok=True)
    cost = log.with_suffix(".cost")
    with log.open("w+", encoding="utf-8") as output:
        ended = subprocess.run(
            [sys.executable, "-I", "-S", str(LAUNCHER), str(cost), *command],
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            # An installed program has its bytecode; without it every start compiles everything.
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", **(environment or {})},
            check=False,
        )
        output.seek(0)
        said = output.read()
    if ended.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {ended.returncode}\n{said[-3000:]}")
    return Measured(**json.loads(cost.read_text())), said


def run_bare(limit: str, *arguments: str, log: Path) -> Measured:
    """A bare limit in a process of its own; its start is not counted."""
    process, said = run([sys.executable, "-m", "tests.bench.limits", limit, *arguments], log)
    inside = json.loads(said)
    return Measured(inside["seconds"], inside["cpu"], process.peak_mb)


def stretch(work: Callable[[], object]) -> Measured:
    """What some work costs in this process."""
    started, cpu = time.perf_counter(), time.process_time()
    work()
    return Measured(time.perf_counter() - started, time.process_time() - cpu)
