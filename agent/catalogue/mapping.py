"""SA-3xxx: mapping and validation of rows.

30xx are found before anything runs; 31xx refuse one row by a rule, 32xx by an expression, 33xx by
a hook; 34xx keep a record back that a person may let through.
"""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-3001": Explanation(
        "The mapping names a field that the entity does not have",
        "Most often a slip of the pen. An entity's fields are fixed, so that a typo cannot become "
        "a field of its own that the shop ignores.",
        "Take the name from the reference page of the entities, or put the field under "
        "`attributes`, where any name will do.",
    ),
    "SA-3002": Explanation(
        "A required field is not mapped",
        "The entity cannot do without this field, and no hook is there that could fill it in.",
        "Map it from a column, an expression or a constant (`value:`).",
    ),
    "SA-3003": Explanation(
        "An option of a field cannot be used",
        "The option does not go with the field's type, contradicts another one, or its value is "
        "not of the right form.",
        "The message names the option. Leave it out or change `type`.",
    ),
    "SA-3004": Explanation(
        "A pattern is not a regular expression",
        "`pattern` is a regular expression as Python's `re` module reads it.",
        "Correct the pattern; in YAML put it in single quotes, so that backslashes stay.",
    ),
    "SA-3005": Explanation(
        "An expression cannot be read",
        "The text is not a Jinja2 expression, uses a filter that does not exist here, or names "
        "something other than `row` and `value`.",
        "Write columns as `row.COLUMN`. docs/mapping.md lists the filters. What does not fit "
        "belongs into a hook.",
    ),
    "SA-3006": Explanation(
        "A field's type contradicts the entity",
        "The entity says which type the field has on its way to the shop.",
        "Leave `type` out: the entity's own type is then used.",
    ),
    "SA-3007": Explanation(
        "The source lacks a column that the mapping reads",
        "The column was renamed or dropped, or its name is written differently: letters' case "
        "counts.",
        "`syncagent preview` shows the columns that the source has.",
    ),
    "SA-3008": Explanation(
        "A table of values cannot be read",
        "The file of `values_file` is missing, has another encoding or delimiter than declared, "
        "a row without exactly two columns, or gives one value two meanings.",
        "The message names the row. Declare `encoding` and `delimiter` as the file has them.",
    ),
    "SA-3009": Explanation(
        "A hook cannot be loaded",
        "The file is missing, is not Python, fails when loaded, or has no function `map_row`.",
        "Define `def map_row(row: dict, record: dict) -> dict | None` at the file's top level.",
    ),
    "SA-3010": Explanation(
        "An entity does not exist",
        "A flow carries one of the entities that the shop knows.",
        "Take one of those that the message lists.",
    ),
    "SA-3011": Explanation(
        "A date format cannot be used",
        "The format has a directive that is not known here, one of them twice, or does not give a "
        "whole date.",
        "Use %d %m %Y %y %H %M %S %f, or one of CYYMMDD, YYYYMMDD, YYMMDD, HHMMSS, HHMM.",
    ),
    "SA-3101": Explanation(
        "A required value is empty",
        "The column is NULL, blank, or holds a value that is declared to mean empty.",
        "Fill it in at the source, or declare a `default`.",
    ),
    "SA-3102": Explanation(
        "A value is not a number",
        "The text is not written with the declared marks, the number is not finite, has too many "
        "digits, or has a fraction where an integer is wanted. Marks are never guessed: 1.234 may "
        "be one thousand or one point two.",
        "Declare `decimal_mark` and `group_mark` as the source writes them, or correct the value.",
    ),
    "SA-3103": Explanation(
        "A decimal has too many digits after the mark",
        "Cutting digits off would change the value.",
        "Raise `scale`, or allow rounding half up with `round: true`.",
    ),
    "SA-3104": Explanation(
        "A value is neither true nor false",
        "Only declared words mean true or false; without a declaration `true`, `1`, `false`, `0`.",
        "Declare the source's words under `true` and `false`.",
    ),
    "SA-3105": Explanation(
        "A value is not a date or a time",
        "It is not written in a declared format (ISO 8601 without one), or the day does not exist.",
        "Declare `format`. Where 0 or 9999999 mean no date: `null_values: SENTINEL_DATES`.",
    ),
    "SA-3106": Explanation(
        "A value is not a text",
        "The column holds bytes, bytes of another code page than declared, or half a character.",
        "Declare the column's code page with `encoding`.",
    ),
    "SA-3107": Explanation(
        "A value is not in the table of values",
        "`values` or `values_file` has no entry for it.",
        "Add the entry, or say with `values_default` what becomes of unknown values.",
    ),
    "SA-3108": Explanation(
        "A value is too small, too large, too early or too late",
        "The field's `min` or `max` excludes it.",
        "Correct the value at the source, or move the limit.",
    ),
    "SA-3109": Explanation(
        "A text is too short or too long",
        "The field's `min_length` or `max_length` excludes it. Without `max_length` a text may "
        "have 1,048,576 characters.",
        "Correct the text at the source, or move the limit.",
    ),
    "SA-3110": Explanation(
        "A text does not match its pattern",
        "The field's `pattern` has to match the whole text.",
        "Correct the text at the source, or the pattern.",
    ),
    "SA-3111": Explanation(
        "A value is too large",
        "One value may have 1,048,576 characters. More is most often a file that lost its line "
        "ends, or a picture in a text column.",
        "Correct the source, or leave the column out of the mapping.",
    ),
    "SA-3112": Explanation(
        "A value is not JSON",
        "A field of type json or object holds text that is not JSON, or cannot become JSON.",
        "Correct the value at the source.",
    ),
    "SA-3113": Explanation(
        "A value has the wrong shape",
        "A list, an object or child rows were wanted; or an element holds a field that the entity "
        "does not have.",
        "The message names the place. Child rows are declared at the source.",
    ),
    "SA-3114": Explanation(
        "A value is not what `check` says it is",
        "It does not have the form of a VAT number, a tax code, an e-mail address, a GTIN or an "
        "IBAN: characters are missing, too many, or not of the kind that belongs there.",
        "Correct the value at the source. Where the column holds other things too, leave `check` "
        "out.",
    ),
    "SA-3115": Explanation(
        "A check digit does not fit",
        "A VAT number, a tax code, a GTIN or an IBAN says by its check digits that one of its "
        "characters is wrong. Which one, nobody can tell: the one that the message names is the "
        "last.",
        "Ask whoever entered it, and correct the value at the source.",
    ),
    "SA-3201": Explanation(
        "An expression fails on a row",
        "An operation does not go with the row's values: text with a number, NULL with anything, "
        "a division by zero. Or a condition gives something other than true or false.",
        "Turn text into numbers with `| decimal`; fill NULL with `| default(0, true)`.",
    ),
    "SA-3202": Explanation(
        "An expression goes beyond what it may do",
        "Expressions run in a sandbox: no attributes but columns and a few methods of text, no "
        "texts above 1 MiB, no powers above 4,096 bits.",
        "What needs more belongs into a hook.",
    ),
    "SA-3401": Explanation(
        "A line of an order is not its quantity times its price",
        "The line's total differs from quantity, price and discount by more than the tolerance of "
        "`totals`. The order was taken over and is kept back.",
        "Correct it in the shop: the corrected order takes its place. Where it is right as it is: "
        "`syncagent orders accept ORDER --reason TEXT`. Where all orders are off, the mapping of "
        "prices or `vat_included` does not fit the shop.",
    ),
    "SA-3402": Explanation(
        "The lines of an order do not add up to its total",
        "Most often shipping, a fee or a discount that is no line: name the attribute that holds "
        "it under `totals`, as `plus` or `minus`. Or a line is missing, or a price was changed.",
        "As for SA-3401: correct it in the shop, or `syncagent orders accept`.",
    ),
    "SA-3403": Explanation(
        "The VAT of an order is not that of its lines",
        "Recomputed line by line, and rate by rate, it differs by more than the tolerance: a wrong "
        "rate at a line, or VAT charged to a customer who pays none.",
        "As for SA-3401: correct it in the shop, or `syncagent orders accept`.",
    ),
    "SA-3404": Explanation(
        "The total of an order is not its net total and its VAT",
        "The order's own totals contradict each other by more than the tolerance.",
        "As for SA-3401: correct it in the shop, or `syncagent orders accept`.",
    ),
    "SA-3405": Explanation(
        "An order cannot be added up",
        "`totals` is on, and a line has neither price nor total, an attribute under `plus` or "
        "`minus` is no number, or the order has no total to compare with.",
        "Map the missing fields, or leave `totals` out. A single order is sent as it is by "
        "`syncagent orders accept`.",
    ),
    "SA-3301": Explanation(
        "A hook fails on a row",
        "`map_row` raised an error; the message names file and line.",
        "Correct the hook. Rows that it refused are mapped again as soon as the file changes.",
    ),
    "SA-3302": Explanation(
        "A hook returns something that is no record",
        "`map_row` returns the record's data with the entity's fields, or None to leave the row "
        "out.",
        "Return the `record` that was given, changed as needed.",
    ),
}
