-- How people sign in. The last block of functions.sql holds for these functions too.
--
-- Administrators create no roles: CREATEROLE would let them become anybody. They ask these. A password comes here as
-- the SCRAM verifier that the client computed; the password itself never leaves the client.

-- The role of `who`, made if it is missing, with the groups that person.roles names; without any, it cannot sign in.
CREATE FUNCTION firstline.give_sign_in(who name) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wanted CONSTANT name[] := ARRAY(
        SELECT 'firstline_' || role FROM public.person, jsonb_array_elements_text(roles) AS role WHERE login = who);
    groups CONSTANT name[] := '{firstline_first_level, firstline_second_level, firstline_third_level,
        firstline_supervisor, firstline_editor, firstline_administrator}';
    one name;
BEGIN
    PERFORM firstline.must_be_a_persons(who);
    IF to_regrole(quote_ident(who)) IS NULL THEN
        EXECUTE format('CREATE ROLE %I IN ROLE firstline_person', who);
    END IF;
    EXECUTE format('ALTER ROLE %I %s', who, CASE WHEN wanted = '{}' THEN 'NOLOGIN' ELSE 'LOGIN' END);
    FOREACH one IN ARRAY groups LOOP
        IF one = ANY (wanted) AND NOT pg_has_role(who, one, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', one, who);
        ELSIF one <> ALL (wanted) AND pg_has_role(who, one, 'MEMBER') THEN
            EXECUTE format('REVOKE %I FROM %I', one, who);
        END IF;
    END LOOP;
END $$;

-- A new password, for oneself or by an administrator.
CREATE FUNCTION firstline.set_password(who name, verifier text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF who <> session_user AND NOT firstline.is_keeper()
        AND NOT pg_has_role(session_user, 'firstline_administrator', 'MEMBER') THEN
        RAISE insufficient_privilege USING MESSAGE = 'only an administrator sets the password of somebody else';
    END IF;
    IF verifier NOT LIKE 'SCRAM-SHA-256$%' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'this is no SCRAM verifier';
    END IF;
    PERFORM firstline.must_be_a_persons(who);
    EXECUTE format('ALTER ROLE %I PASSWORD %L', who, verifier);
END $$;

-- Refuse to touch a role that is not a person's of this database: another program's, a superuser's, a group.
CREATE FUNCTION firstline.must_be_a_persons(who name) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.person WHERE login = who) OR EXISTS (
        SELECT FROM pg_roles WHERE rolname = who AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication
            OR rolbypassrls OR NOT pg_has_role(oid, 'firstline_person', 'MEMBER'))
    ) THEN
        RAISE insufficient_privilege USING MESSAGE = 'this role is not that of a person';
    END IF;
END $$;
