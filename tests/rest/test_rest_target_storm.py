"""Orders in bad weather: requests get lost on both ways, and every order is there once."""

from __future__ import annotations

from contextlib import suppress
from random import Random

import pytest
from msgspec.structs import replace
from starlette.responses import Response

from agent.errors import Unavailable
from connectors._rest.target import RestTarget
from tests.peers.engine import Engine
from tests.peers.http_server import Asked, Peer
from tests.peers.losing import Lost
from tests.rest.counter import Ledger
from tests.rest.targets import CONFIRM, LOOK_UP, UPDATE, OpenTarget, order

ORDERS = 12
PATIENCE = 400


def bad_weather(ledger: Ledger, random: Random) -> Peer:
    """A third of all requests goes wrong before or after the work."""

    def answer(asked: Asked) -> Response:
        chance = random.random()
        if chance < 0.15:
            return Response(status_code=random.choice([503, 500, 429]))
        done = ledger(asked)
        return Lost() if chance < 0.35 else done

    return Peer(answer)


def send_all(target: RestTarget, random: Random, codes: list[str]) -> dict[str, str]:
    """Every order delivered, whatever it takes; code → reference."""
    engine = Engine(target)
    messages = {code: order(code) for code in codes}
    for _ in range(PATIENCE):
        # What had a receipt before something went wrong has been delivered.
        references = {key: reference for (_, key), reference in engine.bound.items()}
        waiting = [message for code, message in messages.items() if code not in references]
        if not waiting:
            return references
        batch = random.sample(waiting, min(len(waiting), random.randint(1, 5)))
        claimed = [replace(each, doubtful=each.id in engine._doubtful) for each in batch]
        with suppress(Unavailable):
            receipts = engine.send(*claimed)
            assert all(receipt.accepted for receipt in receipts.values()), receipts
    raise AssertionError(f"not delivered: {len(waiting)}")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("way", ["order", "order and its confirmation", "product"])
def test_every_record_is_there_once(
    open_target: OpenTarget, counter: Peer, ledger: Ledger, seed: int, way: str
) -> None:
    random = Random(f"{seed} {way}")
    counter.answer = bad_weather(ledger, random).answer
    more = {"order": {}, "order and its confirmation": {"steps": [CONFIRM]}}
    target = open_target(look_up=[LOOK_UP], **more.get(way, {"update": UPDATE}))
    codes = [f"W{number}" for number in range(ORDERS)]
    references = send_all(target, random, codes)
    assert sorted(row["code"] for row in ledger.rows.values()) == sorted(codes)
    if "confirmation" in way:
        assert {row["state"] for row in ledger.rows.values()} == {"confirmed"}
    told = {str(number): row["code"] for number, row in ledger.rows.items()}
    assert all(told[reference] == code for code, reference in references.items())
