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
}
