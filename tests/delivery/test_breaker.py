from math import inf
from random import Random

from agent.delivery.breaker import Breaker, Circuit


def breaker(**changes: float) -> Breaker:
    settings = {"failures": 3, "cooldown": 10.0, "cap": 60.0} | changes
    return Breaker(
        failures=int(settings["failures"]),
        cooldown=settings["cooldown"],
        cap=settings["cap"],
        random=Random(1),
    )


def proven(**changes: float) -> Breaker:
    circuit = breaker(**changes)
    circuit.succeed()
    return circuit


def test_a_target_that_never_answered_is_tried_by_one_sender_only() -> None:
    circuit = breaker()
    assert circuit.enter(0.0)
    assert circuit.wait(0.0) == inf
    circuit.succeed()
    circuit.leave()
    assert circuit.wait(0.0) == 0.0
    assert not circuit.enter(0.0), "everybody may now pass, and nobody carries a probe"


def test_failures_in_a_row_open_it_and_a_success_between_them_starts_the_count_anew() -> None:
    circuit = proven()
    assert [circuit.fail(0.0), circuit.fail(0.0)] == [False, False]
    assert not circuit.succeed(), "it had not been open"
    assert [circuit.fail(0.0), circuit.fail(0.0), circuit.fail(0.0)] == [False, False, True]
    assert circuit.circuit(0.0) is Circuit.OPEN
    assert circuit.wait(0.0) == circuit.until > 0


def test_after_the_cool_down_one_probe_closes_it() -> None:
    circuit = proven(failures=1)
    circuit.fail(0.0)
    later = circuit.until
    assert circuit.circuit(later) is Circuit.HALF_OPEN
    assert circuit.enter(later)
    assert circuit.wait(later) == inf
    assert circuit.succeed(), "which is news"
    circuit.leave()
    assert circuit.circuit(later) is Circuit.CLOSED


def test_a_probe_that_finds_nothing_to_send_leaves_the_question_open() -> None:
    circuit = breaker()
    circuit.enter(0.0)
    circuit.leave()
    assert circuit.wait(0.0) == 0.0
    assert circuit.enter(0.0)


def test_a_failed_probe_opens_it_for_longer_up_to_the_cap_and_never_for_exactly_as_long() -> None:
    circuit, now, waits = proven(failures=1), 0.0, []
    for _ in range(8):
        assert circuit.fail(now)
        waits.append(circuit.wait(now))
        now = circuit.until
    for wait, bound in zip(waits, [10, 20, 40, 60, 60, 60, 60, 60], strict=True):
        assert bound / 2 <= wait <= bound
    assert len(set(waits)) == len(waits)


def test_a_straggler_that_fails_while_it_is_open_does_not_lengthen_the_cool_down() -> None:
    circuit = proven(failures=1)
    circuit.fail(0.0)
    until = circuit.until
    assert not circuit.fail(1.0)
    assert circuit.until == until


def test_doubt_forgets_the_past_and_asks_for_a_probe() -> None:
    circuit = proven(failures=1)
    circuit.fail(0.0)
    circuit.doubt()
    assert circuit.circuit(0.0) is Circuit.HALF_OPEN
