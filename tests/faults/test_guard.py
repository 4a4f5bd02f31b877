"""Much is suddenly gone at the source: the agent asks before the shop is emptied."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from tests.faults.site import Site


def _held(site: Site) -> str:
    """The number of the run that waits, as `hold list` shows it."""
    listed = site.command("hold", "list")
    assert "known records would be deleted" in listed.stdout
    return next(line.split()[0] for line in listed.stdout.splitlines() if line.split()[0].isdigit())


def _run_is_held(site: Site) -> bool:
    return "would be deleted" in site.command("hold", "list").stdout


def test_file_cut_off_at_a_line_end_is_held_and_dropped_by_a_person(site: Site) -> None:
    site.prices = {f"P{number:03}": f"{number}.5" for number in range(100)}
    whole = site.price_list(site.prices)
    site.drop_file(whole)
    site.agent.start()
    site.until_in_step()

    site.drop_file(whole[: whole.index(b"P050")])
    site.until(lambda: _run_is_held(site), "the run is held")
    site.assert_at_rest()
    assert site.command("hold", "drop", _held(site)).returncode == 0
    site.assert_at_rest()

    site.prices["P100"] = "7.7"
    site.drop_file(site.price_list(site.prices))
    site.until_in_step()
    site.agent.stop()
    site.assert_at_rest()


def test_mass_delete_that_a_person_approves_is_done(site: Site) -> None:
    site.agent.start()
    site.until_in_step()
    site.erp("DELETE FROM ARTICO WHERE rowid % 4 > 0")
    site.until(lambda: _run_is_held(site), "the run is held")
    assert len(site.differences()) == 30
    assert site.command("hold", "approve", _held(site)).returncode == 0
    site.until_in_step()
    site.agent.stop()
    site.assert_at_rest()


def test_held_run_survives_sigkill_and_a_new_daemon(site: Site) -> None:
    site.agent.start()
    site.until_in_step()
    site.erp("DELETE FROM ARTICO WHERE rowid % 4 > 0")
    site.until(lambda: _run_is_held(site), "the run is held")
    site.agent.kill()
    site.agent.start()
    assert site.command("hold", "approve", _held(site)).returncode == 0
    site.until_in_step()
    site.agent.stop()
    site.assert_at_rest()


def test_other_database_under_the_same_name_is_held(site: Site) -> None:
    """Somebody restored the test company over the real one."""
    site.come_to_rest()
    shown = site.shown()
    site.erp("DELETE FROM ARTICO")
    site.add_articles(40)
    run = site.sync()[0]
    assert (run.outcome, run.reason) == ("held", "40 of 40 known records would be deleted")
    assert site.shown() == shown


def test_empty_table_deletes_nothing(site: Site) -> None:
    site.come_to_rest()
    shown = site.shown()
    site.erp("DELETE FROM ARTICO")
    site.come_to_rest()
    assert site.shown() == shown


def test_database_that_is_gone_or_empty_halts_the_flow_and_deletes_nothing(site: Site) -> None:
    site.come_to_rest()
    file = site.folder / "erp.db"
    aside = file.rename(site.folder / "aside.db")
    run = site.sync()[0]
    assert (run.outcome, run.code) == ("halted", "SA-2201")

    with closing(sqlite3.connect(file)) as empty, empty:
        empty.execute("CREATE TABLE SOMETHING (ELSE_)")
    site.agent.start()
    assert site.command("resume", "products").returncode == 0
    site.until(
        lambda: "SA-2110" in site.command("runs", "--json").stdout, "the flow is halted again"
    )
    aside.replace(file)
    site.rename(next(iter(site.articles())))
    assert site.command("resume", "products").returncode == 0
    site.until_in_step()
    site.agent.stop()
    site.assert_at_rest()
