"""Why a record is, or is not, on the other side: its whole way, and one plain sentence."""

from agent.explain.explanation import Explanation, explain
from agent.explain.facts import Facts, Surroundings, gather
from agent.explain.there import There, differing_fields

__all__ = [
    "Explanation",
    "Facts",
    "Surroundings",
    "There",
    "differing_fields",
    "explain",
    "gather",
]
