"""What all files in a drop folder have in common, whatever their format.

`folder` finds, claims, archives and quarantines files; `options` is what the configuration says
about that; `source` makes passes of them; `rows` holds rows of which some cannot be read;
`watching` wakes on events. A format is a subclass of `DropSource` with one method:

    class JsonLinesSource(DropSource[JsonLinesOptions]):  # JsonLinesOptions(DropOptions)
        def table(self, file: BinaryIO) -> Table:
            objects = enumerate(map(json.loads, file), 1)
            rows = ((number, (item.get("sku"), item.get("name"))) for number, item in objects)
            return Table(("sku", "name"), stretches(rows, "line {}"))

    KIND = Kind("jsonlines", "…", DropConnection, JsonLinesSource, JsonLinesOptions)

`file` is open for reading in binary and stands at its start; `file.name` is its path, for libraries
and children that open a file themselves. The room closes `file`. What else a format holds open (a
child process, a temporary file) it lets go of in a `close` of its own, which may be called in the
middle of a file, at its end and again; after it the rest of `stretches` is not asked for any more.

`Table.columns` names the columns; `Table.stretches` gives a `Stretch` (some rows, where each one
stands, and digests of their raw form where that is cheaper than parsing) at a time, at most some
10,000 rows each, so that no file is held in memory. `stretches()` makes them from a plain iterator
of (number, row). A row that cannot be read is a `Rejected` in its place. Raise `Rejected`, from
`table` or while iterating, for a file that cannot be used: it goes to the quarantine, at once. The
key columns come as they are, with types: the room compares keys as the engine does.

`companions` of a format names the suffixes of files that belong to a file (`.fpt` beside `.dbf`):
such a file lies beside `file.name` under its very name, with its suffix in small letters.

The content's digest covers all options of the flow, so a file that is to be read differently is
read again. A file whose content is known is archived without `table` being called.
"""

from __future__ import annotations

from connectors._drop.folder import DropFolder, name_of
from connectors._drop.options import DropConnection, DropOptions, Encoding
from connectors._drop.rows import Rows, Stretch, Table, column_names, stretches
from connectors._drop.source import DropSource

__all__ = [
    "DropConnection",
    "DropFolder",
    "DropOptions",
    "DropSource",
    "Encoding",
    "Rows",
    "Stretch",
    "Table",
    "column_names",
    "name_of",
    "stretches",
]
