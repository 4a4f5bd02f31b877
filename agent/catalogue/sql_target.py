"""SA-5301 to SA-5319: targets that write into a database."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5301": Explanation(
        "The database holds a value already that must be unique",
        "A unique index or a primary key refused the record, and `look_up` does not find it there: "
        "another record has the same value. Somebody else may have been given the same number at "
        "the same moment, so it is tried three times more before it is parked.",
        "Compare the database's words with the record. Correct either, or give `look_up` a "
        "question that finds it; then retry it.",
    ),
    "SA-5302": Explanation(
        "The database does not want this record",
        "A value does not fit its column, a rule of the database (a constraint, a trigger, an "
        "error raised by a procedure) forbids it, or the driver cannot send a value. Everything of "
        "the record's transaction was undone.",
        "Correct the record or the statement; the line shows the database's own words. Then retry "
        "it.",
    ),
    "SA-5303": Explanation(
        "The database is busy",
        "A deadlock, a row that another program holds, or a full disk or log. Everything of the "
        "record's transaction was undone. A lock keeps only this record waiting.",
        "Nothing: it is written again by itself. If it lasts, look for the program that holds the "
        "rows, or for the space that is missing.",
    ),
    "SA-5304": Explanation(
        "Whether the database kept the record is not known",
        "The connection broke, or the database said something unexpected, while the transaction "
        "was being committed.",
        "Nothing where the flow has a `look_up`: the database is asked, and the record is written "
        "only if it is not there. Otherwise the record waits for you: look in the database, then "
        "confirm or retry it.",
    ),
    "SA-5305": Explanation(
        "The record was found more than once",
        "A question of `look_up` answered rows with different numbers: two customers with the same "
        "VAT number, or an order that is there twice.",
        "Leave one of them in the database, or make the question stricter, then retry it.",
    ),
    "SA-5306": Explanation(
        "The database told no number",
        "`reference`, or the statement that `returns` the number, answered no row or an empty "
        "value. Everything of the record's transaction was undone.",
        "Correct the question against the database, or leave it out where numbers are given "
        "later; then retry it.",
    ),
    "SA-5307": Explanation(
        "What was written is not found by look_up",
        "Right after `write`, in the same transaction, none of the questions of `look_up` found "
        "the record, or they found another one. In doubt they would say that it is not there, and "
        "it would be written twice. So everything was undone. A customer with neither VAT number "
        "nor e-mail can be found by neither.",
        "Correct `look_up`: it must find the record by what `write` has stored, also before "
        "another program of the ERP has worked on it. A last question by the shop's own key, kept "
        "in some column, finds every record. Then retry it.",
    ),
    "SA-5308": Explanation(
        "A record that was written has changed",
        "It stands in the database already, and the flow has no `update` statements.",
        "Enter the change by hand and confirm it, or give `update` statements and retry it.",
    ),
    "SA-5309": Explanation(
        "A record that was written is gone at the source",
        "It stands in the database, and the flow has no `delete` statements.",
        "Delete or cancel it by hand and confirm it, or give `delete` statements and retry it.",
    ),
    "SA-5310": Explanation(
        "A statement had no effect",
        "An INSERT, UPDATE or MERGE touched no row: the row to be changed is not there, or an "
        "INSERT ... SELECT found nothing to insert. Everything of the record's transaction was "
        "undone.",
        "Find out which value matches nothing. Where that is no failure, say `may_touch_none` at "
        "the statement. Then retry it.",
    ),
    "SA-5311": Explanation(
        "The file is not journaled",
        "Db2 for i writes inside a transaction to journaled files only (SQL7008).",
        "Start journaling for the file (STRJRNPF). Where that cannot be, set `isolation: none`, or "
        "add `WITH NC` to the statement and say `commits`: then nothing is undone after a failure.",
    ),
    "SA-5312": Explanation(
        "The connection may not write",
        "`statements` of the connection lets nothing but SELECT through.",
        "Give the target a connection of its own, with `statements: all` and a user that may write "
        "to these files and no others.",
    ),
}
