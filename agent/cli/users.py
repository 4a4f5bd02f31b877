"""`syncagent users`: who may use the dashboard. A password is typed, it never is an argument."""

from __future__ import annotations

import sys

import click

from agent.cli.invocation import Group, Invocation, pass_invocation
from agent.cli.terminal import moment

ROLES = ("viewer", "operator", "admin")


@click.group(cls=Group)
def users() -> None:
    """Who may use the dashboard: viewers look, operators decide, admins also manage users."""


@users.command("add")
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice(ROLES),
    default="viewer",
    show_default=True,
    help="A viewer looks, an operator decides, an admin also sees who did what and manages users.",
)
@pass_invocation
def add(invocation: Invocation, name: str, role: str) -> None:
    """Let NAME use the dashboard.

    The password is asked for on a terminal, else read from standard input.
    """
    with invocation.access() as agent:
        answer = agent.tell("add_user", name=name, role=role, password_hash=_hash(invocation))
    _done(invocation, answer, f"{name} may log in as {role}")


@users.command("list")
@pass_invocation
def list_(invocation: Invocation) -> None:
    """List who may use the dashboard."""
    with invocation.access() as agent:
        answer = agent.ask("users")
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
        return
    invocation.terminal.table(
        ("name", "role", "since"),
        [(each["name"], each["role"], moment(each["created_at"])) for each in answer["users"]],
    )


@users.command("password")
@click.argument("name")
@pass_invocation
def password(invocation: Invocation, name: str) -> None:
    """Give NAME another password; whoever is logged in under the name has to log in again."""
    with invocation.access() as agent:
        answer = agent.tell("set_password", name=name, password_hash=_hash(invocation))
    _done(invocation, answer, f"{name} has another password")


@users.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@pass_invocation
def role_(invocation: Invocation, name: str, role: str) -> None:
    """Let NAME do more or less: viewer, operator or admin."""
    with invocation.access() as agent:
        answer = agent.tell("set_role", name=name, role=role)
    _done(invocation, answer, f"{name} may log in as {role}")


@users.command("remove")
@click.argument("name")
@pass_invocation
def remove(invocation: Invocation, name: str) -> None:
    """NAME may use the dashboard no longer, from the next click on."""
    with invocation.access() as agent:
        answer = agent.tell("remove_user", name=name)
    _done(invocation, answer, f"{name} may not log in any more")


def _hash(invocation: Invocation) -> str:
    from agent.passwords import hashed  # noqa: PLC0415 - `--help` needs click alone

    if invocation.terminal.interactive:
        typed = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        typed = sys.stdin.readline().rstrip("\r\n")
    return hashed(str(typed))


def _done(invocation: Invocation, answer: dict[str, object], told: str) -> None:
    if invocation.terminal.as_json:
        invocation.terminal.document(answer)
    else:
        invocation.terminal.line(told)
