"""SA-6xxx: the store and this machine."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-6001": Explanation(
        "The store is in use",
        "Another process, named in the message, works on this store: the service, or a command "
        "that runs a flow by itself.",
        "Speak to the running agent (`syncagent status`), wait until the other command ends, or "
        "stop the service first.",
    ),
    "SA-6002": Explanation(
        "The store is damaged",
        "SQLite found pages of the file that contradict each other, or the file is not a database. "
        "Usual causes: a failing drive, a network or cloud-synced folder, a live file that was "
        "copied without its -wal file.",
        "At its next start the agent sets the file aside and restores its newest good backup. "
        "Where there is none it refuses to start: restore your own backup, or start afresh on "
        "purpose with `syncagent run --recreate`; every record is then read and sent again.",
    ),
    "SA-6003": Explanation(
        "The store is newer than the program",
        "A newer version of the agent has worked on this store and changed its tables.",
        "Install the newer version again, or restore a backup that was made before the update.",
    ),
    "SA-6004": Explanation(
        "The disk is full",
        "A write to the store found no space. The transaction was undone, nothing is half written.",
        "Free space on the disk that holds the store. Reading stops meanwhile and delivery goes "
        "on as far as it can.",
    ),
    "SA-6005": Explanation(
        "Reading or writing the store failed",
        "The operating system reported an input/output error. After a failed write nobody knows "
        "what reached the disk, so the agent stops instead of guessing.",
        "Look for a full disk, a file size limit, a quota or a failing drive (`dmesg`), then start "
        "the agent: it checks the whole store before it works.",
    ),
    "SA-6006": Explanation(
        "The store cannot be opened",
        "The folder of the store is missing, or the user the agent runs as may not write in it.",
        "Create the folder and give it to that user; the message names the file.",
    ),
    "SA-6007": Explanation(
        "SQLite is too old",
        "Versions of SQLite before 3.51.3 can corrupt a database when two connections write or "
        "checkpoint at the same moment.",
        "Install apsw from PyPI; it brings an SQLite of its own.",
    ),
    "SA-6008": Explanation(
        "Another program keeps the store locked",
        "A program that is not an agent holds a lock on the database file.",
        "Close SQLite browsers, and keep backup programs and virus scanners away from the file: "
        "back up with the agent's own backups instead.",
    ),
    "SA-6009": Explanation(
        "The file belongs to another program",
        "The configured file is an SQLite database, but not one that the agent made.",
        "Name another file in the configuration.",
    ),
    "SA-6010": Explanation(
        "A backup failed",
        "The copy of the store could not be written, or did not pass its check.",
        "Free space or name another folder; the backups made before are untouched.",
    ),
    "SA-6020": Explanation(
        "The disk is nearly full",
        "The disk that holds the store has less free space than `store.disk_low`. Nothing more is "
        "read, so that what is queued can still be delivered and written down.",
        "Make room on the disk; reading goes on by itself. What fills it is often a log or an "
        "archive of dropped files.",
    ),
    "SA-6999": Explanation(
        "The operating system refused",
        "A file or folder could not be read or written; the message names it and gives the "
        "system's own words.",
        "Check that the path exists and that the user who runs the command may use it.",
    ),
}
