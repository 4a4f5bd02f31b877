"""The command line. This file knows the commands' names; each is imported when it is called."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import NamedTuple

import click

from agent import __version__
from agent.cli.invocation import ENVIRONMENT_VARIABLE, Group, Invocation, common_options


class Entry(NamedTuple):
    """One command: where it stands, and its line in `syncagent --help`."""

    module: str
    summary: str


COMMANDS = {
    "run": Entry("run", "Run the agent in the foreground."),
    "sync": Entry("sync", "Run flows now and wait until everything is delivered."),
    "preview": Entry("preview", "Show what a flow would send, with the differences."),
    "explain": Entry("explain", "Say why a record is, or is not, on the other side."),
    "resync": Entry("resync", "Look at rows again and send them, also where nothing changed."),
    "verify": Entry("verify", "Compare the other side of FLOW with what it should hold."),
    "replay": Entry(
        "replay", "Send again what FLOW delivered since a moment, each record in its newest state."
    ),
    "jobs": Entry("jobs", "Look at jobs; cancel them, ask for more."),
    "status": Entry("status", "Show how the agent, its flows and its targets do."),
    "runs": Entry("runs", "Show the last runs and what each came to."),
    "kpi": Entry("kpi", "Show availability, errors, times, throughput, freshness and backlog."),
    "logs": Entry("logs", "Show what the agent wrote about its work, out of its log files."),
    "report": Entry("report", "Write the report of a MONTH such as 2026-10 as a page of HTML."),
    "orders": Entry(
        "orders", "Look at orders; settle those in doubt, and those that do not add up."
    ),
    "conflicts": Entry(
        "conflicts", "Look at records that both sides changed, and say which version counts."
    ),
    "outbox": Entry("outbox", "Look at messages; send parked ones again or set them aside."),
    "alerts": Entry("alerts", "Look at alerts, take care of one, try whether they arrive."),
    "hold": Entry("hold", "Decide on runs that the guard holds."),
    "pause": Entry("pause", "Read FLOW no more for a while."),
    "resume": Entry("resume", "Lift a halt after its cause was mended, or end a pause."),
    "check": Entry("check", "Reach every system that the configuration names."),
    "shop-conformance": Entry(
        "shop_conformance", "Check a server against every rule of the shop protocol."
    ),
    "demo": Entry("demo", "See it work: a demo ERP, a shop, and what may go wrong."),
    "connectors": Entry("connectors", "Show the kinds of systems and what each can be told."),
    "config": Entry("config", "Check the configuration; its schema and an example."),
    "support-bundle": Entry(
        "support_bundle",
        "Put together for support what it has to see: no secrets, no personal data.",
    ),
    "users": Entry(
        "users",
        "Who may use the dashboard: viewers look, operators decide, admins also manage users.",
    ),
    "secret": Entry("secret", "Keep passwords in this machine's keyring."),
    "errors": Entry("errors", "Explain an error code."),
    "version": Entry("version", "Show the version."),
}


class Program(Group):
    """`syncagent`: knows its commands without importing them."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """The commands in the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Import one command."""
        if name not in COMMANDS:
            return None
        module = import_module(f"agent.cli.{COMMANDS[name].module}")
        command: click.Command = getattr(module, COMMANDS[name].module)
        return command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `--help`, from the table above."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


program = Program(
    "syncagent",
    params=common_options(ENVIRONMENT_VARIABLE),
    help="Keeps a cloud shop in step with the company's own systems.",
    epilog="`syncagent COMMAND --help` says more about a command.",
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
)
click.version_option(__version__, prog_name="syncagent")(program)


def main() -> None:
    """The entry point: run a command, turn its errors into words and an exit status."""
    invocation = Invocation()
    try:
        status = program.main(prog_name="syncagent", obj=invocation, standalone_mode=False)
    except Exception as error:  # noqa: BLE001 - the last place: nobody sees a traceback
        from agent.cli.failure import explain  # noqa: PLC0415 - only when something failed

        status = explain(error, invocation.terminal)
    sys.exit(status or 0)
