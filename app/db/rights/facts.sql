-- Every right on the tables of the current schema and on the functions and views of the schema {functions}, a row each:
-- what kind of thing, its name, and how it is. Two such lists are compared line by line.

WITH tab AS (
    SELECT oid, relkind, relname::text AS name, relowner::regrole::text AS owner, relacl,
        relrowsecurity, relforcerowsecurity, reloptions
    FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
    UNION ALL
    SELECT oid, relkind, format('{functions}.%s', relname), relowner::regrole::text, relacl,
        relrowsecurity, relforcerowsecurity, reloptions
    FROM pg_class WHERE relnamespace = to_regnamespace('{functions}') AND relkind IN ('r', 'p', 'v', 'm', 'f')
), fun AS (
    SELECT oid, format('%s(%s)', proname, pg_get_function_identity_arguments(oid)) AS name, proowner, proacl
    FROM pg_proc WHERE pronamespace = to_regnamespace('{functions}')
), given AS (
    SELECT name AS object, owner, (aclexplode(relacl)).* FROM tab
    UNION ALL
    SELECT format('%s (%s)', tab.name, attname), owner, (aclexplode(attacl)).*
    FROM tab JOIN pg_attribute ON attrelid = tab.oid AND attacl IS NOT NULL
    UNION ALL
    SELECT format('{functions}.%s', name), proowner::regrole::text,
        (aclexplode(coalesce(proacl, acldefault('f', proowner)))).*
    FROM fun
    UNION ALL
    SELECT format('SCHEMA %s', nspname), nspowner::regrole::text, (aclexplode(nspacl)).*
    FROM pg_namespace WHERE nspname IN (current_schema(), '{functions}')
    UNION ALL
    SELECT 'DATABASE', datdba::regrole::text, (aclexplode(coalesce(datacl, acldefault('d', datdba)))).*
    FROM pg_database WHERE datname = current_database()
)
SELECT 'right' AS kind, object AS name,
    concat_ws(' ', CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, privilege_type,
        CASE WHEN is_grantable THEN 'WITH GRANT OPTION' END) AS state
FROM given WHERE grantee = 0 OR grantee::regrole::text <> owner
UNION ALL
SELECT 'owner', name, owner FROM tab WHERE relkind IN ('r', 'p') OR name LIKE '{functions}.%'
UNION ALL
SELECT 'security', name, format('%s, %s', relrowsecurity, relforcerowsecurity) FROM tab WHERE relkind IN ('r', 'p')
UNION ALL
SELECT 'view', name, concat_ws(' ', pg_get_viewdef(oid), array_to_string(reloptions, ', ')) FROM tab WHERE relkind NOT IN ('r', 'p')
UNION ALL
SELECT 'policy', format('%s.%s', tab.name, polname), concat_ws(' | ', polcmd, polpermissive,
    (SELECT string_agg(one::regrole::text, ', ' ORDER BY one::regrole::text) FROM unnest(polroles) AS one),
    pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
FROM pg_policy JOIN tab ON tab.oid = polrelid
UNION ALL
SELECT 'trigger', format('%s.%s', tab.name, tgname), format('%s %s', tgenabled, pg_get_triggerdef(pg_trigger.oid))
FROM pg_trigger JOIN tab ON tab.oid = tgrelid WHERE NOT tgisinternal
UNION ALL
SELECT 'rule', format('%s.%s', tab.name, rulename), pg_get_ruledef(pg_rewrite.oid)
FROM pg_rewrite JOIN tab ON tab.oid = ev_class WHERE rulename <> '_RETURN'
UNION ALL
SELECT 'function', name, proowner::regrole::text || ' ' || pg_get_functiondef(oid) FROM fun
