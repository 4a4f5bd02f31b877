"""The agent's own database: everything it must not forget.

`Store` opens it and holds its parts: agreements, events, flows, history, known, looked_up,
messages, runs, jobs, verifications. All times are unix ms.
"""

from __future__ import annotations

from agent.store.agreements import AgreementRow
from agent.store.alerts import Alert
from agent.store.claims import Claim, Unknown
from agent.store.configurations import ConfigurationRow
from agent.store.events import EventRow, Events
from agent.store.failure import StoreFailed
from agent.store.flows import FlowFields, FlowState
from agent.store.history import LastSent
from agent.store.jobs import Job
from agent.store.known import NOT_KNOWN, KnownRow
from agent.store.kpis import HOUR_MS, HourRow, Subject
from agent.store.looked_up import Entry, LookedUpRow, LookupState
from agent.store.maintenance import Retention
from agent.store.message_rows import Filters, MessageRow
from agent.store.pauses import FlowPause
from agent.store.reservations import Reservations, ReservedLine, ReservedOrder
from agent.store.runs import Outcome, Run
from agent.store.store import Store
from agent.store.timeline import Happening
from agent.store.verifications import Verification

__all__ = [
    "HOUR_MS",
    "NOT_KNOWN",
    "AgreementRow",
    "Alert",
    "Claim",
    "ConfigurationRow",
    "Delivered",
    "Entry",
    "EventRow",
    "Events",
    "Filters",
    "FlowFields",
    "FlowPause",
    "FlowState",
    "Happening",
    "HourRow",
    "Job",
    "KnownRow",
    "LastSent",
    "LookedUpRow",
    "LookupState",
    "MessageRow",
    "Outcome",
    "Reservations",
    "ReservedLine",
    "ReservedOrder",
    "Retention",
    "Run",
    "Store",
    "StoreFailed",
    "Subject",
    "Unknown",
    "Verification",
]
