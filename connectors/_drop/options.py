"""What the configuration says about a drop folder, whatever the format of its files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from agent.code_pages import is_text_encoding
from agent.contract import Duration, Options


def _plain_name(name: str) -> str:
    if not name or name.startswith(".") or set(name) & set('/\\:*?"<>|'):
        raise ValueError(f"{name!r} is not the plain name of a folder inside the drop folder")
    return name


def _pattern(pattern: str) -> str:
    if not pattern or set(pattern) & set("/\\"):
        raise ValueError(f"{pattern!r} must name files of the folder itself, such as articles*.csv")
    return pattern


def known_encoding(name: str) -> str:
    """The name itself; raises ValueError where text of this encoding cannot be decoded."""
    if not is_text_encoding(name):
        raise ValueError(
            f"unknown encoding {name!r}; usual ones are utf-8, cp1252, cp850, utf-16, cp280"
        )
    return name


FolderName = Annotated[str, AfterValidator(_plain_name)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Encoding = Annotated[str, AfterValidator(known_encoding)]
"""For formats of text: a name that can be decoded."""
MaybeEncoding = Annotated[str, AfterValidator(lambda name: name and known_encoding(name))]
"""The same, or "" where something else says it."""


class DropConnection(Options):
    """A drop folder."""

    folder: Path = Field(
        description="The folder that files are dropped into; relative to the configuration file. "
        r"On Windows a share is written \\server\share\folder, never as a drive letter."
    )
    settle: Duration = Field(
        2.0, description="How long a file must have stayed unchanged before it is read."
    )
    ready_suffix: str = Field(
        "",
        pattern=r"^(\.\w+)?$",
        description="Read a file only once a marker lies beside it: `.ok` waits for "
        "`articles.csv.ok`. Then `settle` does not apply.",
    )
    archive: FolderName = Field(
        "archive", description="Folder inside the drop folder for files that were taken over."
    )
    quarantine: FolderName = Field(
        "quarantine", description="Folder inside the drop folder for files that cannot be used."
    )
    keep_for: Duration = Field(
        30 * 86400.0, description="How long archived files are kept; the newest one always is."
    )
    keep_files: int = Field(
        1000, ge=1, description="How many archived files are kept for each `files` pattern."
    )

    @model_validator(mode="after")
    def _two_folders(self) -> DropConnection:
        if self.archive.lower() == self.quarantine.lower():
            raise ValueError("archive and quarantine must be two folders")
        return self


class DropOptions(Options):
    """Which files of the folder a flow reads. A format adds how they are written."""

    files: Pattern = Field(
        description="Names of the files, such as `articles*.csv`; capitals do not matter."
    )
    key: tuple[str, ...] = Field(min_length=1, description="Columns that make the key, in order.")
    contents: Literal["full", "delta"] = Field(
        "full",
        description="`full`: a file is the whole table, so a key that is missing was deleted; "
        "`delta`: a file holds only what is new or changed.",
    )
