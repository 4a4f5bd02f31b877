"""`syncagent users`, with the daemon and without: passwords come from the keyboard, never stay."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.api.server import ApiServer
from agent.cli import program
from agent.cli.invocation import Invocation
from agent.config import ApiSettings
from agent.daemon import Agent
from agent.errors import Rejected
from agent.passwords import matches
from tests.dashboard.site import PASSWORD

Said = Callable[..., str]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text("connections: {}\nflows: {}\nstore: {path: store.db, backup: off}\n")
    return path


@pytest.fixture
def said(config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Said:
    """What `syncagent users …` prints, with something on its standard input."""

    def command(*words: str, typed: str = "") -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        arguments = ["users", *words, "--config", str(config)]
        program.main(arguments, obj=Invocation(), standalone_mode=False)
        return capsys.readouterr().out

    return command


def test_a_user_is_added_listed_and_removed(said: Said) -> None:
    assert said("add", "anna", "--role", "operator", typed=f"{PASSWORD}\n") == (
        "anna may log in as operator\n"
    )
    (user,) = json.loads(said("list", "--json"))["users"]
    assert (user["name"], user["role"]) == ("anna", "operator")
    assert "password" not in user
    assert said("remove", "anna") == "anna may not log in any more\n"
    assert json.loads(said("list", "--json"))["users"] == []


def test_a_password_is_changed_through_the_running_daemon(
    said: Said, config: Path, tmp_path: Path
) -> None:
    agent = Agent.open(config)
    server = ApiServer(agent, tmp_path, ApiSettings())
    server.start()
    try:
        said("add", "anna", typed=f"{PASSWORD}\n")
        said("password", "anna", typed="another long password\n")
        found = agent.store.users.get("anna")
        assert found
        assert matches("another long password", found.password)
        deeds = [(deed.by, deed.did, deed.about) for deed in agent.store.audit.list()]
        assert deeds == [
            ("command line", "set_password", {"name": "anna"}),
            ("command line", "add_user", {"name": "anna", "role": "viewer"}),
        ]
    finally:
        server.stop()
        agent.close()


@pytest.mark.parametrize(
    ("words", "typed", "reason"),
    [
        (("add", "anna"), "short\n", "12 to 256 characters"),
        (("add", "no spaces"), f"{PASSWORD}\n", "cannot be the name of a user"),
        (("password", "nobody"), f"{PASSWORD}\n", "there is no user nobody"),
        (("remove", "nobody"), "", "there is no user nobody"),
    ],
    ids=["short password", "bad name", "unknown to change", "unknown to remove"],
)
def test_what_cannot_be_is_refused(
    said: Said, words: tuple[str, ...], typed: str, reason: str
) -> None:
    with pytest.raises(Rejected, match=reason):
        said(*words, typed=typed)


def test_a_name_is_given_once(said: Said) -> None:
    said("add", "anna", typed=f"{PASSWORD}\n")
    with pytest.raises(Rejected, match="there is a user anna already"):
        said("add", "anna", "--role", "admin", typed=f"{PASSWORD}\n")
