"""Access databases (.mdb, .accdb), read from a copy.

`copying` makes the copy, `mdbtools` reads it where there is no Windows, `driver` where there is,
`rows` turns lines of mdbtools into values when asked, `source` makes passes of them.
"""

from __future__ import annotations

from agent.contract import Kind
from connectors.access.options import AccessConnection, AccessOptions
from connectors.access.source import AccessSource

__all__ = ["KIND", "AccessConnection", "AccessOptions", "AccessSource"]

KIND = Kind(
    name="access",
    summary="A Microsoft Access database file (.mdb, .accdb)",
    connection=AccessConnection,
    source=AccessSource,
    source_options=AccessOptions,
)
