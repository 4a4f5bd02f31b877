#!/bin/sh
# Say plainly what is missing instead of failing somewhere inside pip.
set -eu
python=$1
command -v "$python" >/dev/null || { echo "python3 is missing: install Python 3.11 or newer" >&2; exit 1; }
"$python" - <<'CHECK' || exit 1
import sys
if sys.version_info < (3, 11):
    sys.exit(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}")
try:
    import ensurepip, venv
except ImportError:
    sys.exit("Python's venv module is missing: apt-get install python3-venv")
CHECK
