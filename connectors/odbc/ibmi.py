"""IBM i (AS/400) through the IBM i Access ODBC driver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from agent.contract import Finding, Kind
from agent.errors import Misconfigured
from connectors._db2 import CODES
from connectors._ibmi.catalogue import NO_CONVERSION
from connectors._ibmi.dialect import CANARY, IbmiDialect, Reading, reading
from connectors._ibmi.naming import Naming
from connectors._ibmi.options import CodePage, IbmiOptions
from connectors._ibmi.source import IbmiSource
from connectors._sql_session import Session
from connectors._sql_writing import SqlTarget, SqlTargetOptions, Writing
from connectors.odbc.connecting import (
    connect,
    connect_for_writing,
    give_back,
    give_back_writing,
)
from connectors.odbc.db2 import ClidriverDialect
from connectors.odbc.options import DriverConnection

ISOLATIONS = {"none": "0", "cs": "1", "ur": "2", "rs": "3", "rr": "4"}
STATEMENTS = {"all": "0", "select and call": "1", "select": "2"}
DANGERS: Mapping[str, tuple[str, str]] = {
    "CMT": ("134", "rows are read that may be rolled back: isolation: cs"),
    "CONNTYPE": ("2", "the driver lets more through than SELECT: statements: select"),
    "DEC": ("0", "decimals have a comma"),
    "DFT": ("5", "dates are not ISO"),
    "SSL": ("1", "what is read crosses the network in the clear: tls: true"),
    "TRANSLATE": ("0", "texts without a code page are translated by a guess: ccsid"),
    "TRUEAUTOCOMMIT": ("1", "rows are read that may be rolled back, whatever CMT says"),
    "XDYNAMIC": ("0", "statements are kept in SQL packages, which the user may not own"),
}
"""Keyword → its safe values, and what any other does."""


class IbmiConnection(DriverConnection):
    """Where the system is and how to get in. `server` is its name or address."""

    database: str = Field(
        default="", description="Relational database (independent ASP); the user's own when empty."
    )
    libraries: tuple[str, ...] = Field(
        default=(),
        description="The library list, first the default library; `*USRLIBL` stands for the "
        "user's own list, which is replaced where it is left out. At most 75.",
        max_length=75,
    )
    naming: Naming = Field(
        default="sql",
        description="`sql`: LIBRARY.FILE, a bare name stands in the first library. `system`: "
        "LIBRARY/FILE, a bare name is looked for along the library list.",
    )
    isolation: Literal["cs", "ur", "rs", "rr", "none"] = Field(
        default="cs",
        description="`cs` reads committed rows. `ur` and `none` read what may be rolled back.",
    )
    statements: Literal["select", "select and call", "all"] = Field(
        default="select", description="What the driver lets through; the agent needs SELECT alone."
    )
    tls: bool = Field(default=True, description="Encrypt (the host servers need a certificate).")
    translate: bool = Field(
        default=False,
        description="Let the driver translate columns without a code page by that of the job. A "
        "guess: `ccsid` says it.",
    )
    ccsid: CodePage = Field(
        default=NO_CONVERSION,
        description="Code page of columns that the system marks as 65535 (no conversion): 1144 "
        "Italian with euro, 280 Italian, 37, 500. Left out: bytes, for the mapping's `encoding`.",
    )

    @property
    def driver_keywords(self) -> dict[str, str]:
        """The driver's keywords, those of the configuration last; in capitals."""
        # With a first entry that is empty no library is the default: the list is searched.
        listed = ("" if self.naming == "sql" else ",") + ",".join(self.libraries)
        words = {
            "NAM": "0" if self.naming == "sql" else "1",
            "DBQ": listed if self.libraries else "",
            "CMT": ISOLATIONS[self.isolation],
            "CONNTYPE": STATEMENTS[self.statements],
            "SSL": "1" if self.tls else "0",
            "TRANSLATE": "1" if self.translate else "0",
            "DFT": "5",
            "DEC": "0",
            "XDYNAMIC": "0",
            # Without it the driver runs single statements at *NONE, whatever CMT says.
            "TRUEAUTOCOMMIT": "1",
            "UNICODESQL": "1",
        }
        return words | {name.upper(): value for name, value in self.keywords.items()}

    def dangers(self) -> Iterator[Finding]:
        """Keywords that spoil, endanger or show what is read."""
        for word, value in self.driver_keywords.items():
            safe, harm = DANGERS.get(word, (value, ""))
            if value not in safe:
                yield Finding(f"{word}={value}", f"not safe: {harm}")


class IbmiOdbcDialect(IbmiDialect, ClidriverDialect):
    """The driver of IBM i Access."""

    driver = "IBM i Access ODBC Driver"
    server_word = "SYSTEM"
    unquoted = frozenset({"DBQ"})
    canary = CANARY
    # The driver's own numbers for what the sign-on server refuses: CWBSY0001 ... CWBSY0099.
    codes = MappingProxyType({**CODES, **dict.fromkeys(range(8001, 8100), "SA-2101")})

    def __init__(self, connection: IbmiConnection, options: IbmiOptions | None = None) -> None:
        super().__init__(
            reading(connection.naming, connection.ccsid, options)
            if options
            else Reading(connection.naming, connection.ccsid)
        )
        self.keywords = connection.driver_keywords
        self.transactional = connection.isolation != "none"


class IbmiOdbcSource(IbmiSource[IbmiConnection]):
    """Reads a file of IBM i through ODBC."""

    def open_session(self) -> Session:
        """A connection that passed the canary, in this flow's way of reading."""
        dialect = IbmiOdbcDialect(self.connection, self.options)
        session = connect(self.connection, dialect)
        session.dialect = dialect  # it may have waited for us in another flow's
        return session

    def release(self, session: Session) -> None:
        """Keep a sound connection for the next run."""
        give_back(self.connection, session)

    def check(self) -> Iterator[Finding]:
        """Also settings that are not safe."""
        yield from super().check()
        yield from self.connection.dangers()


class IbmiOdbcTarget(SqlTarget[IbmiConnection]):
    """Writes to files of IBM i, or calls its programs, through ODBC."""

    def open_writing(self) -> Writing:
        """A connection that the configuration allows to write."""
        if self.connection.statements == "select":
            raise Misconfigured(
                "SA-5312",
                "the connection lets nothing but SELECT through",
                hint="give the target a connection of its own with `statements: all`, and a user "
                "of its own",
            )
        return connect_for_writing(self.connection, IbmiOdbcDialect(self.connection))

    def release(self, session: Writing) -> None:
        """Keep a sound connection for the next delivery."""
        give_back_writing(self.connection, session)

    def check(self) -> Iterator[Finding]:
        """Also settings that are not safe."""
        yield from super().check()
        if self.connection.isolation == "none":
            yield Finding(
                "isolation: none",
                "what was written stays when a later statement fails: such a record is in doubt",
                warning=True,
            )


KIND = Kind(
    name="ibmi",
    summary="IBM i (AS/400) over the IBM i Access ODBC driver: files, views, journals",
    connection=IbmiConnection,
    source=IbmiOdbcSource,
    source_options=IbmiOptions,
    target=IbmiOdbcTarget,
    target_options=SqlTargetOptions,
)
