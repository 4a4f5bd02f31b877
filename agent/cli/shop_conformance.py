"""`syncagent shop-conformance`: whether a vendor's server keeps the shop protocol."""

from __future__ import annotations

import ssl
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agent.cli.exit_codes import Exit
from agent.cli.invocation import Command, Invocation, pass_invocation
from agent.errors import Misconfigured
from agent.secrets import Secret

if TYPE_CHECKING:
    from agent.conformance import Report

SECONDS = 60.0


class Reference(click.ParamType):  # type: ignore[type-arg]  # generic in its stubs only
    """Where a secret is; never the secret itself, which any user of the machine could read."""

    name = "reference"

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> Secret:
        """The secret behind it."""
        try:
            return value if isinstance(value, Secret) else Secret(value)
        except ValueError as error:
            self.fail(str(error), param, context)


@click.command("shop-conformance", cls=Command)
@click.argument("url")
@click.option("--token", type=Reference(), help="Where the bearer token is: env:SHOP_TOKEN.")
@click.option("--signing-secret", type=Reference(), help="Where the secret (whsec_…) is.")
@click.option("--ca-file", type=click.Path(path_type=Path), help="PEM file of an authority.")
@click.option("--certificate", type=click.Path(path_type=Path), help="PEM file we show.")
@click.option("--key", type=click.Path(path_type=Path), help="Its private key.")
@pass_invocation
def shop_conformance(
    invocation: Invocation,
    url: str,
    token: Secret | None,
    signing_secret: Secret | None,
    ca_file: Path | None,
    certificate: Path | None,
    key: Path | None,
) -> None:
    """Check a server against every rule of the shop protocol.

    Writes records under keys of its own, which begin with `conformance-`, and deletes them at the
    end. Acknowledges nothing that holds something. The exit status is 1 where a check failed.
    """
    import httpx  # noqa: PLC0415 - `--help` needs click alone

    from agent.conformance import Login, Outcome, Visitor, examine  # noqa: PLC0415 - the same

    login = Login(
        token.reveal() if token else "", signing_secret.reveal() if signing_secret else ""
    )
    context = _context(ca_file, certificate, key)
    with closing(httpx.Client(verify=context, trust_env=False, timeout=SECONDS)) as client:
        reports = list(examine(Visitor(client, url.rstrip("/"), login)))
    failed = [each for each in reports if each.outcome is Outcome.FAILED]
    terminal = invocation.terminal
    if terminal.as_json:
        terminal.document({"url": url, "checks": [_as_dict(each) for each in reports]})
    else:
        terminal.table(
            ("chapter", "what must hold", "outcome"),
            [(each.chapter, each.says, str(each.outcome)) for each in reports],
        )
        for each in reports:
            _tell(terminal, each)
        passed = sum(each.outcome is Outcome.PASSED for each in reports)
        terminal.line()
        terminal.line(
            f"{passed} passed, {len(failed)} failed, "
            f"{len(reports) - passed - len(failed)} not offered"
        )
    raise click.exceptions.Exit(Exit.PARTIAL if failed else Exit.OK)


def _tell(terminal: Any, report: Report) -> None:
    """Why a check did not pass, and what was said."""
    if not report.reason:
        return
    terminal.line()
    terminal.line(f"{report.outcome}: {report.says}")
    terminal.line(f"  {report.reason}")
    if report.exchange:
        terminal.line(f"  sent:     {report.exchange.method} {report.exchange.path}")
        if report.exchange.sent:
            terminal.line(f"            {report.exchange.sent}")
        terminal.line(f"  answered: {report.exchange.answered}")


def _as_dict(report: Report) -> dict[str, Any]:
    said = report.exchange
    exchange = said and {
        "method": said.method,
        "path": said.path,
        "sent": said.sent,
        "answered": said.answered,
    }
    return {
        "chapter": report.chapter,
        "check": report.name,
        "says": report.says,
        "outcome": str(report.outcome),
        "reason": report.reason,
        "exchange": exchange,
    }


def _context(ca_file: Path | None, certificate: Path | None, key: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    try:
        if ca_file:
            context.load_verify_locations(ca_file)
        if certificate:
            context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise Misconfigured("SA-5227", f"a certificate cannot be used: {error}") from error
    return context
