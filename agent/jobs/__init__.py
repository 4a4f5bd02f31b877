"""Jobs: requests to run a flow, and the queue that has them done."""

from agent.jobs.pausing import BY_SHOP, pause_in_words, require_awake
from agent.jobs.queue import COMPARES, PASSING, PRIORITY, SURVIVING, JobQueue
from agent.jobs.rhythm import Rhythm, Timetable
from agent.jobs.systems import Systems

__all__ = [
    "BY_SHOP",
    "COMPARES",
    "PASSING",
    "PRIORITY",
    "SURVIVING",
    "JobQueue",
    "Rhythm",
    "Systems",
    "Timetable",
    "pause_in_words",
    "require_awake",
]
