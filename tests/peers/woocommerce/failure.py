"""An error as WordPress tells it."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response


class Failure(Exception):
    """Code, words, status, and whatever else the error knows."""

    def __init__(self, code: str, message: str, status: int = 400, **data: Any) -> None:
        super().__init__(message)
        self.code, self.message, self.data = code, message, {"status": status, **data}

    def told(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "data": self.data}

    def answer(self) -> Response:
        return JSONResponse(self.told(), self.data["status"])
