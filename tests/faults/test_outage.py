"""The shop is down for a while."""

from __future__ import annotations

import time

from agent.api.client import Client
from tests.faults.seeds import seeded
from tests.faults.site import Site

NAMES = 4


def _wait_for_a_run(site: Site, client: Client) -> None:
    """Until the flow found something once more."""

    def last() -> int:
        return int(client.ask("runs", flow="products")["runs"][0]["run"])

    before = last()
    site.until(lambda: last() > before, "the change is taken over")


def test_outage_costs_one_message_a_key_and_each_key_one_effect(site: Site) -> None:
    client = site.agent.start()
    site.until_in_step()
    before = site.effects()
    site.shop.kill()
    codes = list(site.articles())[:15]
    for _ in range(NAMES):
        for code in codes:
            site.rename(code)
        _wait_for_a_run(site, client)
    site.until(lambda: site.pending(client) == len(codes), "only the newest of each key waits")
    site.shop.start()
    site.until_in_step()
    site.agent.stop()
    site.assert_at_rest()
    assert site.effects() - before == len(codes)


def test_what_was_changed_while_agent_and_shop_were_both_down_arrives(site: Site) -> None:
    site.agent.start()
    site.until_in_step()
    site.shop.kill()
    site.rename(next(iter(site.articles())))
    site.agent.kill()
    codes = list(site.articles())
    for code in codes[:10]:
        site.rename(code)
    site.erp("DELETE FROM ARTICO WHERE CODE = ?", codes[20])
    client = site.agent.start()
    site.until(lambda: site.pending(client) >= 11, "the changes wait")
    site.shop.start()
    site.until_in_step()
    site.agent.stop()
    site.assert_at_rest()


def test_shop_killed_again_and_again_in_the_middle_of_batches(site: Site) -> None:
    random = seeded(-1)
    site.agent.start()
    for _ in range(5):
        for code in random.sample(list(site.articles()), 10):
            site.rename(code)
        site.drop_prices(random)
        site.shop.plan_fault("delay", times=5, seconds=0.05)
        time.sleep(random.uniform(0, 1))
        site.shop.kill()
        site.shop.start()
    site.until_in_step()
    site.agent.stop()
    site.assert_at_rest()
