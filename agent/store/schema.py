"""The tables, as an ordered list of migrations. Times are unix milliseconds, UTC.

A migration that was released is never changed; a new one is added at the end. The number of
migrations that a file has had stands in its `user_version`.
"""

from __future__ import annotations

APPLICATION_ID = 0x53594E43
"""`SYNC`: tells our file from any other SQLite database."""

FIRST = """
-- One line: who this store is and how far its sequence of versions has come.
CREATE TABLE identity (
    store_id TEXT NOT NULL,            -- 12 hex digits, the first part of every message's id
    next_version INTEGER NOT NULL      -- the version that the next message gets
) STRICT;

-- A flow: its name, and what its last passes left behind.
CREATE TABLE flow (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    cursor TEXT NOT NULL DEFAULT '',          -- the source's mark, '' means start over
    fingerprint TEXT NOT NULL DEFAULT '',     -- of the mapping under which the digests were made
    columns TEXT NOT NULL DEFAULT '{}',       -- JSON: the source's columns as last seen -> types
    layout TEXT NOT NULL DEFAULT '',          -- how the source deals rows into source_block
    blocks_valid INTEGER NOT NULL DEFAULT 0,  -- 1: known_block describes known exactly
    full_pass_at INTEGER NOT NULL DEFAULT 0,  -- end of the last complete pass
    halted TEXT NOT NULL DEFAULT '',          -- why a person must act first, '' when running
    known_rows INTEGER NOT NULL DEFAULT 0,    -- how many rows known has
    known_next INTEGER NOT NULL DEFAULT 0     -- the next row's number; numbers are never reused
) STRICT;

-- A target, by name.
CREATE TABLE target (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- What was last taken over, a line per flow and key.
CREATE TABLE known (
    id INTEGER PRIMARY KEY,            -- flow << 32 | number of the row within the flow
    flow INTEGER NOT NULL REFERENCES flow,
    key TEXT NOT NULL,
    row_digest BLOB NOT NULL,          -- 16 bytes, of the raw row
    record_digest BLOB NOT NULL,       -- the record's mark; empty: none there; zeros: not sure
    block INTEGER                      -- the source's own block, where it has such
) STRICT;
CREATE UNIQUE INDEX known_key ON known (flow, key);
CREATE INDEX known_source_block ON known (flow, block) WHERE block IS NOT NULL;

-- Runs of known rows in the order of arrival, cut where a row's digest says so.
CREATE TABLE known_block (
    id INTEGER PRIMARY KEY,
    flow INTEGER NOT NULL REFERENCES flow,
    digest BLOB NOT NULL,              -- 16 bytes, over the rows' digests
    numbers BLOB NOT NULL              -- the rows' numbers, 8 bytes each
) STRICT;
CREATE INDEX known_block_digest ON known_block (flow, digest);

-- Digests that the source itself computed over blocks of its rows.
CREATE TABLE source_block (
    flow INTEGER NOT NULL REFERENCES flow,
    block INTEGER NOT NULL,
    digest BLOB NOT NULL,
    rows INTEGER NOT NULL,
    PRIMARY KEY (flow, block)
) STRICT, WITHOUT ROWID;

-- A table in which a flow looks values up, and how far its reading has come.
CREATE TABLE lookup (
    id INTEGER PRIMARY KEY,
    flow INTEGER NOT NULL REFERENCES flow,
    name TEXT NOT NULL,
    fingerprint TEXT NOT NULL DEFAULT '',     -- of what the configuration says about it
    cursor TEXT NOT NULL DEFAULT '',          -- the source's mark, '' means start over
    columns TEXT NOT NULL DEFAULT '[]',       -- JSON list
    reading INTEGER NOT NULL DEFAULT 0,       -- counts the readings
    UNIQUE (flow, name)
) STRICT;

-- Its rows as last read.
CREATE TABLE looked_up (
    lookup INTEGER NOT NULL REFERENCES lookup,
    key TEXT NOT NULL,
    row BLOB,                          -- MessagePack list of values; NULL: gone
    digest BLOB,                       -- 16 bytes, of `row`
    reading INTEGER NOT NULL,          -- the last reading that met it
    changed INTEGER NOT NULL,          -- 1: the flow has not looked at its rows since it changed
    PRIMARY KEY (lookup, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX looked_up_changed ON looked_up (lookup) WHERE changed;

-- What another system told us by calling us; the same id again is the same event.
CREATE TABLE event (
    number INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order of arrival
    connection TEXT NOT NULL,
    id TEXT NOT NULL,                  -- the sender's
    body BLOB,                         -- NULL: a signal, which became a job when it came
    received_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX event_id ON event (connection, id);
CREATE INDEX event_to_read ON event (connection, number) WHERE body IS NOT NULL;

-- Who reads the events of a connection, and how far it has come.
CREATE TABLE event_reader (
    reader TEXT PRIMARY KEY,           -- a flow, or flow.lookup
    connection TEXT NOT NULL,
    taken INTEGER NOT NULL             -- everything up to this number is taken over
) STRICT, WITHOUT ROWID;

-- A change on its way. Open messages have no done_at; "in flight" is a lease, not a state.
CREATE TABLE message (
    version INTEGER PRIMARY KEY,       -- from identity.next_version: only grows
    flow INTEGER NOT NULL REFERENCES flow,
    target INTEGER NOT NULL REFERENCES target,
    entity TEXT NOT NULL,
    key TEXT NOT NULL,
    op INTEGER NOT NULL,               -- 0 upsert, 1 delete
    -- 0 held: a person must approve its run · 1 pending: to be sent · 2 parked: refused, waits for
    -- a person or the source · 3 delivered · 4 superseded by a newer one · 5 ignored by a person
    state INTEGER NOT NULL,
    lane INTEGER NOT NULL,             -- the lower goes first
    coalesces INTEGER NOT NULL,        -- 1: a newer message of the key supersedes this one
    run INTEGER NOT NULL,              -- the run that made it
    body BLOB,                         -- what is sent; NULL once nobody needs it
    previous BLOB,                     -- the digest the target surely had, NULL none, zeros unsure
    digest BLOB,                       -- the record's digest; NULL for a refused row
    attempts INTEGER NOT NULL,         -- how often it was claimed
    -- 1: an earlier send may have had its effect · 2: that of an older message, which this replaces
    doubtful INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    due_at INTEGER,                    -- when to send; NULL: not now, or behind an older one
    lease INTEGER,                     -- token of the claim, in force until due_at
    done_at INTEGER,                   -- when it became delivered, superseded or ignored
    reference TEXT,                    -- the target's own id
    stage TEXT,                        -- where it was refused: mapping, check or delivery
    code TEXT,                         -- of the last refusal or failure
    reason TEXT,                       -- the same for people, or why it was ignored
    decided_by TEXT,                   -- who ignored, confirmed, accepted or edited it
    edited_from INTEGER,               -- the refused message that a person wrote anew as this one
    aside_until INTEGER,               -- when an ignored one is open again; NULL: never
    refusal TEXT                       -- of an ignored one: the reason for which it was refused
) STRICT;
-- What can be sent, in the order of sending. A message behind an older one of its key is not here.
CREATE INDEX message_due ON message (target, lane, flow, due_at) WHERE due_at IS NOT NULL;
-- A key's open messages (done_at is NULL) and its history.
CREATE INDEX message_key ON message (flow, key);
CREATE INDEX message_held ON message (run) WHERE state = 0;
CREATE INDEX message_parked ON message (flow, code) WHERE state = 2;
CREATE INDEX message_refused_row ON message (flow, key) WHERE stage = 'mapping';
CREATE INDEX message_aside ON message (flow, key) WHERE aside_until IS NOT NULL;
CREATE INDEX message_edited ON message (edited_from) WHERE edited_from IS NOT NULL;
CREATE INDEX message_done ON message (done_at) WHERE done_at IS NOT NULL;
-- Orders by the number that people know, where the key is another one.
CREATE INDEX message_number ON message (
    CASE WHEN json_valid(CAST(body AS TEXT)) THEN CAST(body AS TEXT) ->> '$.number' END
) WHERE entity IN ('order', 'return') AND stage IS NOT 'mapping';
-- What once was refused, or judged by a person, and is over.
CREATE INDEX message_resolved ON message (done_at) WHERE done_at IS NOT NULL
    AND stage IS NOT 'guard' AND (code IS NOT NULL OR decided_by IS NOT NULL);

-- New messages side by side, with the versions from `version` on. Pending until done_at, then
-- delivered; taken apart into messages when something happens to one of them alone.
CREATE TABLE bundle (
    version INTEGER PRIMARY KEY,
    records INTEGER NOT NULL,          -- how many messages
    size INTEGER NOT NULL,             -- bytes of their bodies
    flow INTEGER NOT NULL REFERENCES flow,
    target INTEGER NOT NULL REFERENCES target,
    entity TEXT NOT NULL,
    lane INTEGER NOT NULL,
    coalesces INTEGER NOT NULL,
    run INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER,
    lease INTEGER,
    done_at INTEGER
) STRICT;
CREATE INDEX bundle_due ON bundle (target, lane, flow, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX bundle_open ON bundle (flow) WHERE done_at IS NULL;
CREATE INDEX bundle_done ON bundle (done_at) WHERE done_at IS NOT NULL;

-- What is in a bundle: MessagePack lists of the same length. Written once, so that a claim does not
-- rewrite it.
CREATE TABLE bundle_content (
    version INTEGER PRIMARY KEY REFERENCES bundle,
    keys BLOB NOT NULL,
    marks BLOB NOT NULL,               -- pairs of digest and previous, as in message
    bodies BLOB NOT NULL
) STRICT;

-- How many messages, and bytes of bodies, stand in each state: kept in the same transaction.
CREATE TABLE tally (
    target INTEGER NOT NULL,
    flow INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    state INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (target, flow, lane, state)
) STRICT, WITHOUT ROWID;

-- What an order takes from the stock, line by line; see reservations.py.
CREATE TABLE reservation (
    flow INTEGER NOT NULL REFERENCES flow,  -- that of the orders
    key TEXT NOT NULL,                 -- of the order
    line INTEGER NOT NULL,             -- its place in the order
    number TEXT NOT NULL,              -- of the order, by which a status calls it
    sku TEXT NOT NULL,
    warehouse TEXT NOT NULL,           -- '' where the order names none
    quantity TEXT NOT NULL,            -- decimal
    outlasts INTEGER NOT NULL,         -- 1: counts until a status ends it, 0: until it is written
    over_at INTEGER,                   -- when it ceased to count; NULL: it counts
    PRIMARY KEY (flow, key, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX reservation_counting ON reservation (flow, over_at);
CREATE INDEX reservation_number ON reservation (flow, number);

-- The target's own id of a record.
CREATE TABLE binding (
    target INTEGER NOT NULL REFERENCES target,
    entity TEXT NOT NULL,
    key TEXT NOT NULL,
    reference TEXT NOT NULL,
    PRIMARY KEY (target, entity, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX binding_reference ON binding (reference);

-- A record that lives on both sides: what it should be, what each side has; see agent/two_way.
CREATE TABLE agreement (
    pair TEXT NOT NULL,                -- the flow that names the other one of the pair
    key TEXT NOT NULL,
    state BLOB NOT NULL,               -- MessagePack
    conflict INTEGER NOT NULL,         -- 1: both sides changed it, a person decides
    PRIMARY KEY (pair, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX agreement_conflict ON agreement (pair) WHERE conflict;

-- Under which key of its own a side has it.
CREATE TABLE counterpart (
    pair TEXT NOT NULL,
    side INTEGER NOT NULL,
    own_key TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (pair, side, own_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX counterpart_key ON counterpart (pair, side, key);

-- By what a record would be known again on a side that has none so far.
CREATE TABLE awaited (
    pair TEXT NOT NULL,
    side INTEGER NOT NULL,
    sign TEXT NOT NULL,                -- field and value, or a digest of the whole
    key TEXT NOT NULL,
    PRIMARY KEY (pair, side, sign)
) STRICT, WITHOUT ROWID;
CREATE INDEX awaited_key ON awaited (pair, side, key);

-- A request to run a flow. It goes when its run is over.
CREATE TABLE job (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    flow TEXT NOT NULL,
    scope TEXT NOT NULL,               -- differential, full, resend, keys or since
    keys TEXT NOT NULL,                -- JSON list: keys, or moments for the scope since
    asked_by TEXT NOT NULL,            -- schedule, event, person or shop
    priority INTEGER NOT NULL,         -- the higher goes first
    not_before INTEGER NOT NULL,
    requested_at INTEGER NOT NULL,
    run INTEGER                        -- NULL while it waits
) STRICT;

-- A flow that is not read for a while because somebody said so; after its end the line is idle.
CREATE TABLE pause (
    flow TEXT PRIMARY KEY,
    since INTEGER NOT NULL,
    until INTEGER,                     -- NULL: until somebody resumes it
    asked_by TEXT NOT NULL,            -- person or shop
    by TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What the other side of a connection asked of us; the same id again is the same command.
CREATE TABLE command (
    connection TEXT NOT NULL,
    id TEXT NOT NULL,                  -- the other side's
    job INTEGER,                       -- what it became; NULL where it was answered at once
    result TEXT,                       -- JSON; NULL while its job is not over
    reported INTEGER NOT NULL DEFAULT 0, -- 1: the other side has heard the result
    taken_at INTEGER NOT NULL,
    PRIMARY KEY (connection, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX command_open ON command (connection) WHERE NOT reported;

-- One execution of a job.
CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job INTEGER NOT NULL,
    flow TEXT NOT NULL,
    scope TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    -- running · ok · partial: some refused · held: waits for a person · failed · halted
    -- approved, dropped: what the person said · interrupted: found running at a start
    outcome TEXT NOT NULL,
    counts TEXT NOT NULL,              -- JSON object: name -> number
    code TEXT NOT NULL,
    reason TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;
CREATE INDEX run_flow ON run (flow);
CREATE INDEX run_started ON run (started_at);
CREATE INDEX run_of_flow_started ON run (flow, started_at);
CREATE INDEX run_waiting ON run (outcome) WHERE outcome IN ('running', 'held');

-- Who may use the dashboard.
CREATE TABLE user (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL,                -- viewer, operator or admin
    password TEXT NOT NULL,            -- its scrypt hash
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL        -- when role or password were last set
) STRICT, WITHOUT ROWID;

-- What people did, on the dashboard and from the command line.
CREATE TABLE deed (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    did TEXT NOT NULL,                 -- the operation of agent/api
    about TEXT NOT NULL                -- JSON object: its arguments, without secrets
) STRICT;
CREATE INDEX deed_at ON deed (at);
CREATE INDEX deed_flow ON deed (about ->> '$.flow', at);
CREATE INDEX deed_by ON deed (by, number);

-- Something that people have to know, while it lasts; the same cause is the same alert.
CREATE TABLE alert (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    fingerprint TEXT NOT NULL,         -- what, where and why, without what changes while it lasts
    kind TEXT NOT NULL,                -- see agent/alerts/trouble.py
    facts TEXT NOT NULL,               -- JSON object: as it was last seen
    opened_at INTEGER NOT NULL,
    told INTEGER NOT NULL,             -- how often, 0: nobody knows yet
    told_to TEXT NOT NULL,             -- JSON list: names of recipients
    told_step INTEGER NOT NULL,        -- how bad it was when it was last told
    first_told_at INTEGER NOT NULL,    -- 0: not yet
    last_told_at INTEGER NOT NULL,     -- 0: not yet
    escalated INTEGER NOT NULL,        -- 1: the second recipients know it too
    acknowledged_at INTEGER,
    acknowledged_by TEXT,
    gone_at INTEGER,                   -- since when it is not there; it may come back
    closed_at INTEGER                  -- when it was over for good
) STRICT;
CREATE UNIQUE INDEX alert_open ON alert (fingerprint) WHERE closed_at IS NULL;
CREATE INDEX alert_opened ON alert (opened_at);
CREATE INDEX alert_closed ON alert (closed_at) WHERE closed_at IS NOT NULL;

-- At most one line: when the last digest of the alerts was told.
CREATE TABLE digest (
    told_at INTEGER NOT NULL
) STRICT;

-- How an hour went for the agent, each flow and each target; hours in which nothing happened to one
-- have no line.
CREATE TABLE kpi_hour (
    hour INTEGER NOT NULL,             -- whole hours since 1970-01-01 UTC
    kind INTEGER NOT NULL,             -- 0 agent, 1 flow, 2 target
    name TEXT NOT NULL,
    figures TEXT NOT NULL,             -- JSON object: name -> number; see agent/kpi/figures.py
    times TEXT NOT NULL,               -- JSON object: class of duration -> how many
    PRIMARY KEY (hour, kind, name)
) STRICT, WITHOUT ROWID;

-- One line: how far the figures have come.
CREATE TABLE kpi_mark (
    delivered_until INTEGER NOT NULL,  -- messages that were delivered before are counted
    seen_until INTEGER NOT NULL        -- when the daemon last wrote that it was at work; 0: never
) STRICT;
INSERT INTO kpi_mark VALUES (0, 0);

-- Each configuration that was put in force, and what was different from the one before.
CREATE TABLE configuration (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    digest TEXT NOT NULL,              -- of the file, in hex
    sections TEXT NOT NULL,            -- JSON object: section -> digest of what it says
    changes TEXT NOT NULL,             -- JSON object: section -> added, changed or removed
    text TEXT NOT NULL                 -- as people may see it: no secrets; '' for all but the last
) STRICT;

-- How the last comparison of a flow with its target came out; see agent/verify.
CREATE TABLE verification (
    flow TEXT PRIMARY KEY,
    run INTEGER NOT NULL,
    how TEXT NOT NULL,                 -- digests, or read_back
    finished_at INTEGER NOT NULL,
    counts TEXT NOT NULL,              -- JSON object: name -> number
    findings TEXT NOT NULL             -- JSON list: what is not in step, the first of it
) STRICT, WITHOUT ROWID;
"""

MIGRATIONS: list[str] = [FIRST]
