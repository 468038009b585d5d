-- Closes database, schema and tables to everybody; the other files then open what is needed.

DO $$
DECLARE
    one record;
BEGIN
    -- TEMPORARY goes with it: who can make nothing, can shadow nothing.
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO firstline_person, firstline_gateway, firstline_wallboard, firstline_history',
        current_database());
    EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC', current_schema());
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO firstline_person, firstline_gateway, firstline_history', current_schema());
    EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO firstline_owner', current_schema());
    FOR one IN SELECT oid::regclass AS tab, relname FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO firstline_owner', one.tab);
        IF one.relname <> 'alembic_version' THEN
            EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', one.tab);
            EXECUTE format('CREATE POLICY owner ON %s TO firstline_owner USING (true)', one.tab);
        END IF;
    END LOOP;
END $$;

-- Who is signed in PostgreSQL tells everybody: asked again and again, it says when somebody comes and goes. Only a
-- superuser can take that away, so where the tables are upgraded by somebody else it stays.
DO $$
BEGIN
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        REVOKE SELECT ON pg_catalog.pg_stat_activity FROM PUBLIC;
        REVOKE EXECUTE ON FUNCTION pg_catalog.pg_stat_get_activity(integer),
            pg_catalog.pg_stat_get_backend_userid(integer) FROM PUBLIC;
        GRANT SELECT ON pg_catalog.pg_stat_activity TO pg_read_all_stats;
        GRANT EXECUTE ON FUNCTION pg_catalog.pg_stat_get_activity(integer),
            pg_catalog.pg_stat_get_backend_userid(integer) TO pg_read_all_stats;
    END IF;
END $$;

CREATE SCHEMA firstline AUTHORIZATION firstline_owner; -- for the functions
