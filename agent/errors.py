"""The three errors of the engine, sorted by what has to happen next.

Every error carries a stable code `SA-nnnn` (explained in `agent.catalogue` and on a page of its
own in `docs/errors/`), one line that says what is wrong, and a hint that says what to do.
"""

from __future__ import annotations


class SyncError(Exception):
    """What went wrong, for a person: code, reason, hint.

    `untouched`: whoever raises it while delivering is sure that nothing was done on the other side
    for the messages without a receipt (no connection, log-in refused, transaction rolled back).
    """

    def __init__(self, code: str, reason: str, *, hint: str = "", untouched: bool = False) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.hint = hint
        self.untouched = untouched

    def __str__(self) -> str:
        """One line without the hint: `SA-1007 unknown key "tabel"`."""
        return f"{self.code} {self.reason}"


class Unavailable(SyncError):
    """The other side cannot answer now: wait and repeat.

    `retry_after` is the other side's own wish in seconds, where it named one.
    """

    def __init__(
        self,
        code: str,
        reason: str,
        *,
        hint: str = "",
        untouched: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(code, reason, hint=hint, untouched=untouched)
        self.retry_after = retry_after


class Rejected(SyncError):
    """This row, record or batch is refused and stays refused: park it, go on with the others."""


class Misconfigured(SyncError):
    """Nothing will work until a person changes something: halt the flow.

    Authentication failures are of this class and are never retried: on an AS400 a second or third
    wrong password disables the user.
    """
