"""SA-532x: files handed over to a folder from which another program imports."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5320": Explanation(
        "The import folder is not there",
        "The folder, its workspace or its `landmark` does not exist: a share is not mounted, or "
        "the path is wrong.",
        "Bring the share back, or create the folder. What waits is handed over by itself then.",
    ),
    "SA-5321": Explanation(
        "The import folder takes nothing at present",
        "The operating system refused to write or rename: the disk is full, a quota is used up, "
        "the share broke off, or another program holds a file open.",
        "Make room, or wait: it is tried again by itself.",
    ),
    "SA-5322": Explanation(
        "No right to work in the import folder",
        "The service's user may not write, rename or delete in the folder or its workspace.",
        "Grant read, write and delete on both, then resume.",
    ),
    "SA-5323": Explanation(
        "A file of that name is still there",
        "The other program has not taken an earlier file of the same name, or somebody else put "
        "one there. It is never overwritten.",
        "Nothing, where the other program takes it: this one follows by itself. Otherwise see why "
        "nothing is imported, move the file away, or make `name` tell the records apart.",
    ),
    "SA-5324": Explanation(
        "The record does not fit the file's format",
        "A value is too long for its field, a number has too many decimals, a character does not "
        "exist in the encoding, or the template gives something else than the format's rows.",
        "Correct the template: `| round(2)`, a longer field, `too_long: cut`, another encoding or "
        "`unknown_characters: replace`. Then retry the record.",
    ),
    "SA-5325": Explanation(
        "A record changed after its file was handed over",
        "The other program may have imported the first file already; a second one could become a "
        "second document.",
        "Change the document in the other program by hand. Where it takes a second file as a "
        "change of the first, say `changed: rewrite` and retry the record.",
    ),
    "SA-5326": Explanation(
        "Deletes are not handed over",
        "The record was deleted, and the flow does not say what a file for that looks like.",
        "Say `delete: {content: …}` under target, or let the flow ignore deletes.",
    ),
    "SA-5327": Explanation(
        "The file would have no usable name",
        "The template of the name gives nothing, no text, or the same name for file and trigger.",
        "Make `name` of something that every record has, such as its key.",
    ),
    "SA-5328": Explanation(
        "The workspace cannot be used",
        "It lies on another file system than the folder, so that no file can be handed over in "
        "one step; or a link or a file stands in the place of one of its folders.",
        "Name a `workspace` on the folder's own file system, and let the agent make what is in it.",
    ),
    "SA-5329": Explanation(
        "An entry of the ledger cannot be read",
        "A file in the workspace was damaged or changed by somebody. What it said of the record, "
        "and whether that was handed over, is lost.",
        "Look in the other program for the record. Then delete the entry, and confirm or retry.",
    ),
}
