"""Every way to say who we are, over real TLS, and what happens to a stranger."""

from __future__ import annotations

import base64
import socket
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from agent.demo.certificates import Certificates
from agent.demo.shop import ShopProcess
from agent.errors import Misconfigured, Unavailable
from connectors.shop import ShopTarget
from tests.contract.target_suite import Sender
from tests.shop.conftest import OpenTarget, StartShop
from tests.shop.servers import answering, serving

OLD = "whsec_" + base64.b64encode(b"the key that is to be retired").decode()
NEW = "whsec_" + base64.b64encode(b"the key that comes after it").decode()


@pytest.fixture(autouse=True)
def more_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_TEST_OLD", OLD)
    monkeypatch.setenv("SHOP_TEST_NEW", NEW)
    monkeypatch.setenv("SHOP_TEST_CLIENT", "a secret: with % and +")


@pytest.fixture(scope="module")
def oauth_shop(start_shop: StartShop) -> ShopProcess:
    secrets = {"SHOP_CLIENT_ID": "agent 1", "SHOP_CLIENT_SECRET": "a secret: with % and +"}
    return start_shop(secrets=secrets)


def oauth2(url: str, **changes: str) -> dict[str, str]:
    return {
        "token_url": f"{url}/oauth/token",
        "client_id": "agent 1",
        "client_secret": "env:SHOP_TEST_CLIENT",
        **changes,
    }


def delivers(target: ShopTarget) -> bool:
    return all(receipt.accepted for receipt in target.deliver([Sender().message("1")]))


def refusal(target: ShopTarget) -> Misconfigured:
    with pytest.raises(Misconfigured) as caught:
        delivers(target)
    return caught.value


def test_right_token_is_let_in(target: ShopTarget) -> None:
    assert delivers(target)


@pytest.mark.parametrize("options", [{}, {"token": "env:SHOP_TEST_WRONG"}])
def test_wrong_or_missing_token_asks_for_a_person(
    shop: ShopProcess, open_target: OpenTarget, options: dict[str, str]
) -> None:
    error = refusal(open_target(shop.url, **options))
    assert error.code == "SA-5220"
    assert error.hint
    assert "falsch" not in f"{error}{error.hint}"


def test_token_with_a_line_break_is_not_sent(
    shop: ShopProcess, open_target: OpenTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_TEST_WRONG", "two\nlines")
    assert refusal(open_target(shop.url, token="env:SHOP_TEST_WRONG")).code == "SA-5237"


def test_client_credentials_are_exchanged_for_a_token(
    oauth_shop: ShopProcess, open_target: OpenTarget
) -> None:
    target = open_target(oauth_shop.url, oauth2=oauth2(oauth_shop.url))
    assert delivers(target)
    assert delivers(target)


@pytest.mark.parametrize(
    "wrong", [{"client_id": "nobody"}, {"client_secret": "env:SHOP_TEST_WRONG"}]
)
def test_wrong_client_gets_no_token(
    oauth_shop: ShopProcess, open_target: OpenTarget, wrong: dict[str, str]
) -> None:
    error = refusal(open_target(oauth_shop.url, oauth2=oauth2(oauth_shop.url, **wrong)))
    assert error.code == "SA-5224"
    assert "invalid_client" in error.reason


def test_token_of_another_shop_is_refused_for_good(
    oauth_shop: ShopProcess, shop: ShopProcess, open_target: OpenTarget
) -> None:
    target = open_target(shop.url, oauth2=oauth2(oauth_shop.url))
    assert [refusal(target).code for _ in range(2)] == ["SA-5220", "SA-5220"]


def test_token_that_ended_early_is_fetched_anew(
    oauth_shop: ShopProcess, open_target: OpenTarget
) -> None:
    target = open_target(oauth_shop.url, oauth2=oauth2(oauth_shop.url))
    assert delivers(target)
    oauth_shop.request("DELETE", "/_tokens").raise_for_status()
    with pytest.raises(Unavailable) as caught:
        delivers(target)
    assert caught.value.code == "SA-5214"
    assert delivers(target)


def test_eight_threads_share_one_token(open_target: OpenTarget, certificates: Certificates) -> None:
    asked: list[str] = []
    token = b'{"access_token":"t","token_type":"Bearer","expires_in":3600}'

    with answering(certificates, "application/json", token, asked) as url:
        target = open_target(url, oauth2=oauth2(url, token_url=url))
        threads = [threading.Thread(target=_try, args=(target,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len([line for line in asked if line.startswith("POST / ")]) == 1


def _try(target: ShopTarget) -> None:
    with pytest.raises(Unavailable):  # a token is no list of verdicts
        delivers(target)


@pytest.fixture(scope="module")
def signing_shop(start_shop: StartShop) -> ShopProcess:
    return start_shop(secrets={"SHOP_SIGNING_SECRETS": OLD})


@pytest.mark.parametrize(
    "secrets",
    [
        {"signing_secret": "env:SHOP_TEST_OLD"},
        {"signing_secret": "env:SHOP_TEST_OLD", "next_signing_secret": "env:SHOP_TEST_NEW"},
        {"signing_secret": "env:SHOP_TEST_NEW", "next_signing_secret": "env:SHOP_TEST_OLD"},
        {"signing_secret": "env:SHOP_TEST_OLD", "gzip": "always"},
    ],
)
def test_signed_batch_is_let_in(
    signing_shop: ShopProcess, open_target: OpenTarget, secrets: dict[str, str]
) -> None:
    target = open_target(signing_shop.url, **secrets)
    receipts = list(target.deliver([Sender().message(str(number)) for number in range(50)]))
    assert all(receipt.accepted for receipt in receipts)
    target.heartbeat({})


@pytest.mark.parametrize("secrets", [{}, {"signing_secret": "env:SHOP_TEST_NEW"}])
def test_unsigned_or_wrongly_signed_batch_is_refused(
    signing_shop: ShopProcess, open_target: OpenTarget, secrets: dict[str, str]
) -> None:
    assert refusal(open_target(signing_shop.url, **secrets)).code == "SA-5220"


def test_signing_secret_of_another_form_is_named(
    signing_shop: ShopProcess, open_target: OpenTarget
) -> None:
    with pytest.raises(Misconfigured) as caught:
        open_target(signing_shop.url, signing_secret="env:SHOP_TEST_WRONG")
    assert caught.value.code == "SA-5228"
    assert "falsch" not in str(caught.value)


@pytest.fixture(scope="module")
def certified_shop(start_shop: StartShop) -> ShopProcess:
    return start_shop(needs_certificate=True)


def test_client_certificate_is_let_in(
    certified_shop: ShopProcess, open_target: OpenTarget, certificates: Certificates
) -> None:
    assert delivers(open_target(certified_shop.url, client_certificate=certificates.client))


def test_client_without_certificate_is_refused(
    certified_shop: ShopProcess, open_target: OpenTarget
) -> None:
    error = refusal(open_target(certified_shop.url))
    assert error.code == "SA-5220"
    assert "client certificate" in error.reason


def test_client_without_certificate_is_refused_in_the_handshake(
    open_target: OpenTarget, certificates: Certificates
) -> None:
    with answering(certificates, "application/json", b"{}", [], needs_certificate=True) as url:
        assert refusal(open_target(url)).code == "SA-5234"


@pytest.fixture
def strange_authority(tmp_path: Path) -> Path:
    path = tmp_path / "strange.pem"
    trustme.CA().cert_pem.write_to_path(path)
    return path


def test_certificate_of_an_unknown_authority_is_named(
    shop: ShopProcess, open_target: OpenTarget, strange_authority: Path
) -> None:
    for options in ({"ca_file": None}, {"ca_file": str(strange_authority)}):
        error = refusal(open_target(shop.url, **options))
        assert error.code == "SA-5231"
        assert "ca_file" in error.hint


@pytest.mark.parametrize(
    ("name", "days", "code"),
    [("localhost", -1, "SA-5232"), ("shop.example.com", 9, "SA-5233"), ("127.0.0.2", 9, "SA-5233")],
)
def test_expired_and_foreign_certificates_are_named(
    open_target: OpenTarget, tmp_path: Path, name: str, days: int, code: str
) -> None:
    wrong = _issue(tmp_path, name, days)
    with answering(wrong, "application/json", b"{}", []) as url:
        error = refusal(open_target(url, ca_file=str(wrong.authority)))
    assert error.code == code


def _issue(folder: Path, name: str, days: int) -> Certificates:
    authority = trustme.CA()
    ends = datetime.now(UTC) + timedelta(days=days)
    issued = authority.issue_cert(name, not_before=ends - timedelta(days=30), not_after=ends)
    files = Certificates(folder / "authority", folder / "server", folder / "key", folder / "none")
    authority.cert_pem.write_to_path(files.authority)
    issued.cert_chain_pems[0].write_to_path(files.server)
    issued.private_key_pem.write_to_path(files.server_key)
    return files


@pytest.mark.parametrize("option", ["ca_file", "client_certificate"])
def test_certificate_file_that_is_none_is_named(
    shop: ShopProcess, open_target: OpenTarget, tmp_path: Path, option: str
) -> None:
    (tmp_path / "no.pem").write_text("no certificate")
    for path in (tmp_path / "no.pem", tmp_path / "missing.pem"):
        with pytest.raises(Misconfigured) as caught:
            open_target(shop.url, **{option: str(path)})
        assert caught.value.code == "SA-5227"
        assert option in caught.value.reason


def test_server_without_tls_is_named(open_target: OpenTarget) -> None:
    def speak_plainly(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
        connection.recv(65536)

    with serving(speak_plainly, None) as url:
        assert refusal(open_target(url.replace("http:", "https:"))).code == "SA-5235"


def test_certificate_of_the_server_is_read_without_logging_in(
    shop: ShopProcess, open_target: OpenTarget
) -> None:
    stranger = open_target(shop.url, token="env:SHOP_TEST_WRONG")
    (finding,) = stranger.connection.endings()
    assert finding.subject == "certificate"
    assert finding.until
    assert f"valid until {finding.until}, " in finding.detail


def test_check_tells_the_version_of_the_protocol(target: ShopTarget) -> None:
    findings = {finding.subject: finding.detail for finding in target.check()}
    assert findings["protocol"] == "version 1"
