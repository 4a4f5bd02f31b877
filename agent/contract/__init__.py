"""All that a connector may know: Options, Batch, Source, Target, Kind.

A connector never retries, remembers, sleeps, logs a secret or knows our database. It raises
`Unavailable` (wait and repeat), `Rejected` (park this one) or `Misconfigured` (a person must act).
A kind is a module `connectors/<name>.py` that ends with one `KIND = Kind(...)`, plus one line in
`connectors.KINDS`.
"""

from __future__ import annotations

from agent.contract.batch import Batch, BlockDigest, BlockDigests, KeyDigest, LazyRows
from agent.contract.calls import Arrival, Command, Commands, Listening, Receiver
from agent.contract.connector import Closing, Connector
from agent.contract.finding import Finding
from agent.contract.kind import AnyCommands, AnyReceiver, AnySource, AnyTarget, Kind, Preset, can
from agent.contract.options import NoOptions, Options
from agent.contract.source import Event, Inbox, Source
from agent.contract.target import Bindings, Doubt, Gate, Target
from agent.quantities import Duration, Share, Size

__all__ = [
    "AnyCommands",
    "AnyReceiver",
    "AnySource",
    "AnyTarget",
    "Arrival",
    "Batch",
    "Bindings",
    "BlockDigest",
    "BlockDigests",
    "Closing",
    "Command",
    "Commands",
    "Connector",
    "Doubt",
    "Duration",
    "Event",
    "Finding",
    "Gate",
    "Inbox",
    "KeyDigest",
    "Kind",
    "LazyRows",
    "Listening",
    "NoOptions",
    "Options",
    "Preset",
    "Receiver",
    "Share",
    "Size",
    "Source",
    "Target",
    "can",
]
