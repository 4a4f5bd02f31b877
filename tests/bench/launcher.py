"""Runs a command and tells what it alone cost: `launcher.py RESULT COMMAND …`.

Small on purpose: a process begins its life with the peak memory of the one that forked it.
"""

import json
import os
import sys
import time

result, *command = sys.argv[1:]
started = time.perf_counter()
child = os.fork()
if child == 0:
    os.execv(command[0], command)
_, status, usage = os.wait4(child, 0)
seconds = time.perf_counter() - started
with open(result, "w", encoding="utf-8") as file:  # noqa: PTH123 - pathlib costs memory
    cpu, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    json.dump({"seconds": seconds, "cpu": cpu, "peak_mb": peak}, file)
sys.exit(os.waitstatus_to_exitcode(status))
