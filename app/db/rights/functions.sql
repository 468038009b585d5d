-- What policies ask, what guards a row's way, and the few things that a person may do only through a function.
--
-- The last block makes every function of the schema SECURITY DEFINER with a fixed search_path, owned by
-- firstline_owner, and takes it from PUBLIC. So each names its tables in full, and EXECUTE is given by hand. The person
-- is session_user, which no SET ROLE changes. A policy asks as `(SELECT firstline.me())`: then once per statement.

-- Who asks --------------------------------------------------------------------------------------------------------

-- The person who is signed in; NULL for whom this database does not know, or who has no role any more.
CREATE FUNCTION firstline.me() RETURNS uuid STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT id FROM public.person WHERE login = session_user AND roles <> '[]');
END $$;

CREATE FUNCTION firstline.my_team() RETURNS uuid STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT team_id FROM public.person WHERE login = session_user AND roles <> '[]');
END $$;

CREATE FUNCTION firstline.my_products() RETURNS uuid[] STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN ARRAY(SELECT id FROM public.product WHERE team_id = firstline.my_team());
END $$;

-- The levels whose queues the person works on: {2}, {3}, {2,3} or none. Merged, third level works on second level's.
CREATE FUNCTION firstline.my_levels() RETURNS smallint[] STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
DECLARE
    is_second CONSTANT boolean := pg_has_role(session_user, 'firstline_second_level', 'MEMBER');
    is_third CONSTANT boolean := pg_has_role(session_user, 'firstline_third_level', 'MEMBER');
BEGIN
    IF is_third AND NOT is_second AND firstline.are_merged() THEN
        RETURN '{2,3}';
    END IF;
    RETURN CASE WHEN is_second THEN '{2}' ELSE '{}' END::smallint[]
        || CASE WHEN is_third THEN '{3}' ELSE '{}' END::smallint[];
END $$;

-- The customers whom the person looked up within a shift.
CREATE FUNCTION firstline.my_callers() RETURNS uuid[] STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN ARRAY(SELECT customer_id FROM public.look_up
        WHERE person_id = firstline.me() AND at > now() - interval '12 hours');
END $$;

-- The calls that rang at the person's telephone within a shift.
CREATE FUNCTION firstline.my_rings() RETURNS uuid[] STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN ARRAY(SELECT call_id FROM public.ring
        WHERE person_id = firstline.me() AND at > now() - interval '12 hours');
END $$;

-- Whether the call is the person's now: rings at their telephone, or they answered it and it is not over.
CREATE FUNCTION firstline.is_my_call(call_id uuid) RETURNS boolean STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
DECLARE
    person CONSTANT uuid := firstline.me();
BEGIN
    RETURN EXISTS (SELECT FROM public.ring r
            WHERE r.call_id = $1 AND r.person_id = person AND r.stopped_at IS NULL)
        OR EXISTS (SELECT FROM public.call c
            WHERE c.id = $1 AND c.agent_id = person AND c.answered_at IS NOT NULL AND c.ended_at IS NULL);
END $$;

-- Whether the person opened the case, has it, watches it, or wrote in its timeline.
CREATE FUNCTION firstline.concerns_me(case_id uuid) RETURNS boolean STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
DECLARE
    person CONSTANT uuid := firstline.me();
BEGIN
    RETURN EXISTS (SELECT FROM public.case_file c WHERE c.id = $1 AND person IN (c.opened_by, c.owner_id))
        OR EXISTS (SELECT FROM public.watcher w WHERE w.case_id = $1 AND w.person_id = person)
        OR EXISTS (SELECT FROM public.timeline t WHERE t.case_id = $1 AND t.by = person);
END $$;

-- Whoever keeps the database: superusers and members of firstline_owner.
CREATE FUNCTION firstline.is_keeper() RETURNS boolean STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN pg_has_role(session_user, 'firstline_owner', 'MEMBER');
END $$;

-- A row's way -----------------------------------------------------------------------------------------------------
-- Policies say which rows a person sees; they never see a row's old and new state at once. Triggers do.

-- Merged, nothing goes to third level.
CREATE FUNCTION firstline.guard_third_level() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM firstline.refuse_merged();
    RETURN NEW;
END $$;

-- Whether only what is worked out changes, by somebody who may do that for everybody's cases.
CREATE FUNCTION firstline.is_reckoning(was jsonb, becomes jsonb) RETURNS boolean STABLE LANGUAGE plpgsql AS $$
DECLARE
    reckoned CONSTANT text[] := '{due_at,warn_at,resolve_due_at,resolve_warn_at,alarm_at}';
BEGIN
    RETURN was - reckoned = becomes - reckoned AND (pg_has_role(session_user, 'firstline_supervisor', 'MEMBER')
        OR pg_has_role(session_user, 'firstline_administrator', 'MEMBER'));
END $$;

-- TRANSITIONS of app.domain.cases, with what happens to level and owner: so one level owns a case at every instant.
-- They hold for everybody; whose move it is holds for people. What is solved stays as it is. Most are
-- claims: they pass before all else is worked out.
CREATE FUNCTION firstline.guard_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'waiting' AND NEW.state = 'claimed' AND NEW.level = OLD.level AND NEW.owner_id IS NOT NULL
        AND (firstline.is_keeper() OR NEW.owner_id = firstline.me() AND OLD.level = ANY (firstline.my_levels())) THEN
        RETURN NEW;
    END IF;
    DECLARE
        person CONSTANT uuid := firstline.me();
        is_same CONSTANT boolean := (NEW.level, NEW.owner_id) IS NOT DISTINCT FROM (OLD.level, OLD.owner_id);
        is_down CONSTANT boolean := OLD.level = 3 AND NEW.level = 2;
        is_way CONSTANT boolean := CASE OLD.state || ' to ' || NEW.state
            WHEN 'open to waiting' THEN NEW.level > OLD.level AND NEW.owner_id IS NULL
            WHEN 'open to solved' THEN is_same
            WHEN 'waiting to claimed' THEN NEW.level = OLD.level AND NEW.owner_id IS NOT NULL
            WHEN 'claimed to waiting' THEN NEW.owner_id IS NULL AND (NEW.level >= OLD.level OR is_down)
            WHEN 'claimed to claimed' THEN is_same OR is_down AND firstline.passed_on(OLD.id, NEW.owner_id)
            WHEN 'claimed to open' THEN OLD.level = 2 AND NEW.level = 1 AND NEW.owner_id = OLD.opened_by
            WHEN 'claimed to solved' THEN is_same
            ELSE NEW.state = OLD.state AND is_same
        END;
        is_handed_back CONSTANT boolean := NEW.state = 'waiting' AND NEW.owner_id IS NULL
            AND (OLD.state = 'open' AND NEW.level > 1 OR OLD.state = 'claimed' AND NEW.level = OLD.level)
            AND (firstline.has_lapsed(OLD.owner_id) OR firstline.is_moving());
        is_anonymised CONSTANT boolean := OLD.state = 'solved' AND NEW.state = 'solved' AND NEW.level = OLD.level
            AND firstline.is_keeper(); -- another owner, who is nobody: `history anonymise`
        is_theirs CONSTANT boolean := CASE OLD.state
            WHEN 'waiting' THEN NEW.owner_id = person AND OLD.level = ANY (firstline.my_levels())
            WHEN 'solved' THEN false
            ELSE OLD.owner_id = person
        END;
    BEGIN
        IF NEW.level = 3 AND OLD.level < 3 AND OLD.state <> 'waiting' THEN
            PERFORM firstline.refuse_merged();
        END IF;
        IF OLD.level = 3 AND OLD.state <> 'solved' AND NEW.state = 'solved' AND NEW.passed_down IS NULL AND NEW.kept_back = ''
            AND NOT firstline.is_of_solved_problem(NEW.id) THEN
            RAISE insufficient_privilege USING MESSAGE = 'third level passes its solution down, or says why not';
        END IF;
        IF is_handed_back OR is_anonymised OR is_way AND (is_theirs OR firstline.is_keeper()) THEN
            RETURN NEW;
        END IF;
        IF NEW.state = 'solved' AND OLD.state <> 'solved' AND is_same AND firstline.is_second_level()
            AND firstline.is_of_solved_problem(NEW.id) THEN
            RETURN NEW; -- by `solve_problem`, whoever has it
        END IF;
        IF NEW.state = 'waiting' AND firstline.is_put_back(to_jsonb(OLD), to_jsonb(NEW))
            AND firstline.may_put_back(OLD.id, OLD.owner_id, OLD.level) THEN
            RETURN NEW;
        END IF;
        IF NEW.state = OLD.state AND NEW.state IN ('waiting', 'claimed') AND NEW.owner_id IS NOT DISTINCT FROM OLD.owner_id
            AND OLD.level > 1 AND NEW.level IN (2, 3) AND firstline.is_moving() THEN
            RETURN NEW;
        END IF;
        IF firstline.is_directed(to_jsonb(OLD), to_jsonb(NEW)) THEN RETURN NEW; END IF;
        IF firstline.is_reckoning(to_jsonb(OLD), to_jsonb(NEW)) THEN
            RETURN NEW;
        END IF;
        RAISE insufficient_privilege USING MESSAGE = CASE WHEN is_way THEN 'this case is not yours to move'
            ELSE 'a case does not go this way' END;
    END;
END $$;

-- Whether a case goes back into its queue, or one at first level into one above, and nothing else changes.
CREATE FUNCTION firstline.is_put_back(was jsonb, becomes jsonb) RETURNS boolean STABLE LANGUAGE plpgsql AS $$
DECLARE
    moved CONSTANT text[] := '{state,owner_id,waits_for,due_at,warn_at,resolve_due_at,resolve_warn_at,alarm_at}'::text[]
        || CASE was ->> 'state' WHEN 'open' THEN '{level,level_since}' ELSE '{}' END::text[];
BEGIN
    RETURN was ->> 'state' IN ('open', 'claimed') AND becomes ->> 'state' = 'waiting' AND (becomes ->> 'level')::int > 1
        AND becomes ->> 'owner_id' IS NULL
        AND (becomes ->> 'waits_for' IS NULL OR becomes -> 'waits_for' = was -> 'waits_for')
        AND was - moved = becomes - moved;
END $$;

-- Whether a supervisor does what supervisors may: another priority, with what is due by it, of a case that waits or that
-- somebody has; or a person of its level who has a case that waits from now on. Nothing else changes.
CREATE FUNCTION firstline.is_directed(was jsonb, becomes jsonb) RETURNS boolean STABLE LANGUAGE plpgsql AS $$
DECLARE
    reckoned CONSTANT text[] := '{due_at,warn_at,resolve_due_at,resolve_warn_at,alarm_at}';
BEGIN
    RETURN firstline.me() IS NOT NULL AND pg_has_role(session_user, 'firstline_supervisor', 'MEMBER')
        AND (was ->> 'level')::int > 1 AND CASE was ->> 'state' || ' to ' || (becomes ->> 'state')
            WHEN 'waiting to waiting' THEN was - (reckoned || '{priority}') = becomes - (reckoned || '{priority}')
            WHEN 'claimed to claimed' THEN was - (reckoned || '{priority}') = becomes - (reckoned || '{priority}')
            WHEN 'waiting to claimed' THEN
                was - (reckoned || '{state,owner_id}') = becomes - (reckoned || '{state,owner_id}')
                AND EXISTS (SELECT FROM public.person p WHERE p.id = (becomes ->> 'owner_id')::uuid
                    AND p.roles ? CASE was ->> 'level' WHEN '2' THEN 'second_level' ELSE 'third_level' END)
            ELSE false END;
END $$;

-- A line stands after those that are there: desks' clocks differ, and what was done offline comes late.
CREATE FUNCTION firstline.guard_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    newest CONSTANT timestamptz := (SELECT t.at FROM public.timeline t
        WHERE t.case_id = NEW.case_id AND t.xmin <> pg_current_xact_id()::xid -- its own lines have their order
        ORDER BY t.at DESC LIMIT 1);
BEGIN
    IF NEW.at < newest THEN
        NEW.at := newest + interval '1 microsecond';
    END IF;
    RETURN NEW;
END $$;

-- What policies ask of a new row ----------------------------------------------------------------------------------
-- None is STABLE: each sees also the case that the same statement opens.

-- Whether the person watches, or writes down something about, a case that they have to do with.
CREATE FUNCTION firstline.takes_part(case_id uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN firstline.concerns_me(case_id);
END $$;

-- Whether the person writes such a line in the timeline of the case.
CREATE FUNCTION firstline.writes_in(case_id uuid, event text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN firstline.concerns_me(case_id)
        OR event IN ('prioritised', 'assigned') -- another policy lets supervisors only
        OR (event = 'solved' AND firstline.is_of_solved_problem(case_id)
            OR event IN ('problem_attached', 'problem_detached')) AND firstline.is_second_level()
        OR firstline.was_asked(case_id)
        OR event = 'requeued' AND firstline.works_on(case_id);
END $$;

-- Whether the person books on the contract of a case that they have to do with, or on none.
CREATE FUNCTION firstline.books_on(case_id uuid, contract_id uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN firstline.concerns_me(case_id)
        AND ($2 IS NULL OR $2 = (SELECT c.contract_id FROM public.case_file c WHERE c.id = $1));
END $$;

-- An alert that ended stays so, and so does who saw it first; each sees it in their own name.
CREATE FUNCTION firstline.guard_alert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF firstline.is_keeper()
        OR (OLD.ended_at IS NULL OR NEW.ended_at IS NOT DISTINCT FROM OLD.ended_at)
        AND (NEW.seen_by IS NOT DISTINCT FROM OLD.seen_by AND NEW.seen_at IS NOT DISTINCT FROM OLD.seen_at
            OR OLD.seen_by IS NULL AND NEW.seen_by = firstline.me() AND NEW.seen_at IS NOT NULL)
    THEN
        RETURN NEW;
    END IF;
    RAISE insufficient_privilege USING MESSAGE = 'an alert does not go this way';
END $$;

-- Leases ----------------------------------------------------------------------------------------------------------
-- A desk at work renews its person's lease while the person has cases, and takes it back when it is closed. So a lease
-- that has run out is that of a desk that died, and nobody loses a case by going home.

CREATE FUNCTION firstline.has_lapsed(person uuid) RETURNS boolean STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.lease WHERE person_id = person AND until < now());
END $$;

-- Hand back what belongs to desks that died; the time until the next lease runs out, NULL when there is none.
CREATE FUNCTION firstline.hand_back_lapsed() RETURNS interval LANGUAGE plpgsql AS $$
DECLARE
    one uuid;
BEGIN
    FOR one IN SELECT person_id FROM public.lease WHERE until < now() FOR UPDATE SKIP LOCKED LOOP
        PERFORM firstline.hand_back(one, 'lapsed');
        DELETE FROM public.lease WHERE person_id = one;
    END LOOP;
    RETURN (SELECT greatest(until - now(), interval '0') FROM public.lease ORDER BY until LIMIT 1);
END $$;

-- A claimed case goes back to its queue; one that was returned to first level to the queue that it came from, and is
-- due at once. The line in the timeline is in the name of whoever had it.
CREATE FUNCTION firstline.hand_back(person uuid, event text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH held AS (
        SELECT c.id, c.level AS from_level, CASE WHEN c.state = 'claimed' THEN c.level
                WHEN firstline.are_merged() THEN 2 ELSE coalesce((
                SELECT t.from_level FROM public.timeline t WHERE t.case_id = c.id AND t.event = 'returned'
                ORDER BY t.at DESC LIMIT 1), 2) END AS to_level
        FROM public.case_file c WHERE c.owner_id = person AND c.state IN ('open', 'claimed') FOR UPDATE OF c
    ), moved AS (
        UPDATE public.case_file c SET state = 'waiting', owner_id = NULL, level = held.to_level,
            due_at = coalesce(c.due_at, now()), waits_for = NULL, alarm_at = now(),
            level_since = CASE c.level WHEN held.to_level THEN c.level_since ELSE now() END
        FROM held WHERE c.id = held.id RETURNING c.id, held.from_level, held.to_level
    ), lines AS (
        INSERT INTO public.timeline (id, case_id, at, by, event, from_level, to_level, text)
        SELECT gen_random_uuid(), id, now(), person, $2, from_level, to_level, '' FROM moved
    )
    INSERT INTO public.change (topic, subject_id, at) SELECT 'cases', id, now() FROM moved;
END $$;

-- Looking up a caller ---------------------------------------------------------------------------------------------
-- First level sees the customers of its own team. A caller may be anybody's: these give at most 20 customers to one
-- narrow question, and note who asked. Whoever is noted stays readable to that person for a shift (`my_callers`).

CREATE FUNCTION firstline.noted(ids uuid[]) RETURNS SETOF uuid LANGUAGE plpgsql AS $$
DECLARE
    person CONSTANT uuid := firstline.me();
BEGIN
    IF (SELECT count(*) FROM public.look_up WHERE person_id = person AND at > now() - interval '1 hour') >= 1000 THEN
        RAISE insufficient_privilege USING MESSAGE = 'too many customers looked up within an hour';
    END IF;
    INSERT INTO public.look_up AS known (person_id, customer_id, at)
        SELECT person, customer_id, now() FROM unnest(ids) AS customer_id WHERE person IS NOT NULL
        ORDER BY customer_id -- in one order: two look-ups at once do not wait for each other in a circle
        ON CONFLICT (person_id, customer_id) DO UPDATE SET at = now() WHERE known.at < now() - interval '1 hour';
    RETURN QUERY SELECT unnest(ids);
END $$;

CREATE FUNCTION firstline.customers_with_number(number text) RETURNS SETOF uuid LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT firstline.noted(ARRAY(SELECT customer_id FROM public.phone WHERE normal = number LIMIT 20));
END $$;

-- Companies whose extensions begin with `stem` and have `digits` characters.
CREATE FUNCTION firstline.customers_at_switchboard(stem text, digits integer) RETURNS SETOF uuid LANGUAGE plpgsql AS $$
BEGIN
    IF length(stem) >= 8 THEN
        RETURN QUERY SELECT firstline.noted(ARRAY(
            SELECT DISTINCT phone.customer_id FROM public.phone JOIN public.customer ON customer.id = phone.customer_id
            WHERE starts_with(phone.normal, stem) AND length(phone.normal) = digits AND customer.company <> ''
            LIMIT 20));
    END IF;
END $$;

CREATE FUNCTION firstline.customers_named(whole_name text) RETURNS SETOF uuid LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT firstline.noted(ARRAY(
        SELECT id FROM public.customer WHERE lower(name) = lower(whole_name) LIMIT 20));
END $$;

-- `words` in the name or the company, at the beginning of the number, or the serial number of a product.
CREATE FUNCTION firstline.customers_like(words text) RETURNS SETOF uuid LANGUAGE plpgsql AS $$
BEGIN
    IF length(words) >= 3 THEN
        RETURN QUERY SELECT firstline.noted(ARRAY(
            SELECT id FROM public.customer
            WHERE position(lower(words) IN lower(name)) > 0 OR position(lower(words) IN lower(company)) > 0
                OR starts_with(lower(number), lower(words))
                OR id IN (SELECT customer_id FROM public.contract WHERE serial = upper(words))
            ORDER BY name LIMIT 20));
    END IF;
END $$;

-- The change table ------------------------------------------------------------------------------------------------

-- When readers were last woken, in microseconds since 1970. A sequence: nobody waits for it, as for a row.
CREATE SEQUENCE firstline.woken_at_us;
ALTER SEQUENCE firstline.woken_at_us OWNER TO firstline_owner;

-- Wake all who listen, for what was committed `waited_s` seconds ago, but not sooner than 0.2 s after the last time;
-- NULL is at once. 0 when they are woken, NULL when somebody else woke them since that commit, else after how many
-- seconds to ask again.
CREATE FUNCTION firstline.wake(waited_s float8) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
    now_s CONSTANT float8 := extract(epoch FROM clock_timestamp());
    woken_at_us CONSTANT bigint := (SELECT last_value FROM firstline.woken_at_us);
    rested_s CONSTANT float8 := now_s - woken_at_us / 1e6;
BEGIN
    IF rested_s >= 0 AND waited_s IS NOT NULL THEN -- less than 0: the clock was put back
        IF rested_s < waited_s THEN
            RETURN NULL;
        ELSIF rested_s < 0.2 THEN
            RETURN 0.2 - rested_s;
        ELSIF waited_s < 1 THEN -- else somebody may be holding the lock to silence all
            IF NOT pg_try_advisory_xact_lock(7304)
                OR woken_at_us <> (SELECT last_value FROM firstline.woken_at_us) THEN
                RETURN 0.2; -- desks that were told to ask again come together: another one is waking, or just has
            END IF;
        END IF;
    END IF;
    PERFORM set_config('synchronous_commit', 'off', true); -- a wake-up that is lost only delays
    PERFORM setval('firstline.woken_at_us', (now_s * 1e6)::bigint), pg_notify('firstline', '');
    RETURN 0;
END $$;

-- Keep the newest 100,000 changes. A reader that has not read all that is removed finds, in the transaction of the last
-- of it, a row that says so, and reads everything anew. Nobody's clock counts, only how many changes there are.
CREATE FUNCTION firstline.remove_old_changes() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    oldest CONSTANT bigint := (SELECT min(id) FROM public.change);
    newest CONSTANT bigint := (SELECT max(id) FROM public.change);
    removed xid8;
BEGIN
    IF newest - oldest <= 110000 OR NOT pg_try_advisory_xact_lock(7305) THEN
        RETURN;
    END IF;
    WITH gone AS (DELETE FROM public.change WHERE id <= newest - 100000 RETURNING tx)
        SELECT max(tx) INTO removed FROM gone;
    IF removed IS NOT NULL THEN
        INSERT INTO public.change (topic, subject_id, at, tx)
            VALUES ('removed', '00000000-0000-0000-0000-000000000000', now(), removed);
    END IF;
END $$;

-- The wallboard ---------------------------------------------------------------------------------------------------
-- Counts and ages, nobody's name. Teams of fewer than five agents at work are not told apart: that would be one person's
-- state. Where they are fewer than five together too, the smallest of the other teams is put with them: else whoever
-- knows the sum of all would know them. Fewer than five in the whole centre are not there.

CREATE FUNCTION firstline.calls_now()
RETURNS TABLE (queue text, waiting_count bigint, waiting_since timestamptz, talking_count bigint)
STABLE LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT call.queue::text, count(*) FILTER (WHERE call.state IN ('queued', 'offered')),
            min(call.queued_at) FILTER (WHERE call.state IN ('queued', 'offered')),
            count(*) FILTER (WHERE call.state IN ('connected', 'held'))
        FROM public.call WHERE call.state <> 'closed' GROUP BY call.queue;
END $$;

CREATE FUNCTION firstline.cases_now()
RETURNS TABLE (
    level smallint, waiting_count bigint, overdue_count bigint, waiting_since timestamptz, claimed_count bigint
)
STABLE LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT c.level, count(*) FILTER (WHERE c.state = 'waiting'),
            count(*) FILTER (WHERE c.state = 'waiting' AND c.due_at < now()),
            min(c.level_since) FILTER (WHERE c.state = 'waiting'), count(*) FILTER (WHERE c.state = 'claimed')
        FROM public.case_file c WHERE c.state IN ('waiting', 'claimed') GROUP BY c.level;
END $$;

CREATE FUNCTION firstline.agents_now()
RETURNS TABLE (team text, state text, agent_count bigint) STABLE LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY
        WITH at_work AS (
            SELECT agent.state, team.name, count(*) OVER (PARTITION BY team.id) AS size FROM public.agent
            JOIN public.person ON person.id = agent.person_id JOIN public.team ON team.id = person.team_id
            WHERE agent.state <> 'signed_out'
        ), joined AS (
            SELECT a.name FROM at_work a
            WHERE a.size >= 5 AND (SELECT count(*) FROM at_work b WHERE b.size < 5) BETWEEN 1 AND 4
            ORDER BY a.size, a.name LIMIT 1
        ), named AS (
            SELECT a.state::text AS state,
                CASE WHEN a.size >= 5 AND a.name NOT IN (SELECT j.name FROM joined j) THEN a.name END::text AS name
            FROM at_work a
        )
        SELECT n.name, n.state, count(*) FROM named n
        WHERE n.name IS NOT NULL OR (SELECT count(*) >= 5 FROM named m WHERE m.name IS NULL)
        GROUP BY 1, 2 ORDER BY 1, 2;
END $$;

-- What holds for all of them --------------------------------------------------------------------------------------

DO $$
DECLARE
    one regprocedure;
BEGIN
    FOR one IN SELECT oid FROM pg_proc WHERE pronamespace = 'firstline'::regnamespace LOOP
        EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = pg_catalog, pg_temp', one);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', one);
        EXECUTE format('ALTER FUNCTION %s OWNER TO firstline_owner', one);
    END LOOP;
END $$;

GRANT USAGE ON SCHEMA firstline TO firstline_person, firstline_gateway, firstline_wallboard;
GRANT EXECUTE ON FUNCTION firstline.me, firstline.set_password, firstline.is_council_mode, firstline.stored_about_me
    TO firstline_person;
GRANT EXECUTE ON FUNCTION firstline.my_team TO firstline_person;
GRANT EXECUTE ON FUNCTION firstline.my_team, firstline.my_products, firstline.my_callers,
    firstline.my_rings, firstline.is_my_call, firstline.customers_with_number, firstline.customers_at_switchboard, firstline.customers_named,
    firstline.customers_like TO firstline_first_level;
GRANT EXECUTE ON FUNCTION firstline.my_levels, firstline.my_questions, firstline.concerns_me, firstline.calls_about
    TO firstline_second_level, firstline_third_level;
GRANT EXECUTE ON FUNCTION firstline.takes_part, firstline.books_on
    TO firstline_first_level, firstline_second_level, firstline_third_level;
GRANT EXECUTE ON FUNCTION firstline.writes_in
    TO firstline_first_level, firstline_second_level, firstline_third_level, firstline_supervisor;
GRANT EXECUTE ON FUNCTION firstline.are_merged, firstline.granted_number TO firstline_third_level;
GRANT EXECUTE ON FUNCTION firstline.absent_people TO firstline_second_level, firstline_third_level;
GRANT EXECUTE ON FUNCTION firstline.merge_levels, firstline.put_back_of TO firstline_administrator;
GRANT EXECUTE ON FUNCTION firstline.calls_now, firstline.cases_now, firstline.agents_now
    TO firstline_supervisor, firstline_wallboard;
GRANT EXECUTE ON FUNCTION firstline.remove_old_changes, firstline.wake TO firstline_person, firstline_gateway;
GRANT EXECUTE ON FUNCTION firstline.hand_back_lapsed
    TO firstline_first_level, firstline_second_level, firstline_third_level;
GRANT EXECUTE ON FUNCTION firstline.tell_answerable TO firstline_editor;
GRANT EXECUTE ON FUNCTION firstline.confirm_problem, firstline.solve_problem TO firstline_second_level;
GRANT EXECUTE ON FUNCTION firstline.escalations_since TO firstline_second_level, firstline_supervisor;
GRANT EXECUTE ON FUNCTION firstline.calls_of_person, firstline.may_steer, firstline.agents_by_state, firstline.put_right,
    firstline.tell_owner, firstline.notices_seen TO firstline_supervisor;
GRANT EXECUTE ON FUNCTION firstline.queue_names, firstline.may_reckon, firstline.steering_since
    TO firstline_supervisor, firstline_administrator; -- the views that they read ask them
GRANT EXECUTE ON FUNCTION firstline.give_sign_in TO firstline_administrator;
