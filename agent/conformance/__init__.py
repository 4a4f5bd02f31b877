"""Whether a vendor's server keeps the shop protocol: one check for each thing that must hold.

`suite` runs the checks against a server and cleans up; `visitor` speaks to it; each other module
holds the checks of one chapter of docs/shop-protocol/README.md.
"""

from __future__ import annotations

from agent.conformance.suite import CHAPTERS, Outcome, Report, examine
from agent.conformance.visitor import Login, Visitor

__all__ = ["CHAPTERS", "Login", "Outcome", "Report", "Visitor", "examine"]
