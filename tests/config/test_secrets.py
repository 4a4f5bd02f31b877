"""A secret is named, never held; and what it holds is never shown."""

# ruff: noqa: E501 - a problem is one line, here as in a terminal

import json
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest
from pydantic import BaseModel

from agent.config import ConfigurationProblems, load
from agent.errors import Misconfigured
from agent.secrets import Secret, keep_in_keyring
from tests.config.conftest import SOUND, Loading, Refusing

CANARY = "tr0ub4dor-canary"


class Vault(keyring.backend.KeyringBackend):
    """A keyring that keeps its entries in this process."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise keyring.errors.KeyringLocked("the vault is locked")
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise keyring.errors.PasswordSetError(f"cannot store {password}")
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


class PlaintextVault(Vault):
    """Its name says what keyrings.alt's default does."""


@pytest.fixture
def vault() -> Vault:
    return Vault()


@pytest.fixture(autouse=True)
def _chosen_keyring(vault: Vault) -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(vault)
    yield
    keyring.set_keyring(before)


@pytest.fixture
def secret_in(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Secret:
    """The canary, kept in the way that the test's parameter names."""
    way = request.param
    if way == "env":
        monkeypatch.setenv("CANARY", CANARY)
        return Secret("env:CANARY")
    if way == "keyring":
        return keep_in_keyring("canary", CANARY)
    path = tmp_path / "canary"
    path.touch(mode=0o600)
    path.write_text(f"{CANARY}\n")
    if way == "file":
        return Secret(f"file:{path}")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    return Secret("credential:canary")


every_way = pytest.mark.parametrize(
    "secret_in", ["env", "file", "keyring", "credential"], indirect=True
)


@every_way
def test_a_secret_is_revealed_from_where_it_is_kept(secret_in: Secret) -> None:
    assert secret_in.reveal() == CANARY


@every_way
def test_a_secret_shows_its_reference_and_never_its_value(secret_in: Secret) -> None:
    class Options(BaseModel):
        password: Secret

    options = Options(password=secret_in)
    secret_in.reveal()
    shown = [
        repr(secret_in),
        str(secret_in),
        f"{secret_in}",
        repr(options),
        str(options.model_dump()),
        options.model_dump_json(),
        json.dumps(Options.model_json_schema()),
        logging.Formatter().format(
            logging.LogRecord("x", 1, "x", 1, "%s", (secret_in,), None),
        ),
    ]
    assert not [text for text in shown if CANARY in text]
    assert all(secret_in.reference in text for text in shown[:6])


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("env:NOT_SET_ANYWHERE", "SA-1601"),
        ("file:/nowhere/at/all", "SA-1601"),
        ("keyring:nothing", "SA-1601"),
        ("credential:nothing", "SA-1601"),
    ],
)
def test_a_secret_that_cannot_be_had_says_so_and_what_to_do(
    reference: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    with pytest.raises(Misconfigured) as caught:
        Secret(reference).check()
    assert caught.value.code == code
    assert reference in caught.value.reason
    assert caught.value.hint


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch(mode=0o600)
    with pytest.raises(Misconfigured, match="is empty"):
        Secret(f"file:{path}").check()


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "open"
    path.write_text(CANARY)
    path.chmod(0o640)
    with pytest.raises(Misconfigured, match="other users may read it") as caught:
        Secret(f"file:{path}").reveal()
    assert caught.value.hint == f"chmod 600 {path}"


def test_a_file_that_is_no_text_is_refused_without_a_trace_of_it(tmp_path: Path) -> None:
    path = tmp_path / "binary"
    path.touch(mode=0o600)
    path.write_bytes(CANARY.encode() + b"\xff")
    with pytest.raises(Misconfigured, match="not UTF-8") as caught:
        Secret(f"file:{path}").reveal()
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_a_keyring_that_keeps_plain_text_is_refused(vault: Vault) -> None:
    vault.entries["syncagent", "canary"] = CANARY
    plain = PlaintextVault()
    plain.entries = vault.entries
    keyring.set_keyring(plain)
    with pytest.raises(Misconfigured) as caught:
        Secret("keyring:canary").reveal()
    assert caught.value.code == "SA-1603"
    with pytest.raises(Misconfigured):
        keep_in_keyring("canary", CANARY)


def test_a_machine_without_a_keyring_says_what_else_there_is() -> None:
    from keyring.backends.fail import Keyring  # noqa: PLC0415 - only this test needs it

    keyring.set_keyring(Keyring())
    with pytest.raises(Misconfigured) as caught:
        Secret("keyring:canary").reveal()
    assert caught.value.code == "SA-1604"
    assert "credential:" in caught.value.hint


def test_a_locked_keyring_is_told_apart_from_a_missing_entry(vault: Vault) -> None:
    vault.locked = True
    with pytest.raises(Misconfigured, match="the vault is locked"):
        Secret("keyring:canary").reveal()


def test_a_keyring_that_quotes_what_it_was_given_does_not_leak_it(vault: Vault) -> None:
    vault.locked = True
    with pytest.raises(Misconfigured) as caught:
        keep_in_keyring("canary", CANARY)
    assert caught.value.code == "SA-1605"
    assert CANARY not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("reference", [CANARY, "", "env:", "env: ", f"vault:{CANARY}", "env:a\nb"])
def test_what_is_no_reference_is_refused_without_being_repeated(reference: str) -> None:
    with pytest.raises(ValueError, match="must be a reference") as caught:
        Secret(reference)
    assert CANARY not in str(caught.value)


PLAIN = {
    "value of a secret": f"token: {CANARY}",
    "section in its place": f"token: {{value: {CANARY}}}",
    "list in its place": f"token: [{CANARY}]",
    "unknown scheme": f"token: vault:{CANARY}",
    "in a URL": f"socket: https://user:{CANARY}@host/",
    "in a URL without user": f"socket: redis://:{CANARY}@host/",
    "in a query": f"socket: https://host/?a=1&access_token={CANARY}",
    "in a connection string": f'socket: "DRIVER=x;UID=me;PWD={CANARY};"',
    "in a connection string, spelt out": f'socket: "password = {CANARY}"',
    "in a place that wants a number": f"port: https://user:{CANARY}@host/",
    "in a place with words of its own": f"host: 'PWD={CANARY}'",
    "under an unknown key": f"url: https://user:{CANARY}@host/",
    "as a tag": f"token: !{CANARY} x",
    "as a tag with a handle": f"token: !{CANARY}!x y",
    "as an alias": f"token: *{CANARY}",
    "in a broken line": f"token: {CANARY}: x",
    "in an open quote": f"token: '{CANARY}",
}


@pytest.mark.parametrize("section", PLAIN.values(), ids=PLAIN.keys())
def test_a_secret_in_the_file_is_refused_and_never_repeated(tmp_path: Path, section: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"{SOUND}api:\n  {section}\n")
    with pytest.raises(ConfigurationProblems) as caught:
        load(path)
    problems = caught.value
    said = [problems.report(), str(problems), repr(problems), repr(problems.problems)]
    said += traceback.format_exception(problems)
    assert not [text for text in said if CANARY in text]
    assert problems.__context__ is None, "the error that pydantic raised holds the input"


def test_a_plain_password_says_how_to_name_it_instead(refused: Refusing) -> None:
    assert refused(f"{SOUND}api: {{port: 8700, token: {CANARY}}}\n") == [
        'config.yaml:13:26  SA-1301  "token" must be a reference: env:NAME, file:/path, keyring:NAME or credential:NAME: syncagent secret set NAME, then write keyring:NAME here'
    ]


def test_a_password_in_a_connection_string_is_found_wherever_it_stands(refused: Refusing) -> None:
    text = SOUND.replace("table: ART", f"table: 'DSN=erp;Pwd={CANARY}'")
    assert refused(text) == [
        "config.yaml:7:38  SA-1302  a password inside a URL or a connection string: take it out and name it in a key of its own, as a reference"
    ]


def test_a_password_among_the_keywords_of_a_driver_is_found(refused: Refusing) -> None:
    added = f"old: {{kind: odbc, dialect: generic, keywords: {{SSLPassword: {CANARY}}}}}"
    assert refused(SOUND.replace("  erp: {", f"  {added}\n  erp: {{")) == [
        'config.yaml:3:63  SA-1301  "SSLPassword" must be a reference: env:NAME, file:/path, keyring:NAME or credential:NAME: syncagent secret set NAME, then write keyring:NAME here'
    ]


@pytest.mark.parametrize(
    "harmless",
    [
        "https://user@host/path",
        "https://host:8443/p?page=2",
        "SELECT a FROM t WHERE pwd = 'x' OR password = b",
        "postgresql://host:5432/db",
    ],
)
def test_what_only_looks_like_a_secret_is_let_through(loaded: Loading, harmless: str) -> None:
    assert loaded(SOUND.replace("table: ART", f'table: "{harmless}"'))


def test_secrets_are_listed_with_their_places(loaded: Loading) -> None:
    shop = "shop: {kind: shop, url: 'https://shop.example', token: 'env:SHOP', signing_secret: 'keyring:sign'}"
    text = SOUND.replace("shop: {kind: memory}", shop).replace(", receiver: shop", "")
    uses = list(loaded(f"{text}api: {{port: 8700, token: 'credential:api'}}\n").secrets())
    assert {(use.where, use.secret.reference) for use in uses} == {
        ("connections.shop.token", "env:SHOP"),
        ("connections.shop.signing_secret", "keyring:sign"),
        ("api.token", "credential:api"),
    }


def test_a_loaded_configuration_shows_no_secret(
    loaded: Loading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANARY", CANARY)
    config = loaded(f"{SOUND}api: {{port: 8700, token: 'env:CANARY'}}\n")
    assert config.api.token is not None
    assert config.api.token.reveal() == CANARY
    assert CANARY not in repr(config) + config.api.model_dump_json()
