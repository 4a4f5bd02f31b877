"""SA-7xxx: daemon, jobs, local API and CLI."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {}
