"""SA-4xxx: change detection and the guard."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-4001": Explanation(
        "The columns of the source changed",
        "A column that the flow reads is gone (dropped or renamed in the database, or missing from "
        "the header of a file) or of another type. Going on would empty or spoil a field of every "
        "record.",
        "If the column was renamed or retyped on purpose, look whether the flow's mapping still "
        "fits. If the file was wrong, put the right one. Then `syncagent resume FLOW`.",
    ),
    "SA-4002": Explanation(
        "A key column is missing",
        "A column named under `key:` is not among the columns that the source delivers.",
        "Correct `key:` of the flow's source; `syncagent preview FLOW` shows the columns.",
    ),
    "SA-4003": Explanation(
        "A row has no key",
        "The key column of this row is empty or null, or holds a NUL or half a character, "
        "which no key can hold. Without a key a record cannot be told from others, and as long as "
        "such a row is there the agent does not delete anything, because the row might be any "
        "record.",
        "Fill or correct the key in the source, or leave such rows out with the flow's `where:`.",
    ),
    "SA-4004": Explanation(
        "A key stands more than once",
        "Two different rows of one pass have the same key. The first one counts, the second is "
        "refused: sending both in turn would make the shop flicker.",
        "Remove the double in the source, or add the column that tells them apart to `key:`.",
    ),
    "SA-4005": Explanation(
        "Most rows are refused",
        "More than half of the rows, and more than a thousand, cannot become records. That is not "
        "a few bad records but a mapping, an encoding or a format that does not fit.",
        "Look at the example in the message, correct the configuration or the file, then "
        "`syncagent resume FLOW`.",
    ),
    "SA-4006": Explanation(
        "A run is held for approval",
        "The run would delete or change more than the flow's guard allows, or a watched price "
        "jumps. An empty export or the wrong database looks just like this. Nothing was sent, and "
        "the flow waits.",
        "Look at it with `syncagent hold list`, then `syncagent hold approve RUN` or "
        "`syncagent hold drop RUN`. A dropped run leaves no trace: the next one looks again.",
    ),
    "SA-4007": Explanation(
        "The source cannot read single keys",
        "This kind of source only yields everything or what changed; one record cannot be asked "
        "for by itself.",
        "Resync the whole flow: `syncagent resync FLOW`. Equal records are not sent again.",
    ),
    "SA-4008": Explanation(
        "The flow has no cursor",
        "`--since` asks for what changed after a moment. Only a source with a cursor column that "
        "holds times, and that was read once, can tell.",
        "Use `syncagent resync FLOW --all`, or name the records with `--key`.",
    ),
    "SA-4009": Explanation(
        "A lookup goes by a column that is not there",
        "`by:` of a lookup names a column that the flow's own rows do not have, so nothing can be "
        "looked up. The flow halts rather than send records without those values.",
        "Correct `by:` under `lookups:`; the reason lists the columns that there are. Then "
        "`syncagent resume FLOW`.",
    ),
    "SA-4501": Explanation(
        "It was changed on the other side meanwhile",
        "The record is kept on both sides, and a look just before writing showed that the other "
        "side had changed it, too. Nothing was written over.",
        "Nothing: what came of both changes follows by itself.",
    ),
    "SA-4502": Explanation(
        "Both sides changed the same field",
        "The flow says that a person decides (`conflicts: hold`). Nothing of the record is written "
        "on either side until then.",
        "Look at both versions with `syncagent conflicts list`, then `syncagent conflicts keep`.",
    ),
    "SA-4503": Explanation(
        "Too much of a two-way flow changed at once",
        "The guard stopped a pass over records that are kept on both sides. Nothing was taken "
        "over.",
        "Where it is right, raise the limits of `guard` for this flow until it has run, then "
        "`syncagent resume`.",
    ),
    "SA-4504": Explanation(
        "The other side cannot be looked at just now",
        "Before a two-way record is written its present state is read on that side, and the flow "
        "that reads there is busy or its source does not answer.",
        "Nothing: it is tried again. Where it stays, see `syncagent status` for that flow.",
    ),
}
