"""Mail servers, services and the dead man's switch as they are met outside."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs

import apprise
import pytest
import trustme
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from agent.alerts.mail import MailTarget
from agent.alerts.notice import Notice, encode
from agent.alerts.pulse import Pulse
from agent.alerts.services import ServiceTarget
from agent.config.alerts import MailServer as Settings
from agent.errors import Misconfigured, Rejected, Unavailable
from agent.model import Message, Op
from agent.secrets import Secret
from tests.delivery.world import ManualClock
from tests.peers.http_server import serving
from tests.peers.mail_server import MailServer, mail_server

NOTICE = Notice("È fermo", "Perché: sì", several="[Acme] {count} avvisi", more="… e altri {count}")


def messages(count: int = 1) -> list[Message]:
    return [
        Message(f"store-{n}", n, "alerts/x", "alert", str(n), Op.UPSERT, encode(NOTICE))
        for n in range(1, count + 1)
    ]


def target(server: MailServer, **settings: object) -> MailTarget:
    given = {"host": "127.0.0.1", "port": server.port, "from": "agent@acme.example"}
    return MailTarget(
        Settings.model_validate(given | {"security": "none"} | settings), "it@acme.example"
    )


def test_mail_says_who_sends_it_and_that_nobody_is_to_answer() -> None:
    with mail_server() as server:
        receipts = list(target(server).deliver(messages()))
        (mail,) = server.mails
    assert [receipt.accepted for receipt in receipts] == [True]
    assert mail["From"] == "agent@acme.example"
    assert mail["To"] == "it@acme.example"
    assert mail["Subject"] == "È fermo"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().strip() == "Perché: sì"


def test_what_waits_together_is_one_mail_that_does_not_grow_without_bound() -> None:
    with mail_server() as server:
        assert len(list(target(server).deliver(messages(50)))) == 50
        (mail,) = server.mails
    assert mail["Subject"] == "[Acme] 50 avvisi"
    assert mail.get_content().count("Perché") == 20
    assert "… e altri 30" in mail.get_content()


def test_password_goes_over_an_encrypted_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    secured = {
        "security": "starttls",
        "user": "agent",
        "password": "env:MAIL_PASSWORD",
        "certificate_authority": tmp_path / "ca.pem",
    }
    with mail_server(starttls=context, log_in=True) as server:
        monkeypatch.setenv("MAIL_PASSWORD", "wrong")
        with pytest.raises(Misconfigured, match="refuses the log-in of agent") as refused:
            list(target(server, **secured).deliver(messages()))
        assert refused.value.code == "SA-7451"
        monkeypatch.setenv("MAIL_PASSWORD", "right")
        assert list(target(server, **secured).deliver(messages()))
        assert server.logins[-1] == ("agent", "right")
        assert len(server.mails) == 1


def test_server_with_an_unknown_certificate_gets_no_mail() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with mail_server(starttls=context) as server:
        with pytest.raises(Unavailable, match="certificate verify failed"):
            list(target(server, security="starttls").deliver(messages()))
        assert not server.mails


def test_server_without_encryption_is_not_spoken_to_by_mistake() -> None:
    with mail_server() as server, pytest.raises(Misconfigured) as refused:
        list(target(server, security="starttls").deliver(messages()))
    assert refused.value.code == "SA-7454"


def test_refusal_for_now_is_waited_for_and_one_for_good_is_not() -> None:
    with mail_server() as server:
        server.answer_to_recipient = "450 4.2.0 Greylisted"
        with pytest.raises(Unavailable, match="Greylisted"):
            list(target(server).deliver(messages()))
        server.answer_to_recipient = "550 5.1.1 No such user"
        with pytest.raises(Rejected, match="No such user"):
            list(target(server).deliver(messages()))
        server.answer_to_recipient, server.answer_to_mail = "250 OK", "552 5.2.2 Mailbox full"
        with pytest.raises(Rejected, match="Mailbox full"):
            list(target(server).deliver(messages()))


def test_server_that_is_not_there_surely_has_no_mail() -> None:
    with mail_server() as server:
        gone = target(server)
    with pytest.raises(Unavailable) as failure:
        list(gone.deliver(messages()))
    assert failure.value.untouched


class Sink:
    """Answers with a status, keeps what came."""

    def __init__(self) -> None:
        self.status = 200
        self.bodies: list[bytes] = []
        self.paths: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self.paths.append(request.url.path)
        self.bodies.append(await request.body())
        await Response(status_code=self.status)(scope, receive, send)


@contextmanager
def sink() -> Iterator[tuple[Sink, str]]:
    app = Sink()
    with serving(app) as url:
        yield app, url.removeprefix("http://")


APPRISE_LOADS_IMGHDR = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")


@APPRISE_LOADS_IMGHDR
def test_service_is_told_through_apprise(monkeypatch: pytest.MonkeyPatch) -> None:
    with sink() as (app, address):
        monkeypatch.setenv("SERVICE", f"json://user:hidden@{address}/hook")
        service = ServiceTarget(Secret("env:SERVICE"))
        assert len(list(service.deliver(messages(2)))) == 2
        (body,) = app.bodies
        assert json.loads(body)["title"] == "[Acme] 2 avvisi"
        assert json.loads(body)["type"] == "warning"


@APPRISE_LOADS_IMGHDR
def test_sms_gateway_is_sent_the_form_that_the_page_describes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (written,) = [text for text in texts_of_the_page() if text.startswith("forms://")]
    with sink() as (app, address):
        url = written.replace("forms://", "form://").replace("sms.example.com", address)
        monkeypatch.setenv("SMS", url)
        assert len(list(ServiceTarget(Secret("env:SMS")).deliver(messages()))) == 1
        (body,) = app.bodies
    form = parse_qs(body.decode())
    assert app.paths == ["/send"]
    assert form["to"] == ["+393331234567"]
    assert form["text"] == ["Perché: sì"]


def texts_of_the_page() -> list[str]:
    page = (Path(__file__).parents[2] / "docs/alerts.md").read_text(encoding="utf-8")
    return re.findall(r"^\| .* \| `(\w+://\S+)` \|$", page, re.MULTILINE)


@APPRISE_LOADS_IMGHDR
@pytest.mark.parametrize("text", texts_of_the_page())
def test_text_of_the_page_is_one_that_apprise_understands(text: str) -> None:
    filled = {
        "ACCOUNT_SID": f"AC{'0' * 32}",
        "AUTH_TOKEN": "0" * 32,
        "FROM": "+15551234567",
        "TOKEN_A": "T1JJ3T3L2",
        "TOKEN_B": "A1BRTD4JD",
        "TOKEN_C": "TIiajkdnlazkcOXrIdevi7FQ",
        "TOKEN/CHAT": f"123456789:{'a' * 35}/12345",
        "HOST/WORKFLOW/SIGNATURE": "prod.example.com/643e69f83c8944/0b4b9a2d3",
        "TO": "+393331234567",
    }
    for word, value in filled.items():
        text = re.sub(rf"(?<![A-Z_]){word}(?![A-Z_])", value, text)
    assert apprise.Apprise().add(text), text


@APPRISE_LOADS_IMGHDR
def test_service_that_refuses_is_told_by_its_status_and_never_by_its_url(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with sink() as (app, address):
        app.status = 403
        monkeypatch.setenv("SERVICE", f"json://user:hidden@{address}/hook-hidden")
        with pytest.raises(Unavailable) as refused:
            list(ServiceTarget(Secret("env:SERVICE")).deliver(messages()))
    assert refused.value.reason == "the service of env:SERVICE did not take it: status 403"
    assert "hidden" not in caplog.text


@APPRISE_LOADS_IMGHDR
def test_text_that_is_no_url_of_a_service_halts_the_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SERVICE", "hidden")
    with pytest.raises(Misconfigured) as refused:
        list(ServiceTarget(Secret("env:SERVICE")).deliver(messages()))
    assert refused.value.code == "SA-7456"
    assert "hidden" not in str(refused.value)


def test_switch_is_pinged_at_its_pace_and_a_failure_shows_no_url(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = ManualClock()
    with sink() as (app, address):
        monkeypatch.setenv("PING", f"http://{address}/hidden")
        pulse = Pulse(Secret("env:PING"), 300, clock)
        pulse.beat()
        clock.advance(299)
        pulse.beat()
        assert app.paths == ["/hidden"]
        clock.advance(1)
        pulse.beat()
        assert len(app.paths) == 2
        app.status = 404
        clock.advance(300)
        pulse.beat()
        assert pulse.problem is not None
        assert "status 404" in pulse.problem.reason
    clock.advance(300)
    pulse.beat()
    assert "ConnectError" in pulse.problem.reason
    assert "hidden" not in caplog.text
