-- What SQL Server has and PostgreSQL lacks: names, functions, rowversion, Change Tracking.
CREATE SCHEMA dbo;
CREATE SCHEMA sys;
SET search_path = sys, public;
SET check_function_bodies = off;

-- Types. The catalogue tells them apart from PostgreSQL's own by these names.
CREATE DOMAIN sys.money AS numeric(19, 4);
CREATE DOMAIN sys.smallmoney AS numeric(10, 4);
CREATE DOMAIN sys.datetime AS timestamp(3);
CREATE DOMAIN sys.smalldatetime AS timestamp(0);
CREATE DOMAIN sys.tinyint AS smallint CHECK (VALUE BETWEEN 0 AND 255);
CREATE DOMAIN sys.binary8 AS bytea;
CREATE DOMAIN sys.rowversion AS bytea;
UPDATE pg_cast SET castcontext = 'a' WHERE castsource = 'int4'::regtype AND casttarget = 'bool'::regtype;

-- Functions
CREATE FUNCTION sys.replicate(text, int) RETURNS text LANGUAGE sql AS 'SELECT repeat($1, $2)';
CREATE FUNCTION sys.datalength(text) RETURNS int LANGUAGE sql AS 'SELECT octet_length($1)';
CREATE FUNCTION sys.datalength(bytea) RETURNS int LANGUAGE sql AS 'SELECT octet_length($1)';
CREATE FUNCTION sys.code_point(int) RETURNS text LANGUAGE sql AS 'SELECT chr($1)';
CREATE FUNCTION sys.added(text, text) RETURNS text LANGUAGE sql AS 'SELECT $1 || $2';
CREATE OPERATOR sys.+ (LEFTARG = text, RIGHTARG = text, FUNCTION = sys.added);
CREATE FUNCTION sys.db_id() RETURNS int LANGUAGE sql AS 'SELECT 5';
CREATE FUNCTION sys.schema_name() RETURNS text LANGUAGE sql AS $$ SELECT 'dbo' $$;
CREATE FUNCTION sys.object_id(text) RETURNS oid LANGUAGE sql AS
    $$ SELECT to_regclass(translate($1, '[]', '""'))::oid $$;
CREATE FUNCTION sys.databasepropertyex(text, text) RETURNS text LANGUAGE sql AS
    $$ SELECT CASE WHEN secondary THEN 'READ_ONLY' ELSE 'READ_WRITE' END FROM sys.setting $$;
CREATE FUNCTION sys.sysutcdatetime() RETURNS timestamp LANGUAGE sql AS
    $$ SELECT now() AT TIME ZONE 'utc' $$;
CREATE FUNCTION sys.sysdatetimeoffset() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()';
CREATE FUNCTION sys.dateadd_day(int, timestamp) RETURNS timestamp LANGUAGE sql AS
    $$ SELECT $2 + make_interval(days => $1) $$;
CREATE FUNCTION sys.dateadd_day(int, timestamptz) RETURNS timestamptz LANGUAGE sql AS
    $$ SELECT $2 + make_interval(days => $1) $$;
CREATE FUNCTION sys.switchoffset(timestamptz, text) RETURNS timestamp LANGUAGE sql AS
    $$ SELECT $1 AT TIME ZONE 'utc' $$;
CREATE FUNCTION sys.todatetimeoffset(timestamp, text) RETURNS timestamptz LANGUAGE sql AS
    $$ SELECT $1 AT TIME ZONE 'utc' $$;
-- The number is the style of CONVERT.
CREATE FUNCTION sys.text_1(bytea) RETURNS text LANGUAGE sql AS
    $$ SELECT '0x' || upper(encode($1, 'hex')) $$;
CREATE FUNCTION sys.bytes_1(text) RETURNS bytea LANGUAGE sql AS
    $$ SELECT decode(substr($1, 3), 'hex') $$;
CREATE FUNCTION sys.text_23(date) RETURNS text LANGUAGE sql AS
    $$ SELECT to_char($1, 'YYYY-MM-DD') $$;
CREATE FUNCTION sys.text_120(timestamp) RETURNS text LANGUAGE sql AS
    $$ SELECT to_char($1, 'YYYY-MM-DD HH24:MI:SS') $$;
CREATE FUNCTION sys.text_121(timestamp) RETURNS text LANGUAGE sql AS
    $$ SELECT to_char($1, 'YYYY-MM-DD HH24:MI:SS.US') || '0' $$;
CREATE FUNCTION sys.text_121(sys.datetime) RETURNS text LANGUAGE sql AS
    $$ SELECT to_char($1, 'YYYY-MM-DD HH24:MI:SS.MS') $$;
CREATE FUNCTION sys.text_121(time) RETURNS text LANGUAGE sql AS
    $$ SELECT to_char($1, 'HH24:MI:SS.US') || '0' $$;
CREATE FUNCTION sys.fail(number int) RETURNS int LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'error %', number USING ERRCODE = 'SS000'; END $$;

-- The catalogue
CREATE TABLE sys.setting (
    snapshots boolean NOT NULL DEFAULT false,
    tracking boolean NOT NULL DEFAULT false,
    secondary boolean NOT NULL DEFAULT false
);
INSERT INTO sys.setting DEFAULT VALUES;
CREATE VIEW sys.databases AS
    SELECT 5 AS database_id, current_database()::text AS name, snapshots::int AS snapshot_isolation_state
    FROM sys.setting;
CREATE VIEW sys.indexes AS
    SELECT indrelid AS object_id, indexrelid AS index_id, indisprimary::int AS is_primary_key
    FROM pg_index;
CREATE VIEW sys.index_columns AS
    SELECT indrelid AS object_id, indexrelid AS index_id, k.column_id, k.key_ordinal
    FROM pg_index, unnest(indkey::int2[]) WITH ORDINALITY k (column_id, key_ordinal);
CREATE VIEW sys.columns AS
    SELECT attrelid AS object_id, attname::text AS name, attnum AS column_id FROM pg_attribute;
CREATE VIEW sys.dm_tran_database_transactions AS
    SELECT 5 AS database_id, transactionid::text::bigint AS transaction_id,
           now() AS database_transaction_begin_time
    FROM pg_locks WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock'
    AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())
    AND pid <> pg_backend_pid();
CREATE FUNCTION sys.type_name(kind oid, modifier int, nullable boolean) RETURNS text LANGUAGE sql AS $$
    SELECT CASE replace(replace(format_type(kind, NULL), 'sys.', ''), 'public.', '')
        WHEN 'character varying' THEN 'nvarchar(' || coalesce((modifier - 4)::text, 'max') || ')'
        WHEN 'character' THEN 'nchar(' || modifier - 4 || ')'
        WHEN 'text' THEN 'nvarchar(max)'
        WHEN 'numeric' THEN 'decimal(' || CASE WHEN modifier < 0 THEN '38,10'
            ELSE (modifier - 4 >> 16) || ',' || (modifier - 4 & 65535) END || ')'
        WHEN 'integer' THEN 'int'
        WHEN 'boolean' THEN 'bit'
        WHEN 'double precision' THEN 'float'
        WHEN 'bytea' THEN 'varbinary(max)'
        WHEN 'uuid' THEN 'uniqueidentifier'
        WHEN 'timestamp without time zone' THEN 'datetime2(7)'
        WHEN 'timestamp with time zone' THEN 'datetimeoffset(7)'
        WHEN 'time without time zone' THEN 'time(7)'
        WHEN 'rowversion' THEN 'timestamp'
        WHEN 'binary8' THEN 'binary(8)'
        ELSE replace(format_type(kind, NULL), 'sys.', '') END
$$;

-- rowversion. A transaction locks a number not above the first one it is given until it ends:
-- that makes MIN_ACTIVE_ROWVERSION.
CREATE SEQUENCE sys.dbts;
SELECT setval('sys.dbts', 2000);
CREATE FUNCTION sys.next_rowversion() RETURNS bytea LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(8, (SELECT last_value::int FROM sys.dbts) + 1);
    RETURN int8send(nextval('sys.dbts'));
END $$;
CREATE FUNCTION sys.min_active_rowversion() RETURNS bytea LANGUAGE sql AS $$
    SELECT int8send(coalesce(
        (SELECT min(objid::bigint) FROM pg_locks WHERE locktype = 'advisory' AND classid = 8
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())),
        (SELECT last_value + 1 FROM sys.dbts)))
$$;
CREATE FUNCTION sys.count_writes() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE found record;
BEGIN
    FOR found IN
        SELECT c.objid::regclass AS name, a.attname
        FROM pg_event_trigger_ddl_commands() c JOIN pg_attribute a ON a.attrelid = c.objid
        WHERE c.command_tag = 'CREATE TABLE' AND a.atttypid = 'sys.rowversion'::regtype
    LOOP
        EXECUTE format('CREATE FUNCTION sys.%I() RETURNS trigger LANGUAGE plpgsql AS '
            '$f$ BEGIN NEW.%I := sys.next_rowversion(); RETURN NEW; END $f$',
            'stamp ' || found.name, found.attname);
        EXECUTE format('CREATE TRIGGER rowversion BEFORE INSERT OR UPDATE ON %s FOR EACH ROW '
            'EXECUTE FUNCTION sys.%I()', found.name, 'stamp ' || found.name);
    END LOOP;
END $$;
CREATE EVENT TRIGGER rowversion ON ddl_command_end EXECUTE FUNCTION sys.count_writes();

-- Change Tracking. A change has no version until its transaction commits; then all of the
-- transaction get the next one, one committing transaction after the other.
CREATE TABLE sys.commit_clock (version bigint NOT NULL);
INSERT INTO sys.commit_clock VALUES (0);
CREATE TABLE sys.tracked (tab oid PRIMARY KEY, oldest bigint NOT NULL);
CREATE TABLE sys.change (
    id bigserial PRIMARY KEY, tab oid NOT NULL, op text NOT NULL, key jsonb NOT NULL,
    context bytea, version bigint
);
CREATE FUNCTION sys.give_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM sys.change WHERE version IS NULL) THEN
        UPDATE sys.commit_clock SET version = version + 1;
        UPDATE sys.change SET version = (SELECT version FROM sys.commit_clock) WHERE version IS NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON sys.change DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION sys.give_version();
CREATE FUNCTION sys.track() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sys.change (tab, op, key, context) VALUES (
        TG_RELID, substr(TG_OP, 1, 1), to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END),
        decode(nullif(current_setting('sys.context', true), ''), 'hex'));
    RETURN NULL;
END $$;
CREATE FUNCTION sys.forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sys.commit_clock SET version = version + 1;
    UPDATE sys.tracked SET oldest = (SELECT version FROM sys.commit_clock) WHERE tab = TG_RELID;
    RETURN NULL;
END $$;
CREATE FUNCTION sys.enable_change_tracking(tab regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sys.tracked SELECT tab, version FROM sys.commit_clock;
    EXECUTE format('CREATE TRIGGER tracked AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW '
        'EXECUTE FUNCTION sys.track()', tab);
    EXECUTE format('CREATE TRIGGER forgotten AFTER TRUNCATE ON %s FOR EACH STATEMENT '
        'EXECUTE FUNCTION sys.forget()', tab);
END $$;
CREATE FUNCTION sys.disable_change_tracking(name regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM sys.tracked WHERE tab = name;
    EXECUTE format('DROP TRIGGER tracked ON %s', name);
    EXECUTE format('DROP TRIGGER forgotten ON %s', name);
END $$;
CREATE FUNCTION sys.change_tracking_current_version() RETURNS bigint LANGUAGE sql AS
    'SELECT version FROM sys.commit_clock, sys.setting WHERE tracking';
CREATE FUNCTION sys.change_tracking_min_valid_version(oid) RETURNS bigint LANGUAGE sql AS
    'SELECT oldest FROM sys.tracked, sys.setting WHERE tab = $1 AND tracking';
CREATE FUNCTION sys.changes(name regclass, since bigint)
    RETURNS TABLE (key jsonb, op text, context bytea) LANGUAGE sql AS $$
    SELECT DISTINCT ON (k) k, op, context FROM (
        SELECT c.*, (SELECT jsonb_object_agg(a.attname, c.key -> a.attname) FROM pg_index i
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
            WHERE i.indrelid = name AND i.indisprimary) AS k
        FROM sys.change c WHERE c.tab = name AND c.version > since) listed
    ORDER BY k, id DESC
$$;
