"""A TCP proxy that cuts a conversation in two at a message: before it arrives, or after it did.

It knows no protocol: whoever plans a cut says by which bytes, sent at once, the message is known.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto


class Cut(Enum):
    """What becomes of the message."""

    LOSE_MESSAGE = auto()
    """The server never gets it; both ends are hung up."""
    LOSE_ANSWER = auto()
    """The server acts on it and answers; nobody hears the answer."""
    DELAY_MESSAGE = auto()
    """The client is hung up at once, the server gets it at `release`."""


class Wire:
    """Between clients and one server. Passes everything on until `cut` is planned."""

    def __init__(self, server: int) -> None:
        self._server = server
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._is_it: Callable[[bytes], bool] = bool
        self._plan: Cut | None = None
        self._refusing = False
        self._released = threading.Event()
        self.cuts = 0
        """How often a message was met."""
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self._start(self._accept)

    def cut(self, is_it: Callable[[bytes], bool], plan: Cut) -> None:
        """Do so with the next message that is it, once."""
        self._released.clear()
        self._is_it, self._plan = is_it, plan

    def release(self) -> None:
        """Let the server have what was delayed."""
        self._released.set()

    def release_after(self, seconds: float) -> None:
        """The same a little later, while somebody waits for it."""
        self._start(lambda: (time.sleep(seconds), self.release()))

    def refuse(self, *, refusing: bool) -> None:
        """Hang up on everybody and let nobody in, or let them in again."""
        self._refusing = refusing
        if refusing:
            self._hang_up()

    def close(self) -> None:
        """Hang up on everybody, and end."""
        self._released.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._hang_up()
        for thread in self._threads:
            thread.join()

    def _hang_up(self) -> None:
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _start(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._refusing:
                client.close()
                continue
            server = socket.create_connection(("127.0.0.1", self._server))
            self._sockets += [client, server]
            answers = _Answers(client, server)
            self._start(self._to_server, client, server, answers)
            self._start(answers.pass_on)

    def _to_server(self, client: socket.socket, server: socket.socket, answers: _Answers) -> None:
        with client, suppress(OSError):
            while data := client.recv(65536):
                if self._plan and self._is_it(data):
                    plan, self._plan = self._plan, None
                    self.cuts += 1
                    if plan is Cut.LOSE_ANSWER:
                        answers.swallow()
                        server.sendall(data)
                        answers.swallowed.wait(10)
                    elif plan is Cut.DELAY_MESSAGE:
                        answers.swallow()
                        client.shutdown(socket.SHUT_RDWR)
                        self._released.wait(30)
                        server.sendall(data)
                        answers.swallowed.wait(10)
                    break
                server.sendall(data)
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)


class _Answers:
    """What the server says, until it is swallowed."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self._client, self._server = client, server
        self._swallowing = False
        self.swallowed = threading.Event()

    def swallow(self) -> None:
        self._swallowing = True

    def pass_on(self) -> None:
        with self._server, suppress(OSError):
            while data := self._server.recv(65536):
                if self._swallowing:
                    self.swallowed.set()
                else:
                    self._client.sendall(data)
        self.swallowed.set()
        with suppress(OSError):
            self._client.shutdown(socket.SHUT_RDWR)


@contextmanager
def wire(server: int) -> Iterator[Wire]:
    """A proxy in front of the port."""
    opened = Wire(server)
    try:
        yield opened
    finally:
        opened.close()
