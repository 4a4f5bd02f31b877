"""A comparison asks the target within the limits at which it is delivered to."""

from __future__ import annotations

import threading
from random import Random

import pytest

from agent.clock import SystemClock
from agent.delivery.door import Door
from agent.delivery.settings import DeliverySettings
from agent.errors import Misconfigured, Rejected, Unavailable
from agent.kpi import TARGET
from agent.store import Subject
from connectors.memory import fails
from tests.explain.premises import Premises

SHOP = Subject(TARGET, "shop")


def calls(site: Premises) -> int:
    site.agent.figures.write()
    found = site.agent.figures.since_start().get(SHOP)
    return found.counts.get("calls", 0) if found else 0


def test_every_question_of_a_comparison_passes_the_limiter_of_the_deliveries(
    site: Premises,
) -> None:
    batch = 100
    site.holds(*((f"A{number}", "Vite", "1.5", "A") for number in range(3 * batch)))
    site.sync()
    before = calls(site)
    assert site.run("verify")["outcome"] == "ok"
    assert calls(site) - before == 3


def test_target_that_is_halted_is_not_asked(site: Premises) -> None:
    steady = ("A2", "Dado", "2", "A")
    site.holds(("A1", "Vite", "1.5", "A"), steady)
    site.sync()
    site.receiver.script.append(fails(Misconfigured("SA-5220", "the token is wrong")))
    site.holds(("A1", "Vite lunga", "1.5", "A"), steady)
    site.run()
    site.wait(lambda: site.ask("status")["targets"][0]["state"] == "halted")
    run = site.run("verify")
    assert (run["outcome"], run["code"]) == ("failed", "SA-5005")
    assert "the token is wrong" in run["reason"]


@pytest.fixture
def door() -> Door:
    return Door(DeliverySettings(), SystemClock(), Random(1))


def test_question_waits_for_the_end_of_a_pause_and_ends_with_the_door(door: Door) -> None:
    door.pause_for(3600)
    found: list[Unavailable] = []
    asking = threading.Event()

    def ask() -> None:
        asking.set()
        try:
            door.ask()
        except Unavailable as error:
            found.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    assert asking.wait(10)
    assert found == []
    door.close()
    thread.join(10)
    assert [error.code for error in found] == ["SA-5005"]


def test_question_at_a_halted_door_is_refused(door: Door) -> None:
    door.ask()
    door.halt(Misconfigured("SA-5220", "the token is wrong"))
    with pytest.raises(Rejected, match="the token is wrong"):
        door.ask()
