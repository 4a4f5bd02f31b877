"""`config` and `secret`: what can be asked and done before anything runs."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from agent.config import load
from tests.cli.conftest import TOKEN, Site


def test_config_check_counts_what_it_found(site: Site) -> None:
    answer = site.run("config", "check", "--json")
    assert answer.status == 0
    assert (answer.document["connections"], answer.document["flows"]) == (2, 1)


def test_config_schema_accepts_the_example(site: Site) -> None:
    schema = json.loads(site.run("config", "schema").out)
    example = site.run("config", "example")
    jsonschema.validate(yaml.load(example.out, Loader=yaml.BaseLoader), schema)


def test_config_example_can_be_saved_and_loads(site: Site, tmp_path: Path) -> None:
    saved = tmp_path / "saved.yaml"
    saved.write_text(site.run("config", "example").out, encoding="utf-8")
    assert site.run("--config", str(saved), "config", "check").status == 0


def test_config_show_fills_in_defaults_and_can_be_loaded_again(site: Site) -> None:
    shown = site.run("config", "show").out
    saved = site.folder / "shown.yaml"
    saved.write_text(shown, encoding="utf-8")
    before, after = load(site.folder / "config.yaml"), load(saved)
    assert "env:SHOP_TOKEN" in shown
    assert yaml.safe_load(shown)["store"]["keep_days"] == before.store.keep_days
    assert after.flows["products"].mapping == before.flows["products"].mapping
    assert after.flows["products"].source.options == before.flows["products"].source.options


def test_a_command_names_the_configuration_before_or_after_its_own_name(site: Site) -> None:
    other = site.folder / "other.yaml"
    (site.folder / "config.yaml").rename(other)
    for arguments in (("-c", str(other), "config", "check"), ("config", "check", "-c", str(other))):
        assert site.run(*arguments, SYNCAGENT_CONFIG="/nowhere.yaml").status == 0
    assert site.run("config", "check", SYNCAGENT_CONFIG=str(other)).status == 0
    assert site.run("config", "check").status == 78


def test_secrets_of_the_configuration_are_listed_without_their_values(site: Site) -> None:
    (secret,) = site.run("secret", "list", "--json").document["secrets"]
    assert secret == {"where": "connections.shop.token", "reference": "env:SHOP_TOKEN", "ok": True}


def test_secret_is_stored_in_a_file_for_its_owner_alone(site: Site) -> None:
    path = site.folder / "erp.password"
    answer = site.run("secret", "set", f"file:{path}", stdin=f"{TOKEN}\n")
    assert answer.status == 0
    assert path.read_text() == TOKEN
    assert path.stat().st_mode & 0o777 == 0o600
    assert site.run("secret", "test", f"file:{path}").status == 0
    path.chmod(0o644)
    refused = site.run("secret", "test", f"file:{path}")
    assert (refused.status, "other users may read it" in refused.err) == (77, True)


@pytest.mark.parametrize("reference", ["env:NAME", "credential:name", "ftp:name", "file:"])
def test_secret_that_cannot_be_stored_from_here_is_refused(site: Site, reference: str) -> None:
    answer = site.run("secret", "set", reference, stdin=TOKEN)
    assert (answer.status, answer.err[:7]) == (2, "SA-7008")


def test_secret_set_in_a_keyring_needs_one(site: Site) -> None:
    answer = site.run(
        "secret", "set", "erp", stdin=TOKEN, PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring"
    )
    assert (answer.status, answer.err[:7]) == (77, "SA-1604")


def test_empty_secret_is_refused(site: Site) -> None:
    answer = site.run("secret", "set", f"file:{site.folder}/x", stdin="\n")
    assert answer.status == 77
    assert not (site.folder / "x").exists()


def test_plain_password_given_as_a_reference_is_not_repeated(site: Site) -> None:
    assert site.run("secret", "test", TOKEN.replace("-", ":")).status == 2


def test_kinds_are_listed_with_what_can_be_done_with_them(site: Site) -> None:
    found = {
        each["kind"]: each
        for each in site.run("connectors", "list", "--json").document["connectors"]
    }
    assert found["shop"]["ends"] == ["source", "target"]
    assert found["file"]["ends"] == ["target"]
    assert found["csv"]["ends"] == ["source"]
    listed = site.run("connectors", "list").out
    assert all(kind in listed for kind in found)


def test_what_a_kind_can_be_told_is_shown(site: Site) -> None:
    document = site.run("connectors", "show", "sqlite", "--json").document
    keys = {key["key"]: key for section in document["sections"] for key in section["keys"]}
    assert keys["file"]["default"] == "required"
    shown = site.run("connectors", "show", "sqlite").out
    assert "sqlite: source of a flow" in shown
    assert all(key in shown for key in keys)
    shown = site.run("connectors", "show", "csv").out
    assert "such as articles*.csv;" in " ".join(shown.split()), "no Markdown, but every letter"


def test_kind_that_does_not_exist_is_told(site: Site) -> None:
    answer = site.run("connectors", "show", "sqlight")
    assert (answer.status, answer.err[:7]) == (2, "SA-7009")
