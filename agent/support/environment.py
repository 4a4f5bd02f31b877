"""The machine, as far as it matters for the agent."""

from __future__ import annotations

import locale
import os
import platform
import sys
import time
from importlib.metadata import distributions
from typing import Any

from agent import __version__
from agent.store.schema import MIGRATIONS


def environment() -> dict[str, Any]:
    """Versions of everything, drivers, language and time zone; no names of machine or users."""
    return {
        "syncagent": __version__,
        "store_schema": len(MIGRATIONS),
        "python": sys.version,
        "bits": 64 if sys.maxsize > 2**32 else 32,
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "distribution": _distribution(),
        "processors": os.cpu_count(),
        "encoding": locale.getpreferredencoding(do_setlocale=False),
        "time_zone": time.tzname[0],
        "odbc_drivers": _odbc_drivers(),
        "packages": dict(
            sorted({each.name.lower(): each.version for each in distributions()}.items())
        ),
    }


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:  # Windows, or a system that does not say
        return ""


def _odbc_drivers() -> list[str]:
    try:
        import pyodbc  # noqa: PLC0415 - needs unixODBC, which not everybody has
    except ImportError:
        return []
    return list(pyodbc.drivers())
