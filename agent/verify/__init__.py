"""Does the other side hold what it should: compared by digests, or by reading it back."""

from agent.verify.comparison import DIFFERENT, EXTRA, MISSING, Difference, Outcome, compare
from agent.verify.expected import Expected
from agent.verify.repair import Repair, repair
from agent.verify.replay import Replayed, replay
from agent.verify.verifier import SCOPE, Verifier, as_dict, in_step

__all__ = [
    "DIFFERENT",
    "EXTRA",
    "MISSING",
    "SCOPE",
    "Difference",
    "Expected",
    "Outcome",
    "Repair",
    "Replayed",
    "Verifier",
    "as_dict",
    "compare",
    "in_step",
    "repair",
    "replay",
]
