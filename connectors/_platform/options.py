"""Options that targets of several platforms have."""

from __future__ import annotations

from pydantic import Field

from agent.contract import Options, Size


class PictureOptions(Options):
    """For platforms that take bytes: where the agent fetches the pictures."""

    images_from: str = Field(
        default="",
        pattern=r"^(https?://.+)?$",
        description="Address below which the pictures lie: the agent fetches them there and "
        "sends them. Left out: pictures are not written.",
    )
    largest_picture: Size = Field(
        default=4_000_000, ge=1, description="How many bytes a picture may have."
    )
