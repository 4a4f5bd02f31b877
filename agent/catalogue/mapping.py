"""SA-3xxx: mapping and validation of rows."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {}
