"""CSV drop folder → shop over HTTPS."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.bench.course import Course, Step
from tests.bench.limits import BATCH
from tests.bench.measuring import run_bare
from tests.bench.rows import write_csv
from tests.bench.site import TOKEN, Site

SOURCE = '{connection: drops, files: "*.csv", key: [id], delimiter: ";"}'
CONNECTION = "drops: {kind: csv, folder: drops, settle: 0s}"
GONE = 99


class Files:
    """The files of a round, made once: they are the same in every round."""

    def __init__(self, folder: Path, count: int) -> None:
        self.first, self.changed = folder / f"first-{count}.csv", folder / f"changed-{count}.csv"
        self.shuffled, self.all_changed = folder / f"mixed-{count}.csv", folder / f"all-{count}.csv"
        if self.all_changed.exists():
            return
        gone = frozenset(range(7, count, max(2, count // GONE)))
        write_csv(self.first, count)
        write_csv(self.changed, count, changed=0.001, without=gone)
        _shuffle(self.changed, self.shuffled)
        write_csv(self.all_changed, count, changed=1.0)


def _shuffle(file: Path, other: Path) -> None:
    head, *lines = file.read_bytes().splitlines(keepends=True)
    random.Random(1).shuffle(lines)
    other.write_bytes(head + b"".join(lines))


def dropped(course: Course) -> Iterator[Step]:
    """One file after the other dropped into a folder, each taken over by `syncagent sync`."""
    files = Files(course.files, course.count)
    log = course.folder / "bare.log"
    yield "bare: digests of raw lines", run_bare("digests", str(files.changed), log=log)
    yield "bare: csv module", run_bare("cells", str(files.first), log=log)
    with Site(course.folder / "csv", CONNECTION, {"products": SOURCE}) as site:
        (site.folder / "drops").mkdir()
        for name, file in (
            ("csv: first load", files.first),
            ("csv: dropped again", files.first),
            ("csv: 0.1 % changed, some gone", files.changed),
            ("csv: shuffled", files.shuffled),
            ("csv: 100 % changed", files.all_changed),
        ):
            shutil.copy(file, site.folder / "drops" / "articles.csv")
            yield name, site.sync("products")
        post = ["post", site.shop.url, str(site.certificates.authority), TOKEN]
        yield f"bare: POST, batches of {BATCH}", run_bare(*post, str(course.count), log=log)


def growth(course: Course) -> Iterator[Step]:
    """First loads of smaller files, to see how the work grows with the rows."""
    for count in (10, course.count // 100, course.count // 10):
        files = course.files / f"growth-{count}.csv"
        if not files.exists():
            write_csv(files, count)
        with Site(course.folder / "growth", CONNECTION, {"products": SOURCE}) as site:
            (site.folder / "drops").mkdir()
            shutil.copy(files, site.folder / "drops")
            yield f"growth: first load of {count}", site.sync("products")
