"""What the configuration says about an Access database."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from agent.contract import Duration, Options


class AccessConnection(Options):
    """Which file."""

    file: Path = Field(
        description="The database file (.mdb or .accdb); relative to the configuration file. It is "
        r"copied, and only the copy is opened. On Windows a share is written \\server\share\file."
    )
    patience: Duration = Field(
        300.0,
        gt=0,
        description="How long the program or driver that reads the copy may work on one batch.",
    )


class AccessOptions(Options):
    """Which table a flow reads."""

    table: str = Field(min_length=1, description="Name of the table, as Access shows it.")
    key: tuple[str, ...] = Field(min_length=1, description="Columns that make the key, in order.")
    batch_size: int = Field(5000, ge=1, le=100_000, description="Rows a batch.")
