"""Why a record is, or is not, on the other side: its whole way, and one plain sentence."""

from agent.explain.explanation import Explanation, explain
from agent.explain.facts import Facts, Surroundings, gather
from agent.explain.sentences import LANGUAGES, Language, language_of
from agent.explain.there import There, differing_fields

__all__ = [
    "LANGUAGES",
    "Explanation",
    "Facts",
    "Language",
    "Surroundings",
    "There",
    "differing_fields",
    "explain",
    "gather",
    "language_of",
]
