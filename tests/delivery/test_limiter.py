from agent.delivery.limiter import Limiter


def test_without_a_rate_everything_passes_at_once() -> None:
    limiter = Limiter(rate=0, burst=1, now=0.0)
    assert [limiter.take(0.0) for _ in range(1000)] == [0.0] * 1000


def test_a_burst_passes_and_then_one_request_per_interval() -> None:
    limiter = Limiter(rate=10, burst=3, now=100.0)
    assert [limiter.take(100.0) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert limiter.take(100.0) == 0.1
    assert limiter.take(100.05) > 0
    assert limiter.take(100.125) == 0.0


def test_tokens_do_not_pile_up_beyond_the_burst() -> None:
    limiter = Limiter(rate=10, burst=2, now=0.0)
    assert [limiter.take(1000.0) > 0 for _ in range(3)] == [False, False, True]


def test_over_a_long_time_the_rate_is_kept() -> None:
    limiter, now, sent = Limiter(rate=7, burst=5, now=0.0), 0.0, 0
    while now < 100:
        wait = limiter.take(now)
        sent += not wait
        now += wait + 1e-6
    assert 700 <= sent <= 705 + 1


def test_a_pause_lets_nothing_through_and_the_longer_wish_holds() -> None:
    limiter = Limiter(rate=0, burst=1, now=0.0)
    limiter.pause(30.0)
    limiter.pause(20.0)
    assert limiter.wait(10.0) == 20.0
    assert limiter.take(29.0) == 1.0
    assert limiter.take(30.0) == 0.0
