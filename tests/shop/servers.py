"""Servers that are no shop: what stands at a wrong address, in a few lines of sockets."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from agent.demo.certificates import Certificates

Handler = Callable[[socket.socket], None]


@contextmanager
def serving(
    handle: Handler, certificates: Certificates | None, *, needs_certificate: bool = False
) -> Iterator[str]:
    """Serve each connection in a thread of its own, with TLS where certificates are given."""
    listener = socket.create_server(("127.0.0.1", 0))
    context: ssl.SSLContext | None = None
    if certificates:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.server, certificates.server_key)
        if needs_certificate:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(certificates.authority)
    threads: list[threading.Thread] = []

    def serve(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(10)
            if context:
                connection = context.wrap_socket(connection, server_side=True)
            with connection:
                handle(connection)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threads.append(threading.Thread(target=serve, args=(listener.accept()[0],)))
                threads[-1].start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    scheme = "https" if certificates else "http"
    try:
        yield f"{scheme}://localhost:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in [accepting, *threads]:
            thread.join()


def receive_request(connection: socket.socket) -> bytes:
    """The head of a request; its body is read and dropped."""
    received = b""
    while b"\r\n\r\n" not in received:
        portion = connection.recv(65536)
        if not portion:
            raise ConnectionError("the client went away")
        received += portion
    head, _, body = received.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().splitlines():
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    missing = length - len(body)
    while missing > 0:
        missing -= len(connection.recv(65536))
    return head


@contextmanager
def answering(
    certificates: Certificates | None,
    content_type: str,
    body: bytes,
    asked: list[str],
    *,
    needs_certificate: bool = False,
) -> Iterator[str]:
    """Give every request this answer, and note its first line in `asked`."""

    def handle(connection: socket.socket) -> None:
        head = receive_request(connection)
        asked.append(head.splitlines()[0].decode())
        connection.sendall(
            f"HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode()
            + body
        )

    with serving(handle, certificates, needs_certificate=needs_certificate) as url:
        yield url
