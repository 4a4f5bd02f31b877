"""A configuration is shown to people without secrets, whoever wrote one into it and however."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.config import load
from agent.config.plain_secrets import masked

ROOT = Path(__file__).parents[2]
SECRET = "hunter2-Z"


@pytest.mark.parametrize(
    "written",
    [
        f"password: {SECRET}",
        f'password: "{SECRET} and more"',
        f"PWD : {SECRET}",
        f"- api_key: {SECRET}",
        f"client_secret: {SECRET}  # the real one",
        f"shop: {{kind: shop, token: {SECRET}, url: x}}",
        f"shop: {{token: env:SHOP, password: {SECRET}}}",
        f"password: |\n  {SECRET}\n  {SECRET}\nuser: x",
        f"password:\n  {SECRET}",
        f"password: >-\n    {SECRET}\n\n    {SECRET}",
        f"password: 'half\n  {SECRET}'",
        f"tokens:\n- {SECRET}\n- {SECRET}",
        f"token:\n  - {SECRET}",
        f"token: &anchor {SECRET}",
        f"# password: {SECRET}",
        f"url: https://anna:{SECRET}@shop.example/",
        f"url: https://shop.example/?a=1&token={SECRET}",
        f"dsn: 'DRIVER=x;UID=sa;PWD={SECRET};'",
        f"# once it was password={SECRET}",
        f"headers: {{Authorization: Bearer {SECRET}}}",
        f"headers:\n  Authorization: Bearer {SECRET}",
        f"note: use Bearer {SECRET}-and-so-on",
        f"key: |\n  -----BEGIN RSA PRIVATE KEY-----\n  {SECRET}\n  -----END RSA PRIVATE KEY-----",
        f"\tpassword:\t{SECRET}",
        f"}} no: yaml [\npassword: {SECRET}",
        f"- password: |\n    {SECRET}\n  user: sa",
    ],
)
def test_no_secret_is_shown(written: str) -> None:
    shown = masked(written)
    assert SECRET not in shown
    assert "***" in shown
    assert shown.count("\n") == written.count("\n")


@pytest.mark.parametrize(
    "written",
    [
        "password: env:ERP_PASSWORD",
        "token: file:/etc/syncagent/token  # of the shop",
        "shop: {kind: shop, token: env:SHOP, url: https://shop.example/api}",
        "auth:\n  token:\n    url: https://login.example/token\n    client_secret: keyring:shop",
        "services:\n  - env:TELEGRAM",
        "token:\n  - env:ONE\n  - env:TWO\nuser: sa",
        "password: env:A\nuser: sa\nquery: SELECT token FROM items",
        "certificate_key: /etc/tls/key.pem",
        "mapping:\n  name: TITLE\n  description: Basic steel screw",
    ],
)
def test_references_and_everything_else_stay_as_they_are(written: str) -> None:
    assert masked(written) == written


def test_what_follows_a_secret_is_shown_again() -> None:
    shown = masked(f"erp:\n  password: |\n    {SECRET}\n  user: sa\nflows: {{}}")
    assert shown == "erp:\n  password: |\n    ***\n  user: sa\nflows: {}"


def test_configuration_in_force_knows_its_text() -> None:
    path = ROOT / "config.example.yaml"
    assert load(path).text == masked(path.read_text(encoding="utf-8"))
