"""The log-in from machine to machine: a certificate's key in place of a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from pydantic import ValidationError

from agent.errors import Misconfigured, Unavailable
from connectors.netsuite import KIND
from connectors.netsuite.options import NetSuiteOptions
from tests.erp.machines import TOKEN_PATH, Machines
from tests.erp.suite_records import SuiteRecords
from tests.peers.http_server import Peer, answering

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
TOKEN = {"consumer_secret": "env:A", "token_id": "1", "token_secret": "env:B"}
KEYS: dict[str, Callable[[], Key]] = {
    "PS256": lambda: rsa.generate_private_key(65537, 2048),
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ES384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "ES512": lambda: ec.generate_private_key(ec.SECP521R1()),
}


@pytest.fixture
def account() -> Iterator[SuiteRecords]:
    account = SuiteRecords()
    with closing(account.database):
        yield account


@pytest.fixture
def peer(account: SuiteRecords) -> Iterator[Peer]:
    with answering(account) as peer:
        account.machines = Machines(peer.url)
        yield peer


def kept(folder: Path, key: Key, password: bytes = b"") -> str:
    """A reference to a file with the key."""
    path = folder / "key.pem"
    secrecy = BestAvailableEncryption(password) if password else NoEncryption()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secrecy))
    path.chmod(0o600)
    return f"file:{path}"


def connection(peer: Peer, reference: str) -> dict[str, Any]:
    return {
        "url": peer.url,
        "account": "1234567_SB1",
        "consumer_key": "6a1f",
        "certificate_id": "cert-1",
        "private_key": reference,
    }


def checked(said: dict[str, Any]) -> list[str]:
    assert KIND.target
    options = KIND.target_options.model_validate({})
    target = KIND.target(NetSuiteOptions.model_validate(said), options)
    with closing(target):
        return [finding.subject for finding in target.check()]


def asked_for_tokens(peer: Peer) -> int:
    return sum(each.path == TOKEN_PATH for each in peer.asked)


@pytest.mark.parametrize("algorithm", KEYS)
def test_every_kind_of_key_logs_in_once_for_all(
    algorithm: str, peer: Peer, account: SuiteRecords, tmp_path: Path
) -> None:
    key = KEYS[algorithm]()
    assert account.machines
    account.machines.known["cert-1"] = key.public_key()
    said = connection(peer, kept(tmp_path, key))
    for _ in range(2):
        assert checked(said) == ["orders", "items", "customers"]
    assert account.machines.algorithms == [algorithm]


def test_certificate_that_netsuite_does_not_know_halts_after_one_attempt(
    peer: Peer, tmp_path: Path
) -> None:
    said = connection(peer, kept(tmp_path, KEYS["ES256"]()))
    with pytest.raises(Misconfigured) as refused:
        checked(said)
    assert (refused.value.code, asked_for_tokens(peer)) == ("SA-5224", 1)


def test_key_that_does_not_belong_to_the_certificate_is_refused(
    peer: Peer, account: SuiteRecords, tmp_path: Path
) -> None:
    assert account.machines
    account.machines.known["cert-1"] = KEYS["ES256"]().public_key()
    with pytest.raises(Misconfigured) as refused:
        checked(connection(peer, kept(tmp_path, KEYS["ES256"]())))
    assert refused.value.code == "SA-5224"


def test_token_that_ended_early_is_fetched_anew(
    peer: Peer, account: SuiteRecords, tmp_path: Path
) -> None:
    key = KEYS["ES256"]()
    assert account.machines
    account.machines.known["cert-1"] = key.public_key()
    said = connection(peer, kept(tmp_path, key))
    checked(said)
    account.machines.algorithms.append("ended")
    with pytest.raises(Unavailable) as ended:
        checked(said)
    assert ended.value.code == "SA-5214"
    assert checked(said)


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(lambda folder: kept(folder, KEYS["ES256"](), b"word"), id="password"),
        pytest.param(
            lambda folder: kept(folder, ec.generate_private_key(ec.SECP256K1())), id="curve"
        ),
    ],
)
def test_key_that_cannot_sign_is_told_before_anything_is_asked(
    key: Any, peer: Peer, tmp_path: Path
) -> None:
    with pytest.raises(Misconfigured) as unusable:
        checked(connection(peer, key(tmp_path)))
    assert (unusable.value.code, peer.asked) == ("SA-5371", [])


@pytest.mark.parametrize(
    "further", [{}, {"certificate_id": "1"}, {**TOKEN, "certificate_id": "1"}, {"token_id": "1"}]
)
def test_one_way_to_log_in_is_given_whole(further: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="give either consumer_secret"):
        NetSuiteOptions.model_validate({"account": "1", "consumer_key": "1", **further})
