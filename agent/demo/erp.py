"""The demo's ERP: one SQLite file that looks like a grown Italian system of the nineties.

With its traps: codes padded with blanks and led by zeros, dates as CYYMMDD numbers (1 = this
century) where 0 stands for none, decimals as text with a comma, accents, the province `NA`.
The same seed makes the same rows.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

SEED = 20261121
ARTICLES, CUSTOMERS = 500, 240
CODE_WIDTH = 15
PRICE_LISTS = ("BASE", "RIVEND")
CSV_ENCODING = "cp1252"

SCHEMA = """
CREATE TABLE CATEGO (CACOD TEXT PRIMARY KEY, CADES TEXT, CAPAD TEXT);
CREATE TABLE ARTICO (ARCOD TEXT PRIMARY KEY, ARDES TEXT, ARDE2 TEXT, ARCAT TEXT, ARMAR TEXT,
                     AREAN TEXT, ARUMI TEXT, ARCNF TEXT, ARPES TEXT, ARIVA INTEGER, ARSTA TEXT,
                     ARDTV INTEGER);
CREATE TABLE LISTIN (LICOD TEXT, LIART TEXT, LIPRZ TEXT, LIVAL TEXT, LIDTI INTEGER, LIDTF INTEGER,
                     PRIMARY KEY (LICOD, LIART));
CREATE TABLE SCAGLI (SCLIS TEXT, SCART TEXT, SCQTA TEXT, SCPRZ TEXT,
                     PRIMARY KEY (SCLIS, SCART, SCQTA));
CREATE TABLE GIACEN (GIART TEXT, GIMAG TEXT, GIESI TEXT, GIIMP TEXT, GIORD TEXT, GIDTA INTEGER,
                     PRIMARY KEY (GIART, GIMAG));
CREATE TABLE CLIENT (CLCOD TEXT PRIMARY KEY, CLRAG TEXT, CLPIV TEXT, CLSDI TEXT, CLEML TEXT,
                     CLTEL TEXT, CLLIS TEXT, CLPAG TEXT, CLFID TEXT, CLSTA TEXT, CLIND TEXT,
                     CLCAP TEXT, CLLOC TEXT, CLPRO TEXT, CLNAZ TEXT);
CREATE TABLE DESTIN (DECLI TEXT, DEPRG INTEGER, DERAG TEXT, DEIND TEXT, DECAP TEXT, DELOC TEXT,
                     DEPRO TEXT, DENAZ TEXT, PRIMARY KEY (DECLI, DEPRG));
CREATE TABLE ORDTES (OTNUM TEXT PRIMARY KEY, OTRIF TEXT UNIQUE, OTCLI TEXT, OTDAT TEXT, OTSTA TEXT);
CREATE TABLE ORDRIG (ORNUM TEXT, ORRIG INTEGER, ORART TEXT, ORQTA TEXT, ORPRZ TEXT,
                     PRIMARY KEY (ORNUM, ORRIG));
CREATE TABLE NUMERI (NUTIP TEXT PRIMARY KEY, NUULT INTEGER);
INSERT INTO NUMERI VALUES ('OC', 4711);
"""

_CATEGORIES = {
    "UTE": ("Utensili a mano", ""),
    "CAC": ("Cacciaviti", "UTE"),
    "CHI": ("Chiavi", "UTE"),
    "FIS": ("Fissaggio", ""),
    "VIT": ("Viti", "FIS"),
    "TAS": ("Tasselli", "FIS"),
    "FOR": ("Punte e frese", ""),
    "SIC": ("Sicurezza e antinfortunistica", ""),
    "ELE": ("Elettricità", ""),
    "VER": ("Vernici e finiture", ""),
}
_FAMILIES = (
    ("CAC", "Cacciavite a croce PH{} con impugnatura bimateriale", (0, 1, 2, 3), "PZ", 6),
    ("CAC", "Cacciavite a taglio {} mm, qualità professionale", (3, 4, 5, 6, 8), "PZ", 6),
    ("CHI", "Chiave combinata {} mm cromo-vanadio", (8, 10, 13, 17, 19, 22, 24, 27), "PZ", 1),
    ("CHI", "Chiave a brugola {} mm", (2, 3, 4, 5, 6, 8, 10), "PZ", 10),
    ("VIT", "Viti TSP inox A2 4x{} mm", (20, 25, 30, 40, 50, 60), "CF", 200),
    ("VIT", "Viti autoforanti {} mm, testa esagonale", (19, 25, 38, 50), "CF", 100),
    ("TAS", "Tassello in nylon Ø {} mm", (5, 6, 8, 10, 12, 14), "CF", 50),
    ("FOR", "Punta elicoidale HSS Ø {} mm", (2, 3, 4, 5, 6, 8, 10, 12), "PZ", 10),
    ("SIC", "Guanti da lavoro, taglia {}", (7, 8, 9, 10, 11), "PA", 12),
    ("ELE", "Cavo unipolare {} mm², guaina blu", (1, 2, 4, 6, 10), "MT", 100),
    ("VER", "Smalto all'acqua {} ml, più resistente", (125, 375, 750, 2500), "PZ", 1),
)
_BRANDS = ("Brambilla", "Officine Niccolò", "Ferrarini & C.", "Stella Alpina", "Torchio")
_TOWNS = (
    ("20121", "Milano", "MI"),
    ("80133", "Napoli", "NA"),
    ("28100", "Novara", "NO"),
    ("00184", "Roma", "RM"),
    ("47121", "Forlì", "FC"),
    ("22063", "Cantù", "CO"),
    ("39100", "Bolzano", "BZ"),
    ("09124", "Cagliari", "CA"),
    ("10121", "Torino", "TO"),
)
_STREETS = ("Via Garibaldi", "Corso Libertà", "Via XX Settembre", "Piazza Unità d'Italia")
_TRADES = ("Ferramenta", "Edilizia", "Impianti", "Carpenteria", "Colorificio")
_NAMES = ("Rossi", "D'Angelo", "Nicolò", "Bianchi", "Cantù", "Esposito", "Però", "De Luca")
_FORMS = ("S.r.l.", "S.n.c.", "S.p.A.", "di {} & Figli")


def create(path: Path, *, seed: int = SEED) -> None:
    """Write a new database of about 3,000 rows; an older one at this place is replaced."""
    path.unlink(missing_ok=True)
    random = Random(seed)  # noqa: S311 - rows of a demo, not secrets
    codes = [_pad(f"{number:06}") for number in range(1, ARTICLES + 1)]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(SCHEMA)
        _insert(connection, "CATEGO", ((code, *rest) for code, rest in _CATEGORIES.items()))
        _insert(connection, "ARTICO", (_article(code, random) for code in codes))
        for code in codes:
            base = Decimal(random.randint(90, 9000)) / 100
            _insert(connection, "LISTIN", _prices(code, base))
            _insert(connection, "SCAGLI", _tiers(code, base, random))
            _insert(connection, "GIACEN", _stock(code, random))
        for number in range(1, CUSTOMERS + 1):
            customer = f"{number:05}"
            _insert(connection, "CLIENT", [_customer(customer, random)])
            _insert(connection, "DESTIN", _destinations(customer, random))


def article_codes(path: Path) -> list[str]:
    """The codes of all articles, without their padding."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT ARCOD FROM ARTICO ORDER BY ARCOD").fetchall()
    return [code.rstrip() for (code,) in rows]


def customer_codes(path: Path) -> list[str]:
    """The codes of all customers."""
    with closing(sqlite3.connect(path)) as connection:
        return [code for (code,) in connection.execute("SELECT CLCOD FROM CLIENT ORDER BY CLCOD")]


def documents(path: Path) -> dict[str, tuple[str, int]]:
    """The shop's number of each order → number of its document, and how many lines it has."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT OTRIF, OTNUM, count(ORRIG) FROM ORDTES LEFT JOIN ORDRIG ON ORNUM = OTNUM"
            " GROUP BY OTNUM"
        )
        return {reference: (number, lines) for reference, number, lines in rows}


def set_order_status(path: Path, number: str, status: str) -> None:
    """A clerk goes on with an order."""
    _change(path, "UPDATE ORDTES SET OTSTA = ? WHERE OTNUM = ?", (status, number))


def change_price(path: Path, code: str, price: Decimal, *, price_list: str = "BASE") -> None:
    """Give an article another price, as a clerk would."""
    _change(
        path,
        "UPDATE LISTIN SET LIPRZ = ? WHERE LIART = ? AND LICOD = ?",
        (_comma(price), _pad(code), price_list),
    )


def scale_prices(path: Path, factor: Decimal) -> None:
    """Raise or lower every price of every list."""
    with closing(sqlite3.connect(path)) as connection, connection:
        rows = connection.execute("SELECT LICOD, LIART, LIPRZ FROM LISTIN").fetchall()
        connection.executemany(
            "UPDATE LISTIN SET LIPRZ = ? WHERE LICOD = ? AND LIART = ?",
            [
                (
                    _comma((Decimal(price.replace(",", ".")) * factor).quantize(Decimal("0.01"))),
                    price_list,
                    article,
                )
                for price_list, article, price in rows
            ],
        )


def change_stock(path: Path, code: str, quantity: Decimal, *, warehouse: str = "01") -> None:
    """Count an article again in one warehouse."""
    _change(
        path,
        "UPDATE GIACEN SET GIESI = ? WHERE GIART = ? AND GIMAG = ?",
        (_comma(quantity), _pad(code), warehouse),
    )


def rename_article(path: Path, code: str, description: str) -> None:
    """Describe an article anew; an empty text makes it one that no shop can take."""
    _change(path, "UPDATE ARTICO SET ARDES = ? WHERE ARCOD = ?", (description, _pad(code)))


def remove_article(path: Path, code: str) -> None:
    """Delete an article with its prices and stock."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM ARTICO WHERE ARCOD = ?", (_pad(code),))
        connection.execute("DELETE FROM LISTIN WHERE LIART = ?", (_pad(code),))
        connection.execute("DELETE FROM SCAGLI WHERE SCART = ?", (_pad(code),))
        connection.execute("DELETE FROM GIACEN WHERE GIART = ?", (_pad(code),))


def write_price_list_csv(
    path: Path, target: Path, *, price_list: str = "BASE", factor: Decimal = Decimal(1)
) -> int:
    """Export a price list as such systems do: semicolons, commas in numbers, code page 1252.

    `factor` raises or lowers every price. Returns the number of lines below the header.
    """
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT LICOD, LIART, ARDES, LIPRZ, LIVAL, LIDTI FROM LISTIN"
            " JOIN ARTICO ON ARCOD = LIART WHERE LICOD = ? ORDER BY LIART",
            (price_list,),
        ).fetchall()
    with target.open("w", encoding=CSV_ENCODING, newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(("LICOD", "LIART", "ARDES", "LIPRZ", "LIVAL", "LIDTI"))
        for code, article, description, price, currency, since in rows:
            changed = (Decimal(price.replace(",", ".")) * factor).quantize(Decimal("0.01"))
            writer.writerow((code, article, description, _comma(changed), currency, since))
    return len(rows)


def _change(path: Path, statement: str, values: Sequence[Any]) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        if connection.execute(statement, values).rowcount != 1:
            raise KeyError(f"the ERP has no such row: {values}")


def _insert(connection: sqlite3.Connection, table: str, rows: Iterator[Any] | list[Any]) -> None:
    for row in rows:
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)  # noqa: S608 - our names


def _article(code: str, random: Random) -> tuple[Any, ...]:
    category, description, sizes, unit, pack = random.choice(_FAMILIES)
    ean = f"80{random.randrange(10**10):010}"
    return (
        code,
        description.format(random.choice(sizes)),
        random.choice(("", "Articolo in esaurimento", "Novità")),
        category,
        random.choice(_BRANDS),
        ean + _ean_check(ean),
        unit,
        _comma(Decimal(pack)),
        _comma(Decimal(random.randint(10, 4000)) / 1000),
        random.choice((22, 22, 22, 10)),
        random.choice("AAAAAAAAAX"),
        _cyymmdd(_day(random)) if random.random() < 0.9 else 0,
    )


def _prices(code: str, base: Decimal) -> list[tuple[Any, ...]]:
    since = _cyymmdd(date(2026, 1, 1))
    reseller = (base * Decimal("0.72")).quantize(Decimal("0.01"))
    return [
        (price_list, code, _comma(price), "EUR", since, 0)
        for price_list, price in zip(PRICE_LISTS, (base, reseller), strict=True)
    ]


def _tiers(code: str, base: Decimal, random: Random) -> list[tuple[Any, ...]]:
    if random.random() < 0.6:
        return []
    steps = ((Decimal(10), Decimal("0.95")), (Decimal(100), Decimal("0.88")))
    return [
        ("BASE", code, _comma(quantity), _comma((base * share).quantize(Decimal("0.0001"))))
        for quantity, share in steps
    ]


def _stock(code: str, random: Random) -> list[tuple[Any, ...]]:
    rows = []
    for warehouse in ("01", "02") if random.random() < 0.4 else ("01",):
        quantity = Decimal(random.choice((0, random.randint(1, 900))))
        incoming = random.choice((0, 0, 0, 50))
        day = _cyymmdd(_day(random)) if incoming else 0
        rows.append((code, warehouse, _comma(quantity), "0", str(incoming), day))
    return rows


def _customer(code: str, random: Random) -> tuple[Any, ...]:
    name = random.choice(_NAMES)
    form = random.choice(_FORMS).format(name)
    vat_number = f"{random.randrange(10**10):010}"
    return (
        code,
        f"{random.choice(_TRADES)} {name} {form}",
        vat_number + _vat_check(vat_number),
        f"{random.randrange(16**7):07X}",
        f"ordini{code}@cliente.example",
        f"+39 02 {random.randint(1000000, 9999999)}",
        random.choice(PRICE_LISTS),
        random.choice(("RB30", "RB60", "BB30", "CONT")),
        _comma(Decimal(random.choice((0, 2500, 5000, 20000)))),
        random.choice("AAAAAAAAAX"),
        *_place(random),
    )


def _destinations(customer: str, random: Random) -> list[tuple[Any, ...]]:
    return [
        (customer, number, f"Magazzino {number}", *_place(random))
        for number in range(1, random.choice((1, 2, 3)))
    ]


def _place(random: Random) -> tuple[str, str, str, str, str]:
    postal_code, town, province = random.choice(_TOWNS)
    street = f"{random.choice(_STREETS)} {random.randint(1, 180)}"
    return street, postal_code, town, province, "IT"


def _day(random: Random) -> date:
    return date.fromordinal(date(2019, 1, 1).toordinal() + random.randrange(2800))


def _cyymmdd(day: date) -> int:
    return (day.year - 1900) * 10_000 + day.month * 100 + day.day


def _pad(code: str) -> str:
    return code.ljust(CODE_WIDTH)


def _comma(number: Decimal) -> str:
    return str(number).replace(".", ",")


def _ean_check(digits: str) -> str:
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return str(-weighted % 10)


def _vat_check(digits: str) -> str:
    """The check digit of a partita IVA: Luhn's."""
    total = 0
    for place, digit in enumerate(digits):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)
