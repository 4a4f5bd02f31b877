"""Jobs as people see them: what is being done, what waits, what runs by itself next."""

from __future__ import annotations

from agent.api.engine import Engine
from agent.api.operation import Answer
from agent.errors import Rejected


def jobs(engine: Engine) -> Answer:
    """What is being done with an estimate, what waits, and what runs by itself next."""
    return engine.jobs()


def cancel(engine: Engine, by: str, job: int = 0, flow: str = "") -> Answer:
    """Take back a job that waits, or end the one that is being done, of that number or flow."""
    if not engine.cancel(job, flow, by):
        what = f"job {job}" if job else f"no job of {flow}"
        raise Rejected(
            "SA-7105", f"{what} neither waits nor is being done", hint="syncagent jobs list"
        )
    return {"job": job or None, "flow": flow or None}
