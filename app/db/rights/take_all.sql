-- Takes every right on the tables, and all that guards them, away: before tables change, and before rights are given.

DO $$
DECLARE
    own CONSTANT oid := current_schema()::regnamespace;
    one record;
BEGIN
    FOR one IN SELECT polname, polrelid::regclass AS tab FROM pg_policy JOIN pg_class c ON c.oid = polrelid
        WHERE c.relnamespace = own LOOP
        EXECUTE format('DROP POLICY %I ON %s', one.polname, one.tab);
    END LOOP;
    FOR one IN
        SELECT c.oid::regclass AS tab, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS who
        FROM pg_class c JOIN (
            SELECT oid, (aclexplode(relacl)).grantee FROM pg_class
            UNION SELECT attrelid, (aclexplode(attacl)).grantee FROM pg_attribute
        ) AS given USING (oid)
        WHERE c.relnamespace = own AND c.relkind IN ('r', 'p', 'v', 'm') AND grantee <> c.relowner
    LOOP
        EXECUTE format('REVOKE ALL ON TABLE %s FROM %s', one.tab, one.who);
    END LOOP;
    FOR one IN SELECT oid::regclass AS tab FROM pg_class WHERE relnamespace = own AND relrowsecurity LOOP
        EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', one.tab);
    END LOOP;
END $$;

DROP SCHEMA IF EXISTS firstline CASCADE; -- with the triggers that call its functions
