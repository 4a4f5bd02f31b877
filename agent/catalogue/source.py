"""SA-2xxx: sources and what they hold."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-2001": Explanation(
        "The drop folder is not there",
        "The folder of a file connection does not exist, or the share it lies on is not mounted.",
        "Create the folder, or bring the share back; the next run goes on by itself.",
    ),
    "SA-2002": Explanation(
        "The agent may not work in the drop folder",
        "Files are claimed, archived and quarantined by renaming them, which needs the right to "
        "read, write and delete in the folder and in the folders inside it.",
        "Grant the service's user these rights on the folder, and test as that user.",
    ),
    "SA-2003": Explanation(
        "The drop folder cannot be read now",
        "The operating system reported an input/output error, often a share that went away.",
        "Look at the share or disk; the run is repeated by itself.",
    ),
    "SA-2004": Explanation(
        "A network drive letter cannot be used",
        "Drive letters of network shares belong to the session of a logged-in person; a service "
        "does not see them.",
        r"Write the share as \\server\share\folder in the configuration.",
    ),
    "SA-2005": Explanation(
        "A folder inside the drop folder is not what it should be",
        "The archive, the quarantine or .syncagent is a link, a file, or lies on another file "
        "system. Moving files there could leave the drop folder or turn into a copy.",
        "Replace it by a plain folder, or remove it: the agent makes it anew.",
    ),
    "SA-2006": Explanation(
        "A file is empty",
        "The file has no bytes at all: an export that failed or was cut off. An empty table still "
        "has its header line.",
        "Look at the export; the file lies in the quarantine. Nothing was deleted because of it.",
    ),
    "SA-2007": Explanation(
        "A file changed while it was read",
        "Somebody kept writing to a file that had looked finished for the whole settling time.",
        "Raise `settle` of the connection, or let the export write a marker (`ready_suffix`) when "
        "it is done. The file is read again at the next run.",
    ),
    "SA-2008": Explanation(
        "The header line cannot be used",
        "It is missing, names a column twice, has too many columns, or is not in the declared "
        "encoding.",
        "Compare the first lines of the file in the quarantine with `encoding`, `delimiter` and "
        "`skip_lines`.",
    ),
    "SA-2009": Explanation(
        "A file is not in the declared encoding",
        "Bytes were found that the declared encoding does not know; in an encoding of several "
        "bytes a character nothing after them can be trusted.",
        "Declare the encoding the export really uses, then move the file back from the quarantine.",
    ),
    "SA-2010": Explanation(
        "A line has no end",
        "A line, or a quoted cell, went on for more than 16 times the largest cell allowed: a "
        "quote that is never closed, or a file that is no CSV.",
        "Look at the line named; where quotes have no meaning in this file, set `quote: none`.",
    ),
    "SA-2011": Explanation(
        "A row has the wrong number of cells",
        "The row has more or fewer cells than the header, often a delimiter inside a text that is "
        "not quoted.",
        "Correct the row at its source. It stays parked until the file comes with a good one.",
    ),
    "SA-2012": Explanation(
        "A row is not in the declared encoding",
        "The row holds a byte that the declared encoding does not know.",
        "Where many rows are refused the declared encoding is wrong; where it is one, correct it "
        "at its source.",
    ),
    "SA-2013": Explanation(
        "A cell is too large",
        "A cell is longer than `max_cell` of the flow allows.",
        "Correct the row at its source, or raise `max_cell`.",
    ),
    "SA-2014": Explanation(
        "A row holds a NUL byte",
        "Text has no NUL bytes: the file was damaged, or is in UTF-16 and declared as something "
        "else.",
        "Check the declared encoding; else correct the row at its source.",
    ),
    "SA-2015": Explanation(
        "A row is not well-formed",
        "A quoted cell is not closed, goes on after its closing quote, or a line break stands in a "
        "cell without quotes.",
        "Correct the row at its source, or set `quote: none` where quotes have no meaning.",
    ),
    "SA-2016": Explanation(
        "A file that was read cannot be put away",
        "Its rows are taken over, but it could not be moved to the archive or the quarantine. Left "
        "where it is it would be read again later and overwrite newer values, so the flow stops.",
        "Close programs that hold the file open, check the rights on the folder, then resume.",
    ),
    "SA-2017": Explanation(
        "Single keys cannot be read from this drop folder",
        "A drop folder keeps no current state. Single keys come from the newest archived whole "
        "table, and there is none: either none was taken over yet, or the flow reads deltas.",
        "Drop a whole table; for deltas, resend from what was last taken over.",
    ),
    "SA-2091": Explanation(
        "There is no such table or receiver in memory",
        "A flow of the kind `memory` names something that no test has put there.",
        "Fill `connectors.memory.TABLES` or `RECEIVERS` first.",
    ),
    "SA-2092": Explanation(
        "A table in memory lacks a column",
        "The key or cursor of a flow of the kind `memory` names a column that the table lacks.",
        "Correct the flow or the table.",
    ),
    "SA-2093": Explanation(
        "A receiver in memory refused a batch as a whole",
        "The batch held a key that the test had declared poison.",
        "Nothing: it is what the test asked for.",
    ),
}
