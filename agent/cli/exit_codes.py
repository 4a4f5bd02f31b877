"""What the exit status of a command says. One table, from an error to its number.

The numbers from 64 up are those of BSD's sysexits.h, so that service managers and scripts know
them.
"""

from __future__ import annotations

import errno
from enum import IntEnum

from agent.errors import Misconfigured, Rejected, SyncError, Unavailable


class Exit(IntEnum):
    """The exit statuses of `syncagent`."""

    OK = 0
    PARTIAL = 1
    USAGE = 2
    NO_DAEMON = 3
    UNREACHABLE = 69
    BUG = 70
    IO = 74
    BUSY = 75
    PERMISSION = 77
    CONFIGURATION = 78
    INTERRUPTED = 130


MEANINGS = {
    Exit.OK: "Everything asked for was done.",
    Exit.PARTIAL: "Done, but some records were refused, the run is held, or a check failed.",
    Exit.USAGE: "The command line is wrong, or names a flow, run or message that does not exist.",
    Exit.NO_DAEMON: "The command needs the daemon, and none is running.",
    Exit.UNREACHABLE: "A source or a target cannot be reached.",
    Exit.BUG: "An error inside SyncAgent; the log has the details.",
    Exit.IO: "A file cannot be read or written: disk full, damaged store, I/O error.",
    Exit.BUSY: "Another agent has the store; the message names it.",
    Exit.PERMISSION: "A log-in was refused, a right is missing, or a secret cannot be had.",
    Exit.CONFIGURATION: "The configuration is wrong, or something else waits to be mended.",
    Exit.INTERRUPTED: "Stopped from the keyboard.",
}

# The longest prefix of a code wins; a code without one goes by the class of its error.
BY_CODE = {
    "SA-16": Exit.PERMISSION,
    "SA-1": Exit.CONFIGURATION,
    "SA-2002": Exit.PERMISSION,
    "SA-2017": Exit.USAGE,
    "SA-2101": Exit.PERMISSION,
    "SA-2113": Exit.PERMISSION,
    "SA-4007": Exit.USAGE,
    "SA-4008": Exit.USAGE,
    "SA-5220": Exit.PERMISSION,
    "SA-5221": Exit.PERMISSION,
    "SA-5224": Exit.PERMISSION,
    "SA-5225": Exit.PERMISSION,
    "SA-5234": Exit.PERMISSION,
    "SA-6": Exit.IO,
    "SA-6001": Exit.BUSY,
    "SA-6003": Exit.CONFIGURATION,
    "SA-6006": Exit.PERMISSION,
    "SA-6007": Exit.CONFIGURATION,
    "SA-6008": Exit.BUSY,
    "SA-6009": Exit.CONFIGURATION,
    "SA-70": Exit.USAGE,
    "SA-7104": Exit.USAGE,
    "SA-7105": Exit.USAGE,
    "SA-7106": Exit.USAGE,
    "SA-72": Exit.NO_DAEMON,
    "SA-73": Exit.PERMISSION,
    "SA-7458": Exit.USAGE,
    "SA-7459": Exit.CONFIGURATION,
    "SA-7480": Exit.USAGE,
    "SA-79": Exit.BUG,
}
BY_CLASS = {
    Unavailable.__name__: Exit.UNREACHABLE,
    Misconfigured.__name__: Exit.CONFIGURATION,
    Rejected.__name__: Exit.PARTIAL,
}
_NETWORK = {errno.ECONNREFUSED, errno.ECONNRESET, errno.EHOSTUNREACH, errno.ENETUNREACH}


def exit_code(error: BaseException) -> Exit:
    """The exit status that an error ends a command with."""
    if isinstance(error, SyncError):
        return exit_code_of(error.code, type(error).__name__)
    if isinstance(error, PermissionError):
        return Exit.PERMISSION
    if isinstance(error, OSError):
        return Exit.UNREACHABLE if error.errno in _NETWORK else Exit.IO
    return Exit.BUG


def exit_code_of(code: str, kind: str = "") -> Exit:
    """The exit status for an error that another process told: its code and its class."""
    prefixes = (code[:length] for length in range(len(code), 0, -1))
    known = next((BY_CODE[prefix] for prefix in prefixes if prefix in BY_CODE), None)
    return known or BY_CLASS.get(kind, Exit.PARTIAL)
