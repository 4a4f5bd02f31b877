"""A newer SQLite in place of Python's own: the parser of 3.40 overflows on Tryton's queries."""

import sys

import pysqlite3

sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
