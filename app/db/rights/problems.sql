-- Known problems: who moves them, and the few things that touch cases of others. What the last block of functions.sql
-- says holds for these functions too.

CREATE FUNCTION firstline.is_second_level() RETURNS boolean STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN firstline.is_keeper()
        OR firstline.me() IS NOT NULL AND pg_has_role(session_user, 'firstline_second_level', 'MEMBER');
END $$;

-- Whether the case is attached to a problem that is solved.
CREATE FUNCTION firstline.is_of_solved_problem(case_id uuid) RETURNS boolean STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.problem_case l JOIN public.problem p ON p.id = l.problem_id
        WHERE l.case_id = $1 AND l.link = 'attached' AND p.state = 'solved');
END $$;

-- Second level confirms; everybody else proposes.
CREATE FUNCTION firstline.guard_new_problem() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF firstline.is_keeper() OR NEW.state = 'candidate' OR NEW.state = 'confirmed' AND firstline.is_second_level() THEN
        RETURN NEW;
    END IF;
    RAISE insufficient_privilege USING MESSAGE = 'a problem does not begin like this';
END $$;

-- TRANSITIONS of app.domain.problems hold for everybody; the state is second level's.
CREATE FUNCTION firstline.guard_problem() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = OLD.state OR firstline.is_second_level() AND OLD.state || ' to ' || NEW.state IN (
        'candidate to confirmed', 'candidate to rejected', 'confirmed to solved', 'confirmed to rejected',
        'solved to confirmed', 'rejected to candidate') THEN
        RETURN NEW;
    END IF;
    RAISE insufficient_privilege USING MESSAGE = 'a problem does not go this way';
END $$;

-- Second level links any case, the radar at a supervisor's desk suggests, others link cases that they have to do with.
CREATE FUNCTION firstline.guard_problem_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF firstline.is_second_level() OR firstline.concerns_me(NEW.case_id) OR NEW.link = 'suggested' AND TG_OP = 'INSERT'
        AND pg_has_role(session_user, 'firstline_supervisor', 'MEMBER') THEN
        RETURN NEW;
    END IF;
    RAISE insufficient_privilege USING MESSAGE = 'this case is not yours';
END $$;

CREATE FUNCTION firstline.must_be_second_level(person uuid) RETURNS void STABLE LANGUAGE plpgsql AS $$
BEGIN
    IF NOT firstline.is_second_level() OR person IS DISTINCT FROM firstline.me() AND NOT firstline.is_keeper() THEN
        RAISE insufficient_privilege USING MESSAGE = 'only second level decides about known problems';
    END IF;
END $$;

-- Confirm a candidate and attach what the radar saw, whoever has these cases. Its id, or nothing when it is none.
CREATE FUNCTION firstline.confirm_problem(which uuid, person uuid, moment timestamptz)
RETURNS SETOF uuid LANGUAGE plpgsql AS $$
DECLARE
    line text;
BEGIN
    PERFORM firstline.must_be_second_level(person);
    UPDATE public.problem p SET state = 'confirmed', state_since = moment, state_by = person, said = ''
        WHERE p.id = which AND p.state = 'candidate' RETURNING 'P-' || p.number || ': ' || p.title INTO line;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    WITH linked AS (
        UPDATE public.problem_case l SET link = 'attached', at = moment, by = person
        WHERE l.problem_id = which AND l.link = 'suggested' AND NOT EXISTS (
            SELECT FROM public.problem_case o WHERE o.case_id = l.case_id AND o.link = 'attached')
        RETURNING l.case_id
    )
    INSERT INTO public.timeline (id, case_id, at, by, event, from_level, to_level, text)
    SELECT gen_random_uuid(), c.id, moment, person, 'problem_attached', c.level, c.level, line
    FROM linked JOIN public.case_file c ON c.id = linked.case_id WHERE c.state <> 'solved';
    RETURN NEXT which;
END $$;

-- Solve a problem and its cases, at whatever level and whoever has them: all of it or nothing. Left out is what
-- somebody has solved already, and what came back to first level after `seen`. Who opened a case is told. Its id, or
-- nothing when it is not confirmed.
CREATE FUNCTION firstline.solve_problem(which uuid, person uuid, moment timestamptz, solution text, seen timestamptz)
RETURNS SETOF uuid LANGUAGE plpgsql AS $$
DECLARE
    prefix text;
BEGIN
    PERFORM firstline.must_be_second_level(person);
    UPDATE public.problem p SET state = 'solved', state_since = moment, state_by = person, said = solution
        WHERE p.id = which AND p.state = 'confirmed' RETURNING 'P-' || p.number || ': ' INTO prefix;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    WITH solved AS (
        UPDATE public.case_file c SET state = 'solved', solved_at = moment FROM public.problem_case l
        WHERE l.problem_id = which AND l.case_id = c.id AND l.link = 'attached' AND c.state <> 'solved'
            AND NOT EXISTS (SELECT FROM public.timeline t
                WHERE t.case_id = c.id AND t.event = 'returned' AND t.at > seen)
        RETURNING c.id, c.level, c.number, c.title, c.opened_by
    ), told AS (
        INSERT INTO public.message (id, person_id, by, at, kind, title, text, case_id, case_number, answer_id)
        SELECT gen_random_uuid(), opened_by, person, moment, 'case_solved', title, prefix || solution, id, number, NULL
        FROM solved WHERE opened_by <> person RETURNING person_id
    ), news AS (
        INSERT INTO public.change (topic, subject_id, at) SELECT DISTINCT 'messages', person_id, now() FROM told
    ), marked AS (
        UPDATE public.problem_case l SET solved_at = moment FROM solved
        WHERE l.problem_id = which AND l.case_id = solved.id
    )
    INSERT INTO public.timeline (id, case_id, at, by, event, from_level, to_level, text)
    SELECT gen_random_uuid(), id, moment, person, 'solved', level, level, prefix || solution FROM solved;
    RETURN NEXT which;
END $$;

-- What the radar looks at: the newest escalations of first level, whoever has these cases now. `own` has the words by
-- which the customer could be known, to be taken out.
CREATE FUNCTION firstline.escalations_since(since timestamptz, most integer)
RETURNS TABLE (case_id uuid, at timestamptz, product text, title text, searches jsonb, note text, own text)
STABLE LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT t.case_id, t.at, coalesce(p.code, '')::text, c.title::text, t.hand_over -> 'searches',
            coalesce(t.hand_over ->> 'note', ''),
            concat_ws(' ', t.hand_over ->> 'caller_name', t.hand_over ->> 'customer_number', t.hand_over ->> 'serial',
                k.name, k.company, k.city)
        FROM public.timeline t JOIN public.case_file c ON c.id = t.case_id
            LEFT JOIN public.product p ON p.id = c.product_id LEFT JOIN public.customer k ON k.id = c.customer_id
        WHERE t.event = 'escalated' AND t.from_level = 1 AND t.at >= since ORDER BY t.at DESC LIMIT most;
END $$;
