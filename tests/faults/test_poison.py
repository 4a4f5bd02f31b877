"""Records that cannot go, among others that can."""

from __future__ import annotations

from tests.faults.site import Site

NAME_FOUR_TIMES = {"weight: WEIGHT": "description: NAME\n      brand: NAME\n      unit: NAME"}


def test_row_that_cannot_be_mapped_waits_alone_and_goes_once_mended(site: Site) -> None:
    bad = list(site.articles())[7]
    site.erp("UPDATE ARTICO SET NAME = '' WHERE CODE = ?", bad)
    site.come_to_rest()
    assert site.differences() == {("product", bad): ("", None)}
    (refused,) = site.parked()
    assert (refused["key"], refused["stage"]) == (bad, "mapping")
    assert "name" in refused["reason"]

    site.rename(bad)
    site.come_to_rest()
    site.assert_at_rest()
    assert site.parked() == []


def test_record_that_the_shop_refuses_waits_alone_and_goes_when_asked_for(site: Site) -> None:
    codes = list(site.articles())
    site.shop.plan_fault("refuse_keys", keys=codes[5:8])
    site.agent.start()
    site.until(lambda: len(site.differences()) == 3, "the others arrive")
    listed = site.command("outbox", "list", "--state", "parked")
    assert listed.returncode == 0
    for code in codes[5:8]:
        assert code in listed.stdout
    assert "refused on purpose" in listed.stdout

    site.shop.plan_fault("refuse_keys", keys=[])
    assert site.command("outbox", "retry", "--flow", "products").returncode == 0
    site.until_in_step()
    site.agent.stop()
    site.assert_at_rest()
    assert site.parked() == []


def test_newer_state_of_a_refused_record_takes_its_place(site: Site) -> None:
    code = next(iter(site.articles()))
    site.shop.plan_fault("refuse_keys", keys=[code])
    site.come_to_rest()
    assert [each["key"] for each in site.parked()] == [code]
    site.shop.plan_fault("refuse_keys", keys=[])
    site.rename(code)
    site.come_to_rest()
    site.assert_at_rest()
    assert site.parked() == []


def test_record_for_which_the_shop_refuses_whole_batches_is_found_by_halving(site: Site) -> None:
    """A record above 16 MB: the shop itself answers 413 to every batch that holds it."""
    site.configure(NAME_FOUR_TIMES)
    code = list(site.articles())[13]
    site.erp("UPDATE ARTICO SET NAME = ? WHERE CODE = ?", "\N{FACTORY}" * 2**20, code)
    site.come_to_rest()
    assert site.differences().keys() == {("product", code)}
    (refused,) = site.parked()
    assert (refused["key"], refused["code"]) == (code, "SA-5241")

    site.rename(code)
    site.come_to_rest()
    site.assert_at_rest()
    assert site.effects() == 40


def test_batches_refused_as_a_whole_for_a_while_park_nothing_that_goes_in_halves(
    site: Site,
) -> None:
    site.shop.plan_fault("status", status=422)
    site.shop.plan_fault("status", status=413)
    site.shop.plan_fault("lose_answer")
    site.come_to_rest()
    site.assert_at_rest()
    assert site.parked() == []
