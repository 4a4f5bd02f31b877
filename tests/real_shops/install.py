"""`python -m tests.real_shops.install`: the real shops and ERPs that the tests run against.

What is installed already in the wanted version is left alone. Names after the command install only
these.
"""

from __future__ import annotations

import sys
import time

from tests.peers import medusa, oscar, tryton, vendure

SHOPS = {
    oscar.OSCAR: oscar.install,
    tryton.TRYTON: tryton.install,
    medusa.MEDUSA: medusa.install,
    vendure.VENDURE: vendure.install,
}


def main(wanted: list[str]) -> int:
    """Install what is missing; 1 where something could not be."""
    failed = 0
    for program, install in SHOPS.items():
        if (wanted and program.name not in wanted) or not program.missing:
            continue
        print(f"installing {program.name} into {program.folder}", flush=True)  # noqa: T201
        started = time.monotonic()
        try:
            install()
        except (RuntimeError, OSError) as error:
            print(f"{program.name} cannot be installed: {error}", file=sys.stderr)  # noqa: T201
            failed = 1
            continue
        program.stamp.write_text(program.made_of)
        print(f"{program.name} is there after {time.monotonic() - started:.0f} s")  # noqa: T201
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
