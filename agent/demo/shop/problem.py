"""Answers that say what was wrong (RFC 9457)."""

from __future__ import annotations

import msgspec
from starlette.responses import Response

TITLES = {
    400: "The body cannot be read",
    401: "Log in first",
    404: "There is no such thing",
    411: "The length is missing",
    413: "Too much at once",
    415: "The body's form is not understood",
    422: "The body does not keep the protocol",
    429: "Too many requests",
    503: "Not available for a while",
}


class Problem(Exception):
    """Ends the handling of a request with a problem document."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail

    def response(self, headers: dict[str, str] | None = None) -> Response:
        """The document, as an answer."""
        document = {
            "title": TITLES.get(self.status, "The request failed"),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }
        return Response(
            msgspec.json.encode(document),
            status_code=self.status,
            media_type="application/problem+json",
            headers=headers,
        )
