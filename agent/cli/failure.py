"""How a command ends that did not go well: words for people, a number for scripts."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

import click

from agent.cli.exit_codes import Exit, exit_code
from agent.cli.terminal import Terminal
from agent.errors import Misconfigured, SyncError


def explain(error: Exception, terminal: Terminal) -> int:
    """Say what went wrong; the exit status."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.Abort):
        terminal.talk("stopped")
        return Exit.INTERRUPTED
    if isinstance(error, click.UsageError) and not terminal.as_json:
        error.show()
        return Exit.USAGE
    terminal.fail(_told(error), [_problem(each) for each in getattr(error, "problems", ())])
    return Exit.USAGE if isinstance(error, click.ClickException) else exit_code(error)


def _told(error: Exception) -> SyncError:
    """Any error as one of ours."""
    if isinstance(error, SyncError):
        return error
    if isinstance(error, click.ClickException):
        return Misconfigured("SA-7007", error.format_message(), hint="see --help")
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return Misconfigured("SA-6999", f"{where}{error.strerror or error}")
    return Misconfigured(
        "SA-7901",
        f"an error inside SyncAgent: {type(error).__name__}: {error}",
        hint=f"details are in {_write_down(error)}",
    )


def _problem(problem: object) -> dict[str, object]:
    """One problem of a configuration, with the line that editors can follow."""
    fields = problem._asdict() if hasattr(problem, "_asdict") else {}
    return {"message": str(problem), **fields}


def _write_down(error: Exception) -> Path:
    """Add the traceback to the log of this command line; where that is."""
    import platformdirs  # noqa: PLC0415 - only for a bug

    path = platformdirs.user_log_path("syncagent", appauthor=False, ensure_exists=True)
    log = path / "errors.log"
    with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:  # noqa: PTH123
        file.write(f"syncagent {' '.join(sys.argv[1:])}\n")
        file.writelines(traceback.format_exception(error))
    return log
