"""SA-2021 to SA-2030 and SA-2051 to SA-2053: text and record files in a drop folder, beside CSV."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-2021": Explanation(
        "A record or line of fixed width ends early",
        "It is shorter than the fields that it should hold: the file was cut off, `record_length` "
        "is wrong, or the program that wrote it leaves out blanks at the end of a line.",
        "Look at the file and place named. Where blanks are left out set `pad_lines: yes`; else "
        "correct `record_length` or the export.",
    ),
    "SA-2022": Explanation(
        "A field of fixed width does not hold what its type says",
        "The bytes at this place are no packed, zoned or printed number, or a text holds zero "
        "bytes. Where all records are refused the declared places or types are wrong; where it is "
        "one, the program that wrote it left the field as it was.",
        "Compare `start`, `length`, `type` and `encoding` with the record's description. Where a "
        "number may never have been filled in, set `blank_is_empty: yes`.",
    ),
    "SA-2023": Explanation(
        "A record of fixed width is not followed by a line end",
        "`line_ends` says that each record is followed by the same line end, and here it is not: "
        "all records behind it would be read at the wrong place, so the file is not used.",
        "Count `record_length` without the line end. Where lines differ in length leave "
        "`record_length` out.",
    ),
    "SA-2024": Explanation(
        "What should be JSON is not",
        "The document, the line or the record breaks the rules of JSON, is no object, or holds a "
        "number beyond all measure. The message names the byte, counted in UTF-8.",
        "Correct the export. JSON has no comments, no NaN and no commas behind the last element.",
    ),
    "SA-2025": Explanation(
        "There are no records where they should be",
        "`records` says where a JSON or XML document holds its records, and there is no such place "
        "in this file. An empty table still has the place.",
        "Compare `records` (and `namespaces`) with the file in the quarantine, correct the flow or "
        "the export, and drop the file again.",
    ),
    "SA-2026": Explanation(
        "A column has no value in any record",
        "A whole table came in which not one of the records looked into has a value for a column "
        "that the flow reads: it was renamed or left out by the export, or misspelt in the flow. "
        "Taken over, it would empty the field in the shop.",
        "Correct `columns` or the export. Where the column may be empty in a whole file name it "
        "under `optional`.",
    ),
    "SA-2027": Explanation(
        "A part of a record is not what the flow takes it for",
        "A column reaches into a value that is no object, child rows are no list, or a part that "
        "is read as one value stands there several times.",
        "Declare repeated parts under `children`; else correct the path or the record.",
    ),
    "SA-2028": Explanation(
        "A document or a record is too large",
        "A JSON document is held in memory as a whole, an XML document record by record; both are "
        "limited by the flow's `max_document` and `max_record`.",
        "Have large exports written as JSON lines; raise the limit where there is memory for it.",
    ),
    "SA-2029": Explanation(
        "What should be XML is not",
        "The document breaks the rules of XML: a tag that is not closed, a character that is not "
        "allowed, an entity that nobody declared, the end in the middle. The message names line "
        "and column.",
        "Correct the export; the file lies in the quarantine.",
    ),
    "SA-2030": Explanation(
        "An XML document declares entities or types",
        "Declarations inside a DOCTYPE can make a small file grow to gigabytes or reach for other "
        "files, so such a document is never read. A DOCTYPE that only names an external DTD is "
        "passed over, and nothing is fetched.",
        "Have the export write characters instead of entities, and no declarations.",
    ),
    "SA-2051": Explanation(
        "A dBase table cannot be used",
        "Its header is that of no dBase III, dBase IV, Clipper or FoxPro table, describes columns "
        "that do not fit its records or are of a type that is not read, or the table or its memo "
        "file was cut off.",
        "Look at the export; the table lies in the quarantine. Have newer formats (dBase 7) and "
        "varying text columns (V, Q) written as dBase IV.",
    ),
    "SA-2052": Explanation(
        "A record of a dBase table cannot be read",
        "A column holds what its type does not allow: letters or asterisks in a number, a date "
        "that does not exist, bytes that the code page does not know, a memo that is not there.",
        "Correct the record in the program that owns the table. Where many are refused for their "
        "letters declare `encoding`; where memos are missing have the .fpt or .dbt dropped with "
        "the table.",
    ),
    "SA-2053": Explanation(
        "A dBase table does not say its code page",
        "The header names none, or one that we do not know, and the flow declares none either. "
        "Accented letters would be guessed.",
        "Declare `encoding` in the flow's source: cp850 or cp437 for a DOS program, cp1252 for one "
        "of Windows. Then move the table back from the quarantine and resume the flow.",
    ),
}
