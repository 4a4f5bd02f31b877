"""SA-27xx: folders of pictures and documents."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-2701": Explanation(
        "The folder of files is not there",
        "It does not exist, or the share it lies on is not mounted. Nothing was deleted because "
        "of it.",
        "Create the folder, or bring the share back; the next run goes on by itself.",
    ),
    "SA-2702": Explanation(
        "The agent may not read the folder of files",
        "The service's user has no right to list it.",
        "Grant the user read on the folder and what it holds, and test as that user.",
    ),
    "SA-2703": Explanation(
        "The folder of files cannot be read now",
        "The operating system reported an input/output error, or the folder went away while it "
        "was read: often a share.",
        "Look at the share or disk; the run is repeated by itself.",
    ),
    "SA-2704": Explanation(
        "A folder inside cannot be read",
        "The folder named cannot be listed. The files elsewhere are taken; nothing is deleted "
        "meanwhile, because nobody knows what lies in it.",
        "Grant the service's user read on the folder named.",
    ),
    "SA-2705": Explanation(
        "A link is not followed",
        "In the place of a file or a folder lies a link, which may lead anywhere on this machine. "
        "A link to a folder keeps everything from being deleted, for its files cannot be seen.",
        "Put the file or the folder itself there. A folder elsewhere is a connection of its own.",
    ),
    "SA-2706": Explanation(
        "The name of a file is not valid text",
        "It has bytes that the system cannot read as UTF-8: often a file that was unpacked from "
        "an old archive. Nothing is deleted while it lies there.",
        "Rename the file; the error shows its name.",
    ),
    "SA-2707": Explanation(
        "A file cannot be read",
        "The right is missing, a program locks it, or it was changed or removed while the folder "
        "was read.",
        "Grant read, or close the program. A file that merely changed is read again at the next "
        "run; where it stays so, raise `settle`.",
    ),
    "SA-2708": Explanation(
        "A file is empty or too large",
        "It has no bytes at all, or more than `largest` allows.",
        "Look at what writes it; make it smaller, or raise `largest` of the flow's source.",
    ),
    "SA-2709": Explanation(
        "A file is not of an allowed type",
        "Its first bytes say what it is, whatever its name says: a web page saved as a picture, "
        "for example.",
        "Convert the file, or allow its type in `types` of the flow's source.",
    ),
}
