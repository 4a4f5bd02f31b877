"""`python -m agent.demo.shop --database shop.db`: run the reference shop.

Its first line on standard output is its address. Secrets come from the environment: SHOP_TOKEN,
SHOP_CLIENT_ID, SHOP_CLIENT_SECRET, SHOP_SIGNING_SECRETS (parted by blanks).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import socket
import ssl
import sys
import threading
from pathlib import Path

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from agent.demo.shop.access import Access
from agent.demo.shop.application import Shop
from agent.demo.shop.database import ShopDatabase
from agent.demo.shop.faults import Faults


def main() -> None:
    """Serve until told to stop."""
    arguments = _arguments()
    access = Access(
        token=os.environ.get("SHOP_TOKEN", ""),
        client_id=os.environ.get("SHOP_CLIENT_ID", ""),
        client_secret=os.environ.get("SHOP_CLIENT_SECRET", ""),
        signing_secrets=os.environ.get("SHOP_SIGNING_SECRETS", "").split(),
        needs_certificate=arguments.client_ca is not None,
        token_lifetime=arguments.token_lifetime,
    )
    listener = _listen(arguments.port)
    with ShopDatabase(arguments.database) as database:
        shop = Shop(database, access, Faults() if arguments.faults else None)
        config = uvicorn.Config(
            shop.application(),
            http=_Protocol,
            log_level="warning",
            ssl_certfile=arguments.cert,
            ssl_keyfile=arguments.key,
            ssl_ca_certs=arguments.client_ca,
            # A certificate that is shown must be right; that none is shown is answered in words.
            ssl_cert_reqs=ssl.CERT_OPTIONAL if arguments.client_ca else ssl.CERT_NONE,
            timeout_graceful_shutdown=5,
        )
        scheme = "https" if arguments.cert else "http"
        sys.stdout.write(f"{scheme}://localhost:{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        if arguments.until_stdin_closes:
            threading.Thread(target=_stop_when_stdin_closes, daemon=True).start()
        uvicorn.Server(config).run(sockets=[listener])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m agent.demo.shop", description=__doc__)
    parser.add_argument("--database", type=Path, required=True, help="the shop's SQLite file")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--cert", type=Path, help="server certificate; without: plain http")
    parser.add_argument("--key", type=Path, help="its private key")
    parser.add_argument("--client-ca", type=Path, help="demand certificates of this authority")
    parser.add_argument("--token-lifetime", type=float, default=3600.0, help="seconds")
    parser.add_argument("--faults", action="store_true", help="let tests plan faults")
    parser.add_argument(
        "--until-stdin-closes", action="store_true", help="stop when the parent process ends"
    )
    return parser.parse_args()


def _listen(port: int) -> socket.socket:
    # asyncio sends small answers at once (TCP_NODELAY) only where the protocol is named: without
    # it every answer waits 40 ms for an acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(128)
    return listener


def _stop_when_stdin_closes() -> None:
    # Not sys.stdin: its lock, held by a thread that waits, would break an orderly exit.
    os.read(0, 1)
    signal.raise_signal(signal.SIGTERM)


class _Protocol(H11Protocol):
    """HTTP that tells the application of its connection: certificate shown, transport."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]  # uvicorn narrows it
        application = self.app
        tls = transport.get_extra_info("ssl_object")
        connection: dict[str, object] = {"transport": transport}
        if tls and tls.getpeercert():
            connection["client_certificate"] = tls.getpeercert()

        async def connected(scope: Scope, receive: Receive, send: Send) -> None:
            await application({**scope, **connection}, receive, send)

        self.app = connected


if __name__ == "__main__":
    main()
