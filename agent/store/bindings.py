"""Under which ids of its own a target has our records."""

from __future__ import annotations

from collections.abc import Sequence

import apsw

from agent.store.database import Database
from agent.store.names import enter_target, target_number


class Bindings:
    """Target, entity, key → the id there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reference(self, target: str, entity: str, key: str) -> str:
        """The target's own id of the record; "" when it never told one."""
        return self.references(target, entity, [key]).get(key, "")

    def references(self, target: str, entity: str, keys: Sequence[str]) -> dict[str, str]:
        """Key → the target's own id, for those records that it told one of."""
        if not keys:
            return {}
        return dict(
            self._database.rows(
                "SELECT key, reference FROM carray(?) AS wanted CROSS JOIN binding"
                " ON target = ? AND entity = ? AND key = wanted.value",
                (apsw.carray(tuple(keys)), target_number(self._database, target), entity),
            )
        )

    def bind(
        self,
        target: str,
        entity: str,
        bindings: Sequence[tuple[str, str]],
        *,
        unless_told: bool = False,
    ) -> None:
        """The target has the records of these keys under these ids of its own, (key, id).

        `unless_told`: an id that it told before stands.
        """
        otherwise = "IGNORE" if unless_told else "REPLACE"
        with self._database.transaction():
            number = enter_target(self._database, target)
            self._database.write_many(
                f"INSERT OR {otherwise} INTO binding VALUES (?, ?, ?, ?)",
                ((number, entity, key, reference) for key, reference in bindings),
            )

    def unbind(self, target: str, entity: str, keys: Sequence[str]) -> None:
        """Forget the target's own ids of these records: it was set back to before it gave them."""
        if keys:
            with self._database.transaction():
                self._database.write(
                    "DELETE FROM binding WHERE target = ? AND entity = ?"
                    " AND key IN (SELECT value FROM carray(?))",
                    (target_number(self._database, target), entity, apsw.carray(tuple(keys))),
                )
