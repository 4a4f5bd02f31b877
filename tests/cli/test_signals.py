"""A signal ends or reloads the agent whenever it comes, and whichever thread it meets."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from agent.cli.run import Wishes

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGHUP")
HANDLED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@pytest.fixture
def wishes() -> Iterator[Wishes]:
    before = {number: signal.getsignal(number) for number in HANDLED}
    wakeup = signal.set_wakeup_fd(-1)
    with Wishes() as wishes:
        yield wishes
    for number, handler in before.items():
        signal.signal(number, handler)
    signal.set_wakeup_fd(wakeup)


@pytest.mark.timeout(60)
def test_signal_that_meets_another_thread_wakes_the_one_that_waits(wishes: Wishes) -> None:
    def hang_up() -> None:
        time.sleep(0.2)  # the other one waits by then
        signal.pthread_kill(threading.get_ident(), signal.SIGHUP)

    thread = threading.Thread(target=hang_up)
    thread.start()
    while not wishes.reload:
        wishes.wait(3600)
    thread.join()
    assert not wishes.end


@pytest.mark.timeout(60)
def test_signal_that_comes_before_anybody_waits_is_not_lost(wishes: Wishes) -> None:
    signal.raise_signal(signal.SIGTERM)
    wishes.wait(3600)
    assert wishes.end
