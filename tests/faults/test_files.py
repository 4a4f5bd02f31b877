"""Files and tables as they really arrive: half written, replaced, cut off, wrong in every way.

Whatever comes, what was there before stays, each refusal has a code and a reason, and the next
right file mends everything.
"""

from __future__ import annotations

import time
from contextlib import closing
from typing import NamedTuple

import pytest

from agent.api.flows import resume
from agent.daemon import Agent
from tests.faults.site import Site

PRICES = {f"P{number:02}": f"{number}.5" for number in range(10)}
RIGHT = Site.price_list(PRICES)
LONG_CELL = b"9" * 10_000_000


class Spoilt(NamedTuple):
    """A file and what is said about it: the run's outcome and code, the parked records' codes."""

    content: bytes
    outcome: str = "partial"
    code: str = ""
    parked: tuple[str, ...] = ()


SPOILT = {
    "empty": Spoilt(b"", "failed", "SA-2006"),
    "header and nothing else": Spoilt(b"CODE;PRICE\n", "ok"),
    "column renamed": Spoilt(RIGHT.replace(b"PRICE", b"PREZZO"), "halted", "SA-4001"),
    "key column gone": Spoilt(RIGHT.replace(b"CODE", b"SKU"), "halted", "SA-4001"),
    "other encoding, one cell": Spoilt(RIGHT + b"P\xe0;3.5\n", parked=("SA-2012",)),
    "other encoding, all of it": Spoilt(RIGHT.decode().encode("utf-16"), "failed", "SA-2008"),
    "no text at all": Spoilt(bytes(range(256)) * 50, "failed", "SA-2008"),
    "cell of 10 MB": Spoilt(RIGHT + b"P77;" + LONG_CELL + b"\n", parked=("SA-2013",)),
    "key of 10 MB": Spoilt(RIGHT + LONG_CELL + b";1.5\n", parked=("SA-2013",)),
    "line without end": Spoilt(RIGHT + LONG_CELL * 2, "failed", "SA-2010"),
    "NUL bytes": Spoilt(RIGHT + b"P\0;3.5\nP78;\0\n", parked=("SA-2014", "SA-2014")),
    "key twice": Spoilt(RIGHT + b"P01;77.5\n", parked=("SA-4004",)),
    "key twice, all equal": Spoilt(RIGHT + b"P01;1.5\n", "ok"),
    "key empty": Spoilt(RIGHT + b";77.5\n", parked=("SA-4003",)),
    "no numbers": Spoilt(RIGHT + b"P77;NaN\nP78;inf\nP79;1e999\n", parked=("SA-3102",) * 3),
    "cell missing": Spoilt(RIGHT + b"P77\n", parked=("SA-2011",)),
    "quote left open": Spoilt(RIGHT + b'P77;"1.5\n', parked=("SA-2015",)),
    "cut off within a line": Spoilt(RIGHT[: RIGHT.index(b";8.5")], parked=("SA-2011",)),
}


@pytest.fixture
def priced(site: Site) -> Site:
    """Ten prices are in the shop."""
    site.prices = dict(PRICES)
    site.drop_file(RIGHT)
    site.come_to_rest()
    site.assert_at_rest()
    return site


@pytest.mark.parametrize("name", SPOILT)
def test_spoilt_file_takes_nothing_away_and_says_what_is_wrong(priced: Site, name: str) -> None:
    spoilt = SPOILT[name]
    priced.drop_file(spoilt.content)
    run = priced.sync()[-1]
    assert (run.flow, run.outcome, run.code) == ("prices", spoilt.outcome, spoilt.code)
    assert tuple(each["code"] for each in priced.parked()) == spoilt.parked
    priced.assert_at_rest()
    if spoilt.outcome in {"failed", "halted"}:
        assert spoilt.code in next(priced.drops.glob("quarantine/*.reason.txt")).read_text()

    with closing(Agent.open(priced.config)) as agent:
        resume(agent, "prices")
    priced.prices["P99"] = "1.7"
    del priced.prices["P03"]
    priced.drop_file(Site.price_list(priced.prices))
    priced.come_to_rest()
    priced.assert_at_rest()
    assert priced.parked() == []


def test_keys_that_vanish_while_as_many_are_new_are_deleted(site: Site) -> None:
    """Found by seeded crashes: new rows taken over in an early part hid those that were missing."""
    old = {f"P{number:02}": f"{number}.5" for number in range(20)}
    new = {f"P{number:02}": f"{number}.7" for number in range(2, 22)}
    site.prices = {key: new[key] for key in reversed(new)}
    site.drop_file(site.price_list(old))
    site.sync()
    site.drop_file(site.price_list(site.prices))
    site.sync()
    site.assert_at_rest()


def test_new_column_is_noted_and_nothing_stops(priced: Site) -> None:
    lines = RIGHT.decode().splitlines()
    priced.drop_file("\n".join([lines[0] + ";NOTE", *(f"{line};x" for line in lines[1:])]).encode())
    run = priced.sync()[-1]
    assert (run.outcome, run.reason) == ("ok", "the columns changed: NOTE is new")
    priced.assert_at_rest()


def test_rows_of_a_table_that_cannot_be_records_wait_with_their_reasons(priced: Site) -> None:
    twice = next(iter(priced.articles()))
    refused = {
        "N1": ("weight", "NaN", "SA-3102"),
        "N2": ("weight", float("inf"), "SA-3102"),
        "N3": ("since", "0000-13-45", "SA-3105"),
        "N4": ("since", "99999-01-01", "SA-3105"),
        "N5": ("name", b"\xff\x00", "SA-3106"),
        "N6": ("name", None, "SA-3101"),
        "N7": ("name", "n" * 10_000_000, "SA-3111"),
    }
    for code, (column, value, _) in refused.items():
        row = {"name": "a name", "weight": 1, "since": "2026-01-01"} | {column: value}
        priced.erp("INSERT INTO ARTICO VALUES (?, ?, ?, ?)", code, *row.values())
    priced.erp("INSERT INTO ARTICO VALUES (NULL, 'nobody', 1, NULL)")
    priced.erp("INSERT INTO ARTICO VALUES (?, 'somebody', 1, NULL)", twice)
    assert priced.sync()[0].outcome == "partial"

    parked = {each["key"]: each for each in priced.parked()}
    assert parked.keys() == {*refused, twice, "(row 1)"}
    for code, (column, _, error) in refused.items():
        assert parked[code]["code"] == error
        assert column in parked[code]["reason"]
    assert (parked[twice]["code"], parked["(row 1)"]["code"]) == ("SA-4004", "SA-4003")

    priced.erp("DELETE FROM ARTICO WHERE CODE IS NULL OR NAME = 'somebody' OR CODE LIKE 'N%'")
    priced.come_to_rest()
    priced.assert_at_rest()
    assert priced.parked() == []


def test_file_that_grows_line_by_line_is_read_when_it_has_settled(priced: Site) -> None:
    """Read too early it would be a whole table with half of the prices: the rest would vanish."""
    priced.configure({"settle: 0s": "settle: 500ms"})
    priced.agent.start()
    new = {key: f"{price}5" for key, price in PRICES.items()}
    with (priced.drops / "prices-slow.csv").open("wb", buffering=0) as file:
        for line in Site.price_list(new).splitlines(keepends=True):
            file.write(line[:3])
            time.sleep(0.05)
            file.write(line[3:])
            time.sleep(0.05)
    priced.prices = new
    before = priced.effects()
    priced.until_in_step()
    priced.agent.stop()
    priced.assert_at_rest()
    assert priced.effects() == before + len(new)


def test_file_written_to_while_it_is_read_is_read_again(site: Site) -> None:
    """Whoever still holds the file open writes on after it was claimed."""
    site.configure({"batch_size: 10\n": "batch_size: 500\n"})
    site.prices = {f"P{number:05}": f"{number}.5" for number in range(15_000)}
    path = site.drop_file(site.price_list(dict(list(site.prices.items())[:14_000])))
    with path.open("ab") as file, closing(Agent.open(site.config)) as agent:
        rest = [site.price_list(dict(list(site.prices.items())[14_000:])).split(b"\n", 1)[1]]

        def write_on(_rows: int, _changes: int) -> None:
            if rest:
                file.write(rest.pop())
                file.flush()

        run = agent.run_here(agent.request("prices", "differential"), write_on)
    assert (run.outcome, run.code) == ("failed", "SA-2007")
    site.come_to_rest()
    site.assert_at_rest()


def test_file_replaced_before_it_was_read_counts_in_its_last_state(priced: Site) -> None:
    priced.drop_file(Site.price_list({"P00": "1.1"})).unlink()
    path = priced.drop_file(Site.price_list({**PRICES, "P00": "2.2"}))
    newer = path.with_suffix(".part")
    priced.prices = {**PRICES, "P00": "3.3", "P01": "4.4"}
    newer.write_bytes(Site.price_list(priced.prices))
    newer.replace(path)
    priced.come_to_rest()
    priced.assert_at_rest()
