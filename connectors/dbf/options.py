"""What the configuration says about dBase tables."""

from __future__ import annotations

from pydantic import Field

from agent.contract import Size
from connectors._drop import DropOptions
from connectors._drop.options import MaybeEncoding


class DbfOptions(DropOptions):
    """Which tables of the folder a flow reads; the columns stand in the tables themselves."""

    encoding: MaybeEncoding = Field(
        "", description="How text is encoded; by default what the table's header names."
    )
    max_memo: Size = Field(2**24, ge=1, description="Largest memo; a row with a larger one parks.")
