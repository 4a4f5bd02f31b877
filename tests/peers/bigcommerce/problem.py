"""A refusal as BigCommerce tells it."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response


class Problem(Exception):
    """Status, title, and what is wrong with which field."""

    def __init__(self, status: int, title: str, **more: Any) -> None:
        super().__init__(title)
        self.status, self.told = status, {"status": status, "title": title, "type": "", **more}

    def answer(self) -> Response:
        return JSONResponse(self.told, self.status)
