-- The group roles. They belong to the whole server, so they are made where they are missing and never dropped.
--
-- Nobody signs in as one of them. Each person signs in with a role of their own, named like person.login, that is a
-- member of firstline_person and of the groups that person.roles names. A gateway, a wallboard or what sums up the past
-- is a member of its group alone. firstline_owner owns tables and functions; it may create roles, and only functions act as it.

DO $$
DECLARE
    wanted name;
BEGIN
    FOREACH wanted IN ARRAY ARRAY[
        'firstline_owner', 'firstline_person',
        'firstline_first_level', 'firstline_second_level', 'firstline_third_level',
        'firstline_supervisor', 'firstline_editor', 'firstline_administrator',
        'firstline_gateway', 'firstline_wallboard', 'firstline_history'
    ]::name[] LOOP
        IF to_regrole(wanted) IS NULL THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- an upgrade of another database of this server was faster
            END;
        END IF;
    END LOOP;
    IF NOT (SELECT rolcreaterole FROM pg_roles WHERE rolname = 'firstline_owner') THEN
        ALTER ROLE firstline_owner CREATEROLE;
    END IF;
    IF NOT pg_has_role(current_user, 'firstline_owner', 'USAGE') THEN
        EXECUTE format('GRANT firstline_owner TO %I', current_user);
    END IF;
    -- From PostgreSQL 16 on, CREATEROLE gives on only what its holder may administer; it need not have it for that.
    IF current_setting('server_version_num')::integer >= 160000 THEN
        FOR wanted IN SELECT rolname FROM pg_roles WHERE rolname IN ('firstline_person', 'firstline_first_level',
            'firstline_second_level', 'firstline_third_level', 'firstline_supervisor', 'firstline_editor',
            'firstline_administrator') AND NOT pg_has_role('firstline_owner', oid, 'MEMBER WITH ADMIN OPTION') LOOP
            EXECUTE format('GRANT %I TO firstline_owner WITH ADMIN OPTION, INHERIT FALSE, SET FALSE', wanted);
        END LOOP;
    END IF;
END $$;
