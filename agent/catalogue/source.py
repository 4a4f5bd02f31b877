"""SA-2xxx: sources and what they hold."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-2001": Explanation(
        "The drop folder is not there",
        "The folder of a file connection does not exist, or the share it lies on is not mounted.",
        "Create the folder, or bring the share back; the next run goes on by itself.",
    ),
    "SA-2002": Explanation(
        "The agent may not work in the drop folder",
        "Files are claimed, archived and quarantined by renaming them, which needs the right to "
        "read, write and delete in the folder and in the folders inside it.",
        "Grant the service's user these rights on the folder, and test as that user.",
    ),
    "SA-2003": Explanation(
        "The drop folder cannot be read now",
        "The operating system reported an input/output error, often a share that went away.",
        "Look at the share or disk; the run is repeated by itself.",
    ),
    "SA-2004": Explanation(
        "A network drive letter cannot be used",
        "Drive letters of network shares belong to the session of a logged-in person; a service "
        "does not see them.",
        r"Write the share as \\server\share\folder in the configuration.",
    ),
    "SA-2005": Explanation(
        "A folder inside the drop folder is not what it should be",
        "The archive, the quarantine or .syncagent is a link, a file, or lies on another file "
        "system. Moving files there could leave the drop folder or turn into a copy.",
        "Replace it by a plain folder, or remove it: the agent makes it anew.",
    ),
    "SA-2006": Explanation(
        "A file is empty",
        "The file has no bytes at all: an export that failed or was cut off. An empty table still "
        "has its header line.",
        "Look at the export; the file lies in the quarantine. Nothing was deleted because of it.",
    ),
    "SA-2007": Explanation(
        "A file changed while it was read",
        "Somebody kept writing to a file that had looked finished for the whole settling time.",
        "Raise `settle` of the connection, or let the export write a marker (`ready_suffix`) when "
        "it is done. The file is read again at the next run.",
    ),
    "SA-2008": Explanation(
        "The header line cannot be used",
        "It is missing, names a column twice, has too many columns, or is not in the declared "
        "encoding.",
        "Compare the first lines of the file in the quarantine with `encoding`, `delimiter` and "
        "`skip_lines`.",
    ),
    "SA-2009": Explanation(
        "A file is not in the declared encoding",
        "Bytes were found that the declared encoding does not know; in an encoding of several "
        "bytes a character nothing after them can be trusted.",
        "Declare the encoding the export really uses, then move the file back from the quarantine.",
    ),
    "SA-2010": Explanation(
        "A line has no end",
        "A line, or a quoted cell, went on for more than 16 times the largest cell allowed: a "
        "quote that is never closed, or a file that is no CSV.",
        "Look at the line named; where quotes have no meaning in this file, set `quote: none`.",
    ),
    "SA-2011": Explanation(
        "A row has the wrong number of cells",
        "The row has more or fewer cells than the header, often a delimiter inside a text that is "
        "not quoted.",
        "Correct the row at its source. It stays parked until the file comes with a good one.",
    ),
    "SA-2012": Explanation(
        "A row is not in the declared encoding",
        "The row holds a byte that the declared encoding does not know.",
        "Where many rows are refused the declared encoding is wrong; where it is one, correct it "
        "at its source.",
    ),
    "SA-2013": Explanation(
        "A cell is too large",
        "A cell is longer than `max_cell` of the flow allows.",
        "Correct the row at its source, or raise `max_cell`.",
    ),
    "SA-2014": Explanation(
        "A row holds a NUL byte",
        "Text has no NUL bytes: the file was damaged, or is in UTF-16 and declared as something "
        "else.",
        "Check the declared encoding; else correct the row at its source.",
    ),
    "SA-2015": Explanation(
        "A row is not well-formed",
        "A quoted cell is not closed, goes on after its closing quote, or a line break stands in a "
        "cell without quotes.",
        "Correct the row at its source, or set `quote: none` where quotes have no meaning.",
    ),
    "SA-2016": Explanation(
        "A file that was read cannot be put away",
        "Its rows are taken over, but it could not be moved to the archive or the quarantine. Left "
        "where it is it would be read again later and overwrite newer values, so the flow stops.",
        "Close programs that hold the file open, check the rights on the folder, then resume.",
    ),
    "SA-2017": Explanation(
        "Single keys cannot be read from this drop folder",
        "A drop folder keeps no current state. Single keys come from the newest archived whole "
        "table, and there is none: either none was taken over yet, or the flow reads deltas.",
        "Drop a whole table; for deltas, resend from what was last taken over.",
    ),
    "SA-2091": Explanation(
        "There is no such table or receiver in memory",
        "A flow of the kind `memory` names something that no test has put there.",
        "Fill `connectors.memory.TABLES` or `RECEIVERS` first.",
    ),
    "SA-2092": Explanation(
        "A table in memory lacks a column",
        "The key or cursor of a flow of the kind `memory` names a column that the table lacks.",
        "Correct the flow or the table.",
    ),
    "SA-2093": Explanation(
        "A receiver in memory refused a batch as a whole",
        "The batch held a key that the test had declared poison.",
        "Nothing: it is what the test asked for.",
    ),
    "SA-2101": Explanation(
        "The database refused the login",
        "User, password, database or the server's access rules do not fit. No second attempt is "
        "made: on some systems it would disable the user.",
        "Try the same values with the database's own client, correct the connection or the secret, "
        "then resume the flow.",
    ),
    "SA-2102": Explanation(
        "The ODBC driver cannot be loaded",
        "No driver of that name is registered, its file is missing, or it was built for another "
        "bitness than Python.",
        "Install the driver (Debian: odbc-postgresql, odbc-mariadb, libsqliteodbc) and compare the "
        "name with what `odbcinst -q -d` lists.",
    ),
    "SA-2103": Explanation(
        "unixODBC is not installed",
        "ODBC drivers are reached through the library libodbc.so.2, which is not on this machine.",
        "Install the system package unixodbc (Debian, Ubuntu) or unixODBC (Fedora, RHEL).",
    ),
    "SA-2104": Explanation(
        "The database does not answer",
        "The server is down, restarting or not reachable over the network, or it closed the "
        "connection.",
        "Nothing, if it comes back by itself: the run is repeated. Otherwise check server, port "
        "and firewall.",
    ),
    "SA-2105": Explanation(
        "The database took too long",
        "A statement ran into query_timeout, or waited too long for a lock.",
        "Give the key (and the cursor columns) an index, or raise query_timeout.",
    ),
    "SA-2106": Explanation(
        "The driver spoils values",
        "At connect a statement with a known answer is run: a decimal number, accents, a date. "
        "The answer came back changed, so every row could be wrong.",
        "Use the Unicode variant of the driver and remove keywords that change numbers, dates or "
        "encoding. The error names what became what.",
    ),
    "SA-2110": Explanation(
        "The table is not there",
        "The table or view does not exist, or this user does not see it. Upper and lower case "
        "count.",
        "Correct `table` (with its schema where needed), or grant SELECT on it.",
    ),
    "SA-2111": Explanation(
        "The column is not there",
        "`key`, `columns`, `cursor` or `children` name a column that the table or query does not "
        "have, or that was renamed while the flow ran.",
        "Correct the name; the error lists the columns and what may have been meant.",
    ),
    "SA-2112": Explanation(
        "The database refused a statement",
        "Most often a mistake in `query`: the statement runs inside another one, as a table does.",
        "Run the query with the database's own client; leave out ORDER BY and the semicolon.",
    ),
    "SA-2113": Explanation(
        "The user may not read this",
        "The connection's user lacks a permission on the table or view.",
        "Grant SELECT to that user. It needs no other right.",
    ),
    "SA-2114": Explanation(
        "The database reported an error",
        "An error that neither the connection nor the configuration explains, such as a deadlock "
        "or a full disk on the server.",
        "The run is repeated. When it does not pass, the message is the database's own words.",
    ),
    "SA-2115": Explanation(
        "A value does not fit the column",
        "A key that was asked for cannot be a value of the key column: letters for a number, or a "
        "date that does not exist.",
        "Ask for the key as the source writes it.",
    ),
    "SA-2116": Explanation(
        "Accents and a long key in one statement",
        "MariaDB's ODBC driver breaks either texts of more than 127 characters or accents in the "
        "statement itself (a column name, a text in `query`), depending on how it is spoken to.",
        "Make a view whose column names have no accents, and read the view as a table.",
    ),
    "SA-2117": Explanation(
        "No moment can be told from this cursor",
        "`resync --since` was asked of a flow whose cursor columns are numbers, not dates.",
        "Use `resync --key` for single keys, or `resync --all`.",
    ),
    "SA-2118": Explanation(
        "A large object is too large",
        "A column without a bound (CLOB, a blob, LONGTEXT, varchar(max), PostgreSQL's text) holds "
        "a value of more than 16,777,216 characters or bytes. It is not read whole, lest it fill "
        "the memory, and never cut.",
        "Leave the column out with `columns`, or shorten it in a query or view.",
    ),
    "SA-2120": Explanation(
        "The database's client has no licence",
        "The client refused to connect because it finds no licence for this server (Db2: SQL1598N; "
        "IBM i Access: 5770-XW1).",
        "Install the licence file of the client, or use a driver that needs none, then resume the "
        "flow.",
    ),
    "SA-2121": Explanation(
        "Rows are locked by another program",
        "Rows that are being changed under commitment control are waited for, and the wait took "
        "longer than the database allows (IBM i: the file's WAITRCD, one minute as a rule).",
        "Nothing: the rows are asked for again. Where it happens often, find the program that "
        "leaves its changes uncommitted.",
    ),
    "SA-2122": Explanation(
        "The driver repeats the previous row's value where there is none",
        "IBM's `libdb2.so` counts lengths in four bytes, 64-bit unixODBC in eight. A missing "
        "number or date then arrives as that of the row before.",
        "Name the library with eight-byte lengths, `libdb2o.so`, as `driver` of the connection.",
    ),
    "SA-2123": Explanation(
        "A key column has no code page",
        "The system keeps the column's bytes without saying what characters they are (CCSID "
        "65535). Fields can be decoded by the mapping, keys must be text before it.",
        "Set `ccsid` of the connection (1144 Italian with euro, 280 Italian, 37, 500 ...), or "
        "`ccsids` of the flow for one column.",
    ),
    "SA-2124": Explanation(
        "The journal cannot be followed",
        "The file is not journaled to the journal that the flow names, is a view or a query, or "
        "the user may not read the journal and its receivers.",
        "Compare `journal` with DSPFD and grant *USE on journal and receivers; docs/connectors/"
        "ibmi.md has the commands. Until then every run reads everything.",
    ),
    "SA-2125": Explanation(
        "Mapepire's client is not installed",
        "The kind `mapepire` needs the Python package `mapepire-python`, which is not part of the "
        "agent's plain installation.",
        "Install it where the agent runs: pip install syncagent[mapepire].",
    ),
    "SA-2131": Explanation(
        "SQL Server lists no changes of the table",
        "Change Tracking is off in the database or for the table, or the user lacks the permission "
        "VIEW CHANGE TRACKING on it: the server answers alike.",
        "Run the statements of the hint as an administrator of the database, then resume the flow. "
        "docs/connectors/sqlserver.md has them in full.",
    ),
    "SA-2132": Explanation(
        "Snapshot isolation is off",
        "The list of changes, its version and the rows must be of one moment, or a change between "
        "two of them would be missed. Only a SNAPSHOT transaction shows one moment without "
        "stopping those who write.",
        "ALTER DATABASE ... SET ALLOW_SNAPSHOT_ISOLATION ON, then resume the flow. No program "
        "notices; tempdb holds the versions of rows that are changed.",
    ),
    "SA-2133": Explanation(
        "The flow's key is not the table's primary key",
        "Change Tracking lists primary keys. Of a row that was deleted nothing else is left, so a "
        "flow with another key would not know which record is gone.",
        "Use the primary key as `key`, or find changes by a rowversion column.",
    ),
    "SA-2134": Explanation(
        "This database cannot tell which changes are committed",
        "The connection reached a readable secondary or a read-only database, where what is still "
        "uncommitted on the primary is not seen; or the table lies in another database than the "
        "connection's, and each database counts by itself. A change could be missed.",
        "Leave out `replica: true` and connect to the table's own database, or use a column of "
        "stamps as `cursor`.",
    ),
    "SA-2201": Explanation(
        "The SQLite file cannot be opened",
        "The file is not there, or the service's user may not read it. In WAL mode SQLite also "
        "needs to write to the file's folder.",
        "Check the path, and test as the service's user.",
    ),
    "SA-2202": Explanation(
        "The file is not a sound SQLite database",
        "The file is of another kind, encrypted or damaged.",
        "Open it with the program that owns it, or restore it from a backup.",
    ),
    "SA-2203": Explanation(
        "The SQLite file is locked",
        "Another program has been writing for longer than the agent waits (5 seconds).",
        "Nothing: the run is repeated. A program that writes for minutes is better served by WAL "
        "mode (`PRAGMA journal_mode=WAL`).",
    ),
    "SA-2211": Explanation(
        "Firebird's client is not installed",
        "Firebird is reached through the Python package firebird-driver, which in turn needs "
        "Firebird's own client library (libfbclient, fbclient.dll).",
        "`pip install 'syncagent[firebird]'`; then install libfbclient2 (Debian, Ubuntu) or "
        "Firebird's client for this machine's bitness, or name its file in `client_library`.",
    ),
    "SA-2212": Explanation(
        "Firebird cannot open the database file",
        "The server answers, but not for this database: the path or alias is wrong as the server "
        "sees it, or its own user may not open the file.",
        "Compare `database` with the aliases in the server's databases.conf.",
    ),
    "SA-2213": Explanation(
        "A text has no declared character set",
        "The column was declared with the character set NONE, as old databases have it, and holds "
        "bytes that are not UTF-8.",
        "Set `none_charset` of the connection to what the programs write, most often WIN1252.",
    ),
    "SA-2221": Explanation(
        "Oracle's driver is not installed",
        "Oracle is reached through the Python package oracledb, which needs nothing else.",
        "`pip install 'syncagent[oracle]'`, then resume the flow.",
    ),
    "SA-2222": Explanation(
        "This Oracle server cannot be reached without Oracle's client",
        "The server is older than 12.1, or keeps the user's password in the form of version 10 "
        "only.",
        "For the password: a person sets it anew on the server. For an old server: install "
        "Oracle's client and its ODBC driver, and use the kind `odbc` with `dialect: oracle`.",
    ),
    "SA-2223": Explanation(
        "Oracle no longer has the rows as they were (ORA-01555)",
        "A pass reads everything as it was at one moment. What other programs changed since is "
        "rebuilt from the undo tablespace, and a part of it was already overwritten.",
        "Nothing, if it is rare: the pass starts over. Otherwise raise UNDO_RETENTION, give the "
        "flow a cursor, or read at a quieter hour.",
    ),
    "SA-2140": Explanation(
        "A package is missing for LISTEN",
        "A flow listens to a channel of PostgreSQL (`listen:`). ODBC has no notifications, so the "
        "agent needs the package psycopg for it, which is not installed.",
        'Install it beside the agent: `pip install "syncagent[listen]"`. Or leave `listen` out: '
        "the flow's schedule looks for changes.",
    ),
    "SA-2141": Explanation(
        "Only PostgreSQL tells by NOTIFY",
        "`listen:` stands at a flow whose database is of another engine.",
        "Leave `listen` out. The flow's schedule looks for changes; a poll that finds nothing "
        "takes milliseconds.",
    ),
}
