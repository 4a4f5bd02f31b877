"""A throw-away certificate authority: for demo and tests, good for this machine only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files: the authority, the shop's certificate with its key, a client's with its key."""

    authority: Path
    server: Path
    server_key: Path
    client: Path


def create_certificates(folder: Path) -> Certificates:
    """Write a new authority's files into a folder. Its own key is kept nowhere."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    server = authority.issue_cert("localhost", "127.0.0.1")
    client = authority.issue_cert("agent@syncagent.example")
    files = Certificates(
        authority=folder / "authority.pem",
        server=folder / "server.pem",
        server_key=folder / "server.key",
        client=folder / "client.pem",
    )
    authority.cert_pem.write_to_path(files.authority)
    files.server.write_bytes(b"".join(each.bytes() for each in server.cert_chain_pems))
    for path, key in (
        (files.server_key, server.private_key_pem),
        (files.client, client.private_key_and_cert_chain_pem),
    ):
        path.touch(mode=0o600)
        key.write_to_path(path)
    return files
