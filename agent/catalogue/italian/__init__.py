"""Every error code, explained in Italian: each room here has the codes of the room of its name."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation
from agent.catalogue.italian import configuration

ITALIAN: dict[str, Explanation] = {
    **configuration.CODES,
}
"""`SA-nnnn` → what it means and what to do. Commands and options are those of the English text."""
