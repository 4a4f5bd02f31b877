"""SA-203x: Excel workbooks. SA-204x: Access databases."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-2031": Explanation(
        "A workbook is protected by a password",
        "The workbook is encrypted. The agent knows no passwords of workbooks.",
        "Let it be saved without a password to open it, then drop it again.",
    ),
    "SA-2032": Explanation(
        "A file is no workbook, or a damaged one",
        "The file cannot be opened as xlsx, xls, xlsb or ods: it was cut off, is of another kind "
        "under such a name (a web page, CSV), or its parts do not fit together.",
        "Open it with the program that made it, or let it be exported again. CSV files under a "
        "name of Excel are read by a connection of the kind `csv`.",
    ),
    "SA-2033": Explanation(
        "A workbook is too large to be unpacked",
        "The directory of the file tells that its parts would be larger than `max_unpacked`, more "
        "than 10,000, or packed more than 300 times. Nothing was unpacked.",
        "Where the workbook is as it should be raise `max_unpacked`; often a sheet holds formats "
        "down to its last row, and a copy of the used cells alone is small.",
    ),
    "SA-2034": Explanation(
        "To parse a workbook takes too much",
        "The process that parses it ran out of `memory` or of `patience`, or was ended by a fault "
        "that a damaged file provoked. Nothing else was harmed.",
        "Where the workbook is as it should be raise `memory` or `patience`. A single cell far "
        "down and to the right makes a sheet very large: delete what is not used.",
    ),
    "SA-2035": Explanation(
        "The sheet is not there",
        "The workbook has no sheet of that name or number; its sheets are named in the message.",
        "Correct `sheet`, or the export. A number counts from 1.",
    ),
    "SA-2036": Explanation(
        "A cell holds an error",
        "A formula could not be computed (#N/A, #DIV/0!, #REF! and others). What stands there is "
        "not empty but unknown, so the row is not taken over.",
        "Correct the formula. The row stays parked until the workbook comes with a value.",
    ),
    "SA-2041": Explanation(
        "The Access database cannot be reached",
        "The file is not there, its share does not answer, or there is no room for the copy that "
        "is read.",
        "Check the path and the share; the run is repeated by itself. The copy needs as much room "
        "in the system's temporary folder as the database is large.",
    ),
    "SA-2042": Explanation(
        "The agent may not read the Access database",
        "The service's user has no right to read the file, or to enter a folder above it.",
        "Grant read on the file. No right to write is needed, not even on the folder.",
    ),
    "SA-2043": Explanation(
        "The Access database changed while it was copied",
        "Somebody wrote to it meanwhile, so the copy may be half of the old state and half of the "
        "new.",
        "Nothing: the run is repeated. Where it never passes, read the database when less is "
        "written, with a schedule.",
    ),
    "SA-2044": Explanation(
        "What reads Access databases is not installed",
        "On Linux the programs of mdbtools read them, on Windows the Microsoft Access ODBC driver.",
        "Linux: install the package `mdbtools`. Windows: install the Microsoft Access Database "
        "Engine, 64 bits for a Python of 64 bits.",
    ),
    "SA-2045": Explanation(
        "A copy cannot be read as an Access database",
        "The database is encrypted or damaged, is of another kind, was in the middle of being "
        "written, or not every row came that its table should have. Nothing is deleted because of "
        "it.",
        "Where it does not pass, open the database in Access and repair it (Database Tools, "
        "Compact and Repair), or remove its password.",
    ),
    "SA-2046": Explanation(
        "The table is not in the Access database",
        "There is no table of that name. Linked tables are not in the file, and queries can be "
        "read on Windows only.",
        "Correct `table`: the message names those that are there. Read a linked table where it "
        "really is.",
    ),
    "SA-2048": Explanation(
        "A row of an Access table cannot be read",
        "A value is not what its type promises, such as a date before the year 1.",
        "Look at the row in Access. It stays parked until it can be read.",
    ),
}
