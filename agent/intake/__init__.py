"""One job: read, map, detect, commit, settle."""

from __future__ import annotations

from agent.intake.intake import Intake
from agent.intake.lookups import LookupPlan
from agent.intake.pace import Cancelled, Pace, Pause
from agent.intake.plan import FlowPlan, IntakeLimits, Task
from agent.intake.preview import PreviewRow, preview
from agent.intake.reserved import ReservedSource, ReservedStock, Reserving
from agent.intake.run import RunResult

__all__ = [
    "Cancelled",
    "FlowPlan",
    "Intake",
    "IntakeLimits",
    "LookupPlan",
    "Pace",
    "Pause",
    "PreviewRow",
    "ReservedSource",
    "ReservedStock",
    "Reserving",
    "RunResult",
    "Task",
    "preview",
]
