"""A real django-oscar shop with oscar-api, on one SQLite file."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from tests.peers.installed import Program, make_environment
from tests.peers.process import free_port

OSCAR = Program(
    "oscar", ("django-oscar==4.2", "django-oscar-api==3.3.0", "django==5.2.*", "waitress==3.0.2")
)
TOKEN = "0123456789abcdef0123456789abcdef01234567"


class Article(NamedTuple):
    """What the shop shows of a product."""

    title: str
    price: Decimal
    stock: int


@dataclass(frozen=True)
class Oscar:
    """A running shop."""

    url: str
    database: Path

    def articles(self) -> dict[str, Article]:
        """All products by their UPC, out of the shop's own database."""
        query = (
            "SELECT upc, title, price, num_in_stock FROM catalogue_product p"
            " JOIN partner_stockrecord s ON s.product_id = p.id"
        )
        with closing(sqlite3.connect(self.database)) as database:
            return {
                upc: Article(title, Decimal(str(price)), stock)
                for upc, title, price, stock in database.execute(query)
            }

    def count(self) -> int:
        """How many products there are, with stock or without."""
        with closing(sqlite3.connect(self.database)) as database:
            (number,) = database.execute("SELECT count(*) FROM catalogue_product").fetchone()
            return int(number)


def install() -> None:
    """Environment and an empty shop."""
    make_environment(OSCAR)
    shutil.rmtree(OSCAR.seeded, ignore_errors=True)
    OSCAR.seeded.mkdir()
    env = _environment(OSCAR.seeded / "shop.sqlite")
    OSCAR.run([OSCAR.python, "-m", "django", "migrate", "-v0"], OSCAR.seeded, env)
    OSCAR.run([OSCAR.python, OSCAR.site / "seed.py"], OSCAR.seeded, env)
    with closing(sqlite3.connect(OSCAR.seeded / "shop.sqlite")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def running(directory: Path) -> Iterator[Oscar]:
    """A shop of its own in this directory."""
    database = directory / "shop.sqlite"
    shutil.copyfile(OSCAR.seeded / "shop.sqlite", database)
    port = free_port()
    serve = [OSCAR.python, "-m", "waitress", f"--listen=127.0.0.1:{port}", "--threads=4"]
    application = "django.core.wsgi:get_wsgi_application"
    url = f"http://127.0.0.1:{port}"
    env = _environment(database)
    with OSCAR.serving([*serve, "--call", application], directory, url + "/api/", env):
        yield Oscar(url, database)


def _environment(database: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "settings",
        "PYTHONPATH": str(OSCAR.site),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OSCAR_DATABASE": str(database),
    }
