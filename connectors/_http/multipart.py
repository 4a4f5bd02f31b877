"""Forms with a file in them (`multipart/form-data`, RFC 7578)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid4


def form(
    fields: Mapping[str, str], name: str, filename: str, kind: str, content: bytes
) -> tuple[str, bytes]:
    """Content type and body: the fields and then the file, whose name needs no quoting."""
    boundary = uuid4().hex
    parts = [
        f'--{boundary}\r\ncontent-disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in fields.items()
    ]
    head = (
        f"--{boundary}\r\ncontent-disposition: form-data; "
        f'name="{name}"; filename="{filename}"\r\ncontent-type: {kind}\r\n\r\n'
    )
    body = ("".join(parts) + head).encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", body
