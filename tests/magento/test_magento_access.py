"""Log-in, versions, and what `check` says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from agent.contract import Finding
from agent.errors import Misconfigured
from connectors.magento import KIND
from connectors.magento.versions import ENDS, findings
from tests.magento.conftest import OpenTarget
from tests.peers.engine import Engine
from tests.peers.http_server import Peer
from tests.peers.magento import CONSUMER, SECRETS, TOKEN_ID, MagentoShop
from tests.platforms.messages import message, product

SAID = "Magento/2.4 (Community)"


def signing(peer: Peer, monkeypatch: pytest.MonkeyPatch, *secrets: str) -> dict[str, Any]:
    for name, secret in zip(("CONSUMER", "TOKEN"), secrets, strict=True):
        monkeypatch.setenv(f"SYNC_TEST_MAGENTO_{name}_SECRET", secret)
    return {
        "url": peer.url,
        "oauth1": {
            "consumer_key": CONSUMER,
            "consumer_secret": "env:SYNC_TEST_MAGENTO_CONSUMER_SECRET",
            "token_id": TOKEN_ID,
            "token_secret": "env:SYNC_TEST_MAGENTO_TOKEN_SECRET",
        },
    }


def opened(connection: dict[str, Any]) -> Engine:
    assert KIND.target
    target = KIND.target(
        KIND.connection.model_validate(connection),
        KIND.target_options.model_validate({"deleted": "delete"}),
    )
    return Engine(target)


def test_signed_requests_are_let_in_where_bearer_tokens_are_not(
    shop: MagentoShop, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.bearer = False
    engine = opened(signing(peer, monkeypatch, *SECRETS))
    try:
        assert engine.send(product("1/2 & più"))["1/2 & più"].accepted
        assert engine.send(message("product", "1/2 & più"))["1/2 & più"].accepted
    finally:
        engine.target.close()
    assert shop.catalogue.products == {}


def test_wrong_signature_halts_the_flow(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = opened(signing(peer, monkeypatch, SECRETS[0], "wrong"))
    try:
        with pytest.raises(Misconfigured, match="SA-5220"):
            engine.send(product("A1"))
    finally:
        engine.target.close()


def test_bearer_token_that_the_shop_does_not_allow_halts_the_flow_in_its_words(
    shop: MagentoShop, open_target: OpenTarget
) -> None:
    shop.bearer = False
    with pytest.raises(Misconfigured, match="isn't authorized"):
        open_target().send(product("A1"))
    assert len(shop.calls) == 1


@pytest.mark.parametrize("said", [{}, {"token": "env:A", "oauth1": {}}])
def test_exactly_one_way_in_is_given(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        KIND.connection.model_validate({"url": "https://shop.example.com", **said})


def test_check_says_what_it_saw(open_target: OpenTarget) -> None:
    engine = open_target(bulk_from=3, price_lists={"RIV": "group:Wholesale"})
    seen = {each.subject: each for each in engine.target.check()}
    assert not any(each.warning for each in seen.values())
    assert seen["sources"].detail == "default"
    assert seen["customer groups"].detail == "General, Wholesale"
    assert "consumers must run" in seen["queue"].detail


def test_check_warns_of_modules_that_are_off(shop: MagentoShop, open_target: OpenTarget) -> None:
    shop.modules.clear()
    warned = {each.subject for each in open_target(bulk_from=3).target.check() if each.warning}
    assert warned == {"stock", "queue"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"currency": "USD"}, "base currency is EUR"),
        ({"warehouses": {"RM": "roma"}}, "no source roma"),
        ({"price_lists": {"X": "group:Nobody"}}, "no customer group Nobody"),
        ({"customer_groups": {"X": 99}}, "no customer group 99"),
    ],
)
def test_check_finds_what_the_shop_does_not_have(
    open_target: OpenTarget, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(Misconfigured, match=words) as told:
        list(open_target(**options).target.check())
    assert told.value.code == "SA-5468"


@pytest.mark.parametrize("version", sorted(ENDS))
def test_end_of_a_version_is_told_ninety_days_ahead(version: str) -> None:
    def told(day: date) -> Finding:
        return next(iter(findings(version, SAID, day)))

    end = ENDS[version]
    assert not told(date.fromordinal(end.toordinal() - 91)).warning
    assert told(date.fromordinal(end.toordinal() - 90)).warning
    assert "ended on" in told(date.fromordinal(end.toordinal() + 1)).detail


def test_version_that_nobody_named_or_that_the_shop_denies_is_warned_of() -> None:
    (told,) = findings("", SAID, date(2026, 3, 1))
    assert told.warning
    assert SAID in told.detail
    *_, told = findings("2.4.8", "Magento/2.5 (Community)", date(2026, 3, 1))
    assert told == Finding("version", told.detail, warning=True)


def test_version_that_is_none_is_refused() -> None:
    said = {"url": "https://shop.example.com", "token": "env:A", "version": "2.3"}
    with pytest.raises(ValidationError, match=r"2\.4\.8"):
        KIND.connection.model_validate(said)
