"""Why a workbook cannot be used, as the child tells it."""

from __future__ import annotations


class Refusal(Exception):
    """Becomes `Rejected` in the parent: the child knows nothing of the agent."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
