"""What the configuration says about a folder of files, and about those that a flow reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from agent.contract import Duration, Options, Size
from connectors._contents import MEDIA_TYPES
from connectors.folder.patterns import Pattern

FILE_COLUMNS = ("path", "file_name", "size", "modified_at")
DEAR_COLUMNS = ("media_type", "sha256")
"""Columns that are known only once the file was read."""


def _checked_pattern(text: str) -> str:
    pattern = Pattern(text)
    if taken := set(pattern.parts) & {*FILE_COLUMNS, *DEAR_COLUMNS}:
        raise ValueError(f"the part {{{min(taken)}}} has the name of a column that every file has")
    return text


def _checked_media_type(text: str) -> str:
    if text not in MEDIA_TYPES:
        raise ValueError(f"{text!r} cannot be told by content; known: {', '.join(MEDIA_TYPES)}")
    return text


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


FilePatterns = Annotated[
    tuple[Annotated[str, AfterValidator(_checked_pattern)], ...],
    BeforeValidator(_as_tuple, json_schema_input_type=str | tuple[str, ...]),
]
MediaType = Annotated[str, AfterValidator(_checked_media_type)]


class FolderConnection(Options):
    """A folder of files. It is only read."""

    folder: Path = Field(
        description="The folder; relative to the configuration file. "
        r"On Windows a share is written \\server\share\folder, never as a drive letter."
    )
    settle: Duration = Field(
        2.0, description="How long a file must have stayed unchanged before it is read."
    )


class FolderOptions(Options):
    """Which files of the folder a flow reads, and what their names say."""

    files: FilePatterns = Field(
        min_length=1,
        description="How the files are named: `{sku}_{position:digits}.jpg`, or several such "
        "patterns of which the first that fits counts. Each part in braces becomes a column; "
        "`*` stands for anything within a name, `/` parts folders, capitals do not matter.",
    )
    recursive: bool = Field(
        default=False,
        description="Whether folders below count too; the pattern then describes a path's end.",
    )
    defaults: Mapping[str, str] = Field(
        default_factory=dict,
        description="Values of parts that the pattern which fits does not have: `{position: 0}`.",
    )
    key: tuple[str, ...] = Field(
        min_length=1,
        description="Columns that make the key, in order: parts of the name, or `path` for a "
        "folder in which another flow looks files up.",
    )
    types: tuple[MediaType, ...] = Field(
        ("image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf"),
        min_length=1,
        description="Media types that are taken, as the content itself tells them. Known: "
        + ", ".join(MEDIA_TYPES),
    )
    largest: Size = Field(
        50_000_000, ge=1, description="How many bytes a file may have; a larger one is refused."
    )

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns of `files`."""
        return tuple(Pattern(text) for text in self.files)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that names have, each once, in the order of the patterns."""
        return tuple(dict.fromkeys(part for each in self.patterns for part in each.parts))

    @model_validator(mode="after")
    def _known_parts(self) -> FolderOptions:
        for name in self.defaults:
            if name not in self.parts:
                raise ValueError(f"defaults: no pattern has a part {{{name}}}")
        for name in self.key:
            if name not in {*self.parts, "path", "file_name"}:
                known = ", ".join((*self.parts, "path", "file_name"))
                raise ValueError(f"key: {name!r} is not one of {known}")
        return self
