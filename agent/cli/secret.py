"""`syncagent secret`: where passwords are kept. A value never stands in a command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from agent.cli.exit_codes import Exit
from agent.cli.invocation import Group, Invocation, pass_invocation
from agent.config import SecretUse, load
from agent.errors import Rejected, SyncError
from agent.secrets import Secret, keep_in_keyring, require_safe_keyring


@click.group(cls=Group)
def secret() -> None:
    """Keep passwords in this machine's keyring."""


@secret.command("set")
@click.argument("reference")
@pass_invocation
def set_(invocation: Invocation, reference: str) -> None:
    """Store the value of a secret.

    REFERENCE is `keyring:NAME` (or just NAME) or `file:/path`. The value is asked for on a
    terminal, else read from standard input.
    """
    scheme, _, name = (reference if ":" in reference else f"keyring:{reference}").partition(":")
    if scheme not in {"keyring", "file"} or not name:
        raise Rejected(
            "SA-7008",
            f"a value for {reference} cannot be stored from here",
            hint="use keyring:NAME or file:/path; env: and credential: are set outside",
        )
    if scheme == "keyring":
        require_safe_keyring()  # before somebody types a password in vain
    value = _value(invocation)
    kept = keep_in_keyring(name, value) if scheme == "keyring" else _keep_in_file(name, value)
    if invocation.terminal.as_json:
        invocation.terminal.document({"reference": kept.reference})
    else:
        invocation.terminal.talk(f"stored; in the configuration write: {kept.reference}")


@secret.command("list")
@pass_invocation
def list_(invocation: Invocation) -> None:
    """List the secrets that the configuration refers to, and whether each can be had."""
    _report(invocation, list(load(invocation.config_path).secrets()))


@secret.command("test")
@click.argument("reference", required=False)
@pass_invocation
def test(invocation: Invocation, reference: str | None) -> None:
    """Try whether a secret can be had; without a REFERENCE all of the configuration's.

    Run it as the user of the service: keyrings and files belong to a user.
    """
    if reference:
        wanted = [SecretUse("", _reference(reference))]
    else:
        wanted = list(load(invocation.config_path).secrets())
    if _report(invocation, wanted):
        raise click.exceptions.Exit(Exit.PERMISSION)


def _reference(text: str) -> Secret:
    try:
        return Secret(text if ":" in text else f"keyring:{text}")
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _value(invocation: Invocation) -> str:
    if invocation.terminal.interactive:
        value = click.prompt("Value", hide_input=True, confirmation_prompt=True, err=True)
    else:
        value = sys.stdin.readline().rstrip("\r\n")
    if not value:
        raise Rejected("SA-1602", "the value is empty", hint="printf %s VALUE | syncagent secret …")
    return str(value)


def _keep_in_file(name: str, value: str) -> Secret:
    """A file that only its owner may read, never readable in between."""
    path = Path(name)
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - it is a descriptor
        file.write(value)
    fresh.replace(path)
    return Secret(f"file:{path.absolute()}")


def _report(invocation: Invocation, uses: Sequence[SecretUse]) -> bool:
    """Show whether each can be had, never what it is; True when one cannot."""
    found = [(use, _trouble(use.secret)) for use in uses]
    terminal = invocation.terminal
    if terminal.as_json:
        terminal.document({"secrets": [_as_json(use, trouble) for use, trouble in found]})
    else:
        terminal.table(
            ("secret", "where", "state"),
            [
                (use.secret.reference, use.where, trouble.code if trouble else "ok")
                for use, trouble in found
            ],
        )
        for _, trouble in found:
            if trouble:
                terminal.talk(f"{trouble} ({trouble.hint})")
    return any(trouble for _, trouble in found)


def _as_json(use: SecretUse, trouble: SyncError | None) -> dict[str, object]:
    told = {"where": use.where, "reference": use.secret.reference, "ok": trouble is None}
    if trouble is None:
        return told
    return {**told, "code": trouble.code, "reason": trouble.reason, "hint": trouble.hint}


def _trouble(secret: Secret) -> SyncError | None:
    try:
        secret.reveal()
    except SyncError as error:
        return error
    return None
