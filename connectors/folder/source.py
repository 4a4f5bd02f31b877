"""Rows of the files in a folder. Their hashes are computed when a row is about to be mapped."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import islice
from typing import Any

import msgspec
from xxhash import xxh3_64_intdigest, xxh3_128_digest

from agent.contract import Batch, Closing, Finding, Source
from agent.errors import Rejected, Unavailable
from agent.model import join_key
from connectors._contents import FIRST_BYTES, PIECE, NotBelow, media_type, open_below
from connectors._drop.rows import Row, Rows
from connectors.folder.options import DEAR_COLUMNS, FILE_COLUMNS, FolderConnection, FolderOptions
from connectors.folder.tree import Identity, Sighting, Tree

BATCH = 1_000
"""Files a batch."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = timedelta(days=365 * 8_000)
"""File systems keep any number as a time; a date ends with the year 9999."""

_ENCODE = msgspec.msgpack.Encoder().encode


class FolderSource(Source[FolderConnection, FolderOptions]):
    """Files whose names fit; every look is a pass over all names.

    A row's digest covers path, size, modification time and inode. Only where one of these moved is
    the file opened, and then its hash decides whether anything changed.
    """

    def __init__(self, connection: FolderConnection, options: FolderOptions) -> None:
        super().__init__(connection, options)
        self._tree = Tree(connection, options)
        self._columns = (*options.parts, *FILE_COLUMNS, *DEAR_COLUMNS)
        # Options decide what a name means and what is refused.
        meaning = options.model_dump_json(exclude={"key"})
        self._seed = xxh3_64_intdigest(meaning.encode())

    @property
    def key_columns(self) -> tuple[str, ...]:
        """As configured."""
        return self.options.key

    def read(self, cursor: str) -> Iterator[Batch]:  # noqa: ARG002 - every pass sees everything
        """One pass over the folder. It is complete unless a file is still being written."""
        refused: list[Rejected] = []
        waiting: list[str] = []
        yield from self._batches(self._settled(refused, waiting))
        note = ""
        if waiting:
            note = f"{len(waiting)} files are still being written, {waiting[0]} is one: "
            note += "nothing is deleted until all have settled"
        yield Batch(self._columns, Rows(refused), whole=True, complete=not waiting, note=note)

    def read_keys(self, keys: Sequence[str]) -> Iterator[Batch]:
        """These keys, among all names."""
        wanted = frozenset(keys)
        found = (each for each in self._settled([], []) if self._key(each) in wanted)
        yield from self._batches(found, whole=False)

    def check(self) -> Iterator[Finding]:
        """How many files there are, and what is wrong with some."""
        number = size = 0
        for each in self._tree.walk():
            if isinstance(each, Rejected):
                yield Finding("refused", each.reason)
            elif each.link:
                yield Finding(each.path, "is a link; links are not followed")
            else:
                number, size = number + 1, size + each.identity.size
                if not each.settled:
                    yield Finding(each.path, "still settling")
        found = f"{number} files fit {', '.join(self.options.files)}, {size / 1e6:,.1f} MB together"
        yield Finding(str(self._tree.root), found)

    def watch(self, wake: Callable[[], None]) -> Closing:
        """Wakes as soon as a file that was written, moved or removed has settled."""
        from connectors.folder.watching import TreeWatch  # noqa: PLC0415 - 58 ms for who watches

        return TreeWatch(self._tree, self.connection.settle, wake)

    def _settled(self, refused: list[Rejected], waiting: list[str]) -> Iterator[Sighting]:
        """The files that can be read now; the others are noted."""
        for each in self._tree.walk():
            if isinstance(each, Rejected):
                refused.append(each)
            elif each.settled:
                yield each
            else:
                waiting.append(each.path)

    def _batches(self, sightings: Iterable[Sighting], *, whole: bool = True) -> Iterator[Batch]:
        seen = iter(sightings)
        while some := list(islice(seen, BATCH)):
            yield Batch(
                self._columns,
                [_begun(each) for each in some],
                whole=whole,
                digests=[self._digest(each) for each in some],
                where=partial(_where, some),
                fill=partial(self._fill, {each.path: each for each in some}),
            )

    def _digest(self, sighting: Sighting) -> bytes:
        return xxh3_128_digest(
            _ENCODE((sighting.path, sighting.identity, sighting.link)), self._seed
        )

    def _key(self, sighting: Sighting) -> str:
        row = dict(zip(self._columns, _begun(sighting), strict=True))
        return join_key(tuple((row[name] or "").rstrip() for name in self.options.key))

    def _fill(self, sightings: dict[str, Sighting], row: Row) -> Row:
        """The row with media type and hash. Raises `Rejected` for a file that is not taken."""
        sighting = sightings[row[len(self.options.parts)]]
        self._require_size(sighting)
        return (*row[: -len(DEAR_COLUMNS)], *self._content(sighting))

    def _require_size(self, sighting: Sighting) -> None:
        size, largest = sighting.identity.size, self.options.largest
        if sighting.link:
            raise Rejected(
                "SA-2705", "it is a link; links are not followed", hint="put the file itself there"
            )
        if not size:
            raise Rejected("SA-2708", "the file is empty", hint="look at what writes it")
        if size > largest:
            raise Rejected(
                "SA-2708",
                f"the file has {size:,} bytes, {largest:,} are allowed",
                hint="make it smaller, or raise `largest`",
            )

    def _content(self, sighting: Sighting) -> tuple[str, str]:
        """Media type and SHA-256; read in pieces, and only what was seen by the look."""
        try:
            with open_below(self._tree.root, sighting.path) as file:
                _require_same(sighting, file.fileno())
                first = file.read(FIRST_BYTES)
                kind = self._allowed_type(first)
                digest = sha256(first)
                while piece := file.read(PIECE):
                    digest.update(piece)
                _require_same(sighting, file.fileno())
        except NotBelow as error:
            raise Rejected("SA-2705", str(error), hint="put the file itself there") from error
        except OSError as error:
            raise self._failure(error) from error
        return kind, digest.hexdigest()

    def _allowed_type(self, first_bytes: bytes) -> str:
        kind = media_type(first_bytes)
        if kind not in self.options.types:
            raise Rejected(
                "SA-2709",
                f"its content is {kind or 'of no known type'}, not one of "
                + ", ".join(self.options.types),
                hint="convert the file, or allow its type: `types`",
            )
        return kind

    def _failure(self, error: OSError) -> Exception:
        """A file that cannot be read is refused; a folder that went away ends the pass."""
        if isinstance(error, PermissionError):
            return Rejected(
                "SA-2707",
                f"the file cannot be read: {error.strerror}",
                hint="grant the service's user read, or close the program that locks it",
            )
        if isinstance(error, FileNotFoundError) and self._is_there():
            return Rejected("SA-2707", "the file went while the folder was read")
        return Unavailable("SA-2703", f"{self._tree.root}: {error.strerror or error}")

    def _is_there(self) -> bool:
        """Whether the folder still holds anything: a share that went leaves an empty folder."""
        try:
            return any(self._tree.root.iterdir())
        except OSError:
            return False


def _begun(sighting: Sighting) -> tuple[Any, ...]:
    """The row without what only the file itself tells."""
    size, modified_ns, _ = sighting.identity
    modified = EPOCH + min(timedelta(seconds=modified_ns // 1_000_000_000), LATEST)
    name = sighting.path.rpartition("/")[2]
    return (*sighting.parts, sighting.path, name, size, modified, None, None)


def _where(sightings: Sequence[Sighting], index: int) -> str:
    return sightings[index].path


def _require_same(sighting: Sighting, descriptor: int) -> None:
    """Raises `Rejected` where the open file is not, or no longer, the one that was seen."""
    if Identity.of(os.fstat(descriptor)) != sighting.identity:
        raise Rejected(
            "SA-2707",
            "the file changed while the folder was read",
            hint="nothing, it is read again at the next run; where it stays so, raise `settle`",
        )
