"""The real daemon under load, ended by SIGKILL at any moment."""

from __future__ import annotations

import threading
import time
from decimal import Decimal
from pathlib import Path

from agent.demo import erp
from agent.demo.agreement import differences
from agent.demo.premises import Premises, quiet
from tests.faults.seeds import seeded
from tests.faults.site import DELETE_FREELY, Site, assert_nothing_doubled

KILLS = 6


def test_daemon_killed_again_and_again_while_it_loads_the_whole_company(tmp_path: Path) -> None:
    """The demo's ERP: 3,000 rows in six flows, prices changing, the shop a little slow."""
    random = seeded(-1)
    with Premises(tmp_path) as premises:
        codes = erp.article_codes(premises.erp)
        for number in range(1, KILLS + 1):
            premises.shop.plan_fault("delay", times=20, seconds=0.03)
            premises.agent.start()
            erp.scale_prices(premises.erp, Decimal("1.1"))
            erp.change_stock(premises.erp, random.choice(codes), Decimal(10_000 + number))
            time.sleep(random.uniform(0, 0.6))
            premises.agent.kill()
        client = premises.agent.start()
        premises.agent.until(
            lambda: not differences(premises.erp, premises.shop.database), "both agree", 60
        )
        premises.agent.until(lambda: quiet(client), "nothing is on its way", 60)
        assert differences(premises.erp, premises.shop.database) == []
        assert_nothing_doubled(premises.shop.database)


def test_daemon_killed_while_the_source_never_rests(site: Site) -> None:
    """Changes, deletions and dropped files go on while the daemon dies and comes back."""
    random = seeded(-1)
    site.configure(DELETE_FREELY)
    stop = threading.Event()

    def work() -> None:
        while not stop.wait(0.1):
            site.edit(random)
            if random.random() < 0.2:
                site.drop_prices(random)

    clerk = threading.Thread(target=work)
    clerk.start()
    try:
        for _ in range(KILLS):
            site.agent.start()
            time.sleep(random.uniform(0, 1.5))
            site.agent.kill()
    finally:
        stop.set()
        clerk.join()
    site.agent.start()
    site.until_in_step()
    site.agent.stop()
    site.assert_at_rest()
    assert site.parked() == []
