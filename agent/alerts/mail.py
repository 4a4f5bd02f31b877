"""Sends notices to one mail address, over SMTP."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from email.utils import formatdate
from hashlib import sha256

from agent.alerts.notice import Notice, joined
from agent.config.alerts import MailServer
from agent.contract import NoOptions, Target
from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from agent.model import Message, Receipt


class MailTarget(Target[NoOptions, NoOptions]):
    """One mail for all that waits.

    A mail that is sent twice, because nobody heard the server's answer, carries the same
    Message-ID: most mail systems show it once.
    """

    batch_size = 50

    def __init__(self, server: MailServer, address: str) -> None:
        super().__init__(NoOptions(), NoOptions())
        self._server = server
        self._address = address

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Send one mail; all of it is taken, or nothing."""
        mail = self._mail(joined(messages), [message.id for message in messages])
        self._send(mail)
        for message in messages:
            yield Receipt(message.id, accepted=True)

    def _mail(self, notice: Notice, ids: Sequence[str]) -> EmailMessage:
        domain = self._server.sender.partition("@")[2]
        mail = EmailMessage()
        mail["From"] = self._server.sender
        mail["To"] = self._address
        mail["Subject"] = " ".join(notice.title.split())
        mail["Date"] = formatdate(localtime=True)
        mail["Message-ID"] = f"<{sha256(' '.join(ids).encode()).hexdigest()[:32]}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        if notice.thread:
            mail["References"] = f"<{notice.thread}@{domain}>"
        mail.set_content(notice.text)
        return mail

    def _send(self, mail: EmailMessage) -> None:
        untouched = True  # until the server may have taken the mail
        connection: smtplib.SMTP | None = None
        try:
            connection = self._connect()
            self._log_in(connection)
            untouched = False
            connection.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refusal:
            status, words = next(iter(refusal.recipients.values()))
            raise _refused(status, words, self._address) from None
        except smtplib.SMTPResponseException as refusal:
            raise _refused(refusal.smtp_code, refusal.smtp_error, self._server.host) from None
        except (OSError, smtplib.SMTPException) as error:
            place = f"{self._server.host}:{self._server.port_number}"
            raise Unavailable(
                "SA-7450", f"the mail server {place} does not answer: {error}", untouched=untouched
            ) from None
        finally:
            if connection is not None:
                connection.close()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        where, port, timeout = server.host, server.port_number, server.timeout
        if server.security == "tls":
            return smtplib.SMTP_SSL(where, port, timeout=timeout, context=self._trust())
        connection = smtplib.SMTP(where, port, timeout=timeout)
        if server.security == "starttls":
            try:
                connection.starttls(context=self._trust())
            except BaseException as error:
                connection.close()
                if isinstance(error, smtplib.SMTPNotSupportedError):
                    raise _unencrypted(where) from None
                raise
        return connection

    def _trust(self) -> ssl.SSLContext:
        own = self._server.certificate_authority
        return ssl.create_default_context(cafile=str(own) if own else None)

    def _log_in(self, connection: smtplib.SMTP) -> None:
        if self._server.password is None:
            return
        try:
            connection.login(self._server.user, self._server.password.reveal())
        except smtplib.SMTPAuthenticationError as refusal:
            if refusal.smtp_code < 500:
                raise _refused(refusal.smtp_code, refusal.smtp_error, self._server.host) from None
            raise Misconfigured(
                "SA-7451",
                f"{self._server.host} refuses the log-in of {self._server.user}",
                hint="correct user and password under alerts.mail, then: syncagent resume",
                untouched=True,
            ) from None
        except smtplib.SMTPNotSupportedError as error:
            raise Misconfigured(
                "SA-7451", f"{self._server.host}: {error}", untouched=True
            ) from None


def _unencrypted(host: str) -> Misconfigured:
    return Misconfigured(
        "SA-7454",
        f"{host} offers no STARTTLS",
        hint="set security: tls where it listens on port 465, or none for a server in the house",
        untouched=True,
    )


def _refused(status: int, words: bytes | str, who: str) -> SyncError:
    """The server said no: 4xx for now, 5xx for good. A mail that it took was never refused."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    reason = f"{who}: {status} {' '.join(text.split())}"[:300]
    if status < 500:
        return Unavailable("SA-7453", reason, untouched=True)
    return Rejected("SA-7452", reason, untouched=True)
