"""A real SMTP server in a thread of the test: it keeps what it takes, refuses what it is told."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.peers.process import free_port


class MailServer:
    """Where the mails of a test arrive. What is set takes effect at the next mail."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[EmailMessage] = []
        self.logins: list[tuple[str, str]] = []
        self.answer_to_recipient = "250 OK"
        self.answer_to_mail = "250 OK"
        self.breaks_off = False
        """Hang up in place of the answer to a mail that was taken."""

    @property
    def subjects(self) -> list[str]:
        return [mail["Subject"] for mail in self.mails]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.answer_to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer_to_recipient

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.answer_to_mail.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.mails.append(message_from_bytes(envelope.content, policy=default))
        if self.breaks_off:
            assert server.transport is not None
            server.transport.close()
        return self.answer_to_mail

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.logins.append((given.login.decode(), given.password.decode()))
        return AuthResult(success=given.password == b"right", handled=False)


@contextmanager
def mail_server(
    *, starttls: ssl.SSLContext | None = None, log_in: bool = False, port: int = 0
) -> Iterator[MailServer]:
    """A server on this machine, until the block ends."""
    server = MailServer(port or free_port())
    controller = Controller(
        server,
        hostname="127.0.0.1",
        port=server.port,
        tls_context=starttls,
        authenticator=server.authenticate,
        auth_required=log_in,
        require_starttls=starttls is not None,
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
