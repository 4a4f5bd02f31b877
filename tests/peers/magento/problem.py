"""A refusal as Magento tells it."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response


class Problem(Exception):
    """Status, message, and its parameters."""

    def __init__(self, status: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.told = status, {"message": message, **more}

    def answer(self) -> Response:
        return JSONResponse(self.told, self.status)


def missing(what: str) -> Problem:
    return Problem(404, f"The {what} that was requested doesn't exist. Verify it and try again.")
