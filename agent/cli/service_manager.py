"""What `syncagent run` tells systemd, over the socket that systemd names (sd_notify(3))."""

from __future__ import annotations

import os
import socket
import time


def notify(state: str) -> None:
    """Send `READY=1`, `STOPPING=1`, `WATCHDOG=1` … ; nothing happens without a service manager."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):  # Linux's abstract name space
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.sendto(state.encode(), address)


def reloading() -> str:
    """The message that begins a reload; `READY=1` ends it."""
    return f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}"


def watchdog_seconds() -> float | None:
    """How often to say `WATCHDOG=1`: half of what systemd allows; None when it does not ask."""
    for_us = os.environ.get("WATCHDOG_PID") in {None, str(os.getpid())}
    microseconds = int(os.environ.get("WATCHDOG_USEC", "0"))
    return microseconds / 2_000_000 if for_us and microseconds else None
