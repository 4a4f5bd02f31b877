"""The bytes of pictures and documents: which of them the shop lacks, and how they get there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from agent.errors import Rejected, SyncError, Unavailable
from connectors._contents import Changed, CheckedPieces, NamedContent, NotBelow, open_below
from connectors._http import Request

if TYPE_CHECKING:
    from connectors._http.client import Answer

SLOWEST = 50_000
"""Bytes a second that the slowest line carries; what is slower is given up and tried again."""
REFUSALS = {411, 413, 415, 422}
"""Statuses by which a shop refuses one content for good."""


class _Status(StrEnum):
    HELD = "held"
    MISSING = "missing"
    REFUSED = "refused"


class _Verdict(msgspec.Struct):
    sha256: str
    status: _Status
    code: str = ""
    reason: str = ""


class _Verdicts(msgspec.Struct):
    contents: list[_Verdict]


class Contents:
    """Brings contents to the shop, each once, however many records name it.

    `post` sends JSON to a path, `send` any request, `sign` gives the headers that sign some bytes.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        *,
        post: Callable[[str, bytes], Answer],
        send: Callable[[Request], Answer],
        sign: Callable[[bytes], list[tuple[str, str]]],
        url: str,
        patience: float,
    ) -> None:
        self._folders = folders
        self._post = post
        self._send = send
        self._sign = sign
        self._url = url
        self._patience = patience

    def provide(self, named: Iterable[NamedContent]) -> dict[str, SyncError]:
        """Make the shop hold these; hash → why not, for those that it has not got.

        A `Rejected` holds for good; an `Unavailable` says that a folder of ours may come back.
        Raises where the shop itself cannot be reached: what was uploaded before stays there.
        """
        by_hash: dict[str, list[NamedContent]] = {}
        for each in named:
            by_hash.setdefault(each.sha256, []).append(each)
        failed: dict[str, SyncError] = {}
        for verdict in self._ask([places[0] for places in by_hash.values()]):
            places = by_hash.pop(verdict.sha256, [])
            failure: SyncError | None = None
            if verdict.status is _Status.REFUSED:
                failure = _refusal(verdict.reason or verdict.code)
            elif verdict.status is _Status.MISSING:
                failure = self._upload(places)
            if failure:
                failed[verdict.sha256] = failure
        return failed

    def _ask(self, named: Sequence[NamedContent]) -> list[_Verdict]:
        if not named:
            return []
        asked = [
            {"sha256": each.sha256, "size": each.size, "media_type": each.media_type}
            for each in named
        ]
        answer = self._post("/v1/contents/check", msgspec.json.encode({"contents": asked}))
        return answer.json(_Verdicts).contents

    def _upload(self, places: Sequence[NamedContent]) -> SyncError | None:
        """Upload from the first of these places that still has it; None where one had."""
        failure: SyncError | None = None
        for each in places:
            failure = self._try(each)
            if failure is None:
                return None
        return failure

    def _try(self, named: NamedContent) -> SyncError | None:
        if not named.path or not self._folders:
            lacks = "no folder is listed under `contents`" if named.path else "it has no path"
            return Rejected(
                "SA-5251",
                f"the shop does not hold the content of this record, and {lacks}",
                hint="map `path`, and list its folder under `contents` of the shop's connection",
            )
        try:
            with self._open(named.path) as file:
                answer = self._put(named, file)
        except NotBelow as error:
            return Rejected("SA-5255", f"not sent: {error}")
        except Changed as change:
            return Rejected(
                "SA-5252",
                f"{named.path} changed since its folder was read: {change}",
                hint="the next run sends it as it is now",
            )
        except OSError as error:
            return self._local_failure(named.path, error)
        if answer.status in REFUSALS:
            return _refusal(answer.told() or f"it answered {answer.status}")
        answer.require_success()
        return None

    def _put(self, named: NamedContent, file: BinaryIO) -> Answer:
        headers = [
            ("content-type", named.media_type),
            ("content-length", str(named.size)),
            *self._sign(named.sha256.encode()),
        ]
        return self._send(
            Request(
                "PUT",
                f"{self._url}/v1/contents/{named.sha256}",
                headers,
                pieces=CheckedPieces(file, named.sha256, named.size),
                seconds=self._patience + named.size / SLOWEST,
            )
        )

    def _open(self, path: str) -> BinaryIO:
        """The file, in the first of the folders that has it."""
        missing: OSError | None = None
        for folder in self._folders:
            try:
                return open_below(folder, path)
            except OSError as error:
                missing = missing or error
        assert missing is not None  # noqa: S101 - there is a folder, see above
        raise missing

    def _local_failure(self, path: str, error: OSError) -> SyncError:
        """A file that is gone is refused, unless its whole folder is: that may come back."""
        away = [folder for folder in self._folders if not folder.is_dir()]
        empty = all(_is_empty(folder) for folder in self._folders)
        if away or empty:
            return Unavailable(
                "SA-5256",
                f"{(away or self._folders)[0]} is not there or empty",
                hint="bring its share back",
            )
        if isinstance(error, FileNotFoundError | PermissionError):
            what = "is not there any more" if isinstance(error, FileNotFoundError) else "is locked"
            return Rejected(
                "SA-5253",
                f"{path} {what}",
                hint="the next run finds out whether it was moved or removed",
            )
        return Unavailable("SA-5256", f"{path}: {error.strerror or error}")


def _is_empty(folder: Path) -> bool:
    try:
        return not any(folder.iterdir())
    except OSError:
        return True


def _refusal(reason: str) -> Rejected:
    return Rejected("SA-5254", f"the shop refuses this content: {reason}")
