-- What passes between second and third level, and beside the cases. `functions.sql` has the rest, and its last block
-- holds for these functions too.

-- Whether second and third level are one queue.
CREATE FUNCTION firstline.are_merged() RETURNS boolean STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.levels WHERE id = 1 AND are_merged);
END $$;

-- Nothing comes to third level where there is none. The row is held until the end of the transaction: who merges waits
-- for it, and then finds the case; who comes later waits for the merger, and is refused.
CREATE FUNCTION firstline.refuse_merged() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM public.levels WHERE id = 1 AND NOT are_merged FOR SHARE;
    IF NOT FOUND THEN
        RAISE insufficient_privilege USING MESSAGE = 'second and third level are one here';
    END IF;
END $$;

-- Merge or split; how many cases moved. A case that came down by the merger, and was not touched since, goes back up.
CREATE FUNCTION firstline.merge_levels(merged boolean) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    since CONSTANT timestamptz := (SELECT changed_at FROM public.levels WHERE id = 1);
    moving uuid[];
BEGIN
    IF NOT firstline.may_move() THEN
        RAISE insufficient_privilege USING MESSAGE = 'only an administrator merges levels';
    END IF;
    PERFORM set_config('firstline.moving', 'yes', true);
    UPDATE public.levels SET are_merged = merged, changed_at = clock_timestamp() WHERE id = 1;
    IF merged THEN
        UPDATE public.question SET to_level = 2 WHERE to_level = 3 AND answered_at IS NULL;
        moving := ARRAY(SELECT id FROM public.case_file WHERE level = 3 AND state IN ('waiting', 'claimed') FOR UPDATE);
    ELSE
        moving := ARRAY(SELECT c.id FROM public.case_file c
            WHERE c.level = 2 AND c.state = 'waiting'
                AND c.id IN (SELECT case_id FROM public.timeline WHERE event = 'merged' AND at >= since)
                AND 'merged' = (SELECT t.event FROM public.timeline t WHERE t.case_id = c.id
                    ORDER BY t.at DESC, t.id DESC LIMIT 1)
            FOR UPDATE OF c);
    END IF;
    UPDATE public.case_file SET level = CASE WHEN merged THEN 2 ELSE 3 END WHERE id = ANY (moving);
    INSERT INTO public.timeline (id, case_id, at, by, event, from_level, to_level, text)
        SELECT gen_random_uuid(), id, clock_timestamp(), coalesce(firstline.me(), opened_by),
            CASE WHEN merged THEN 'merged' ELSE 'split' END,
            CASE WHEN merged THEN 3 ELSE 2 END, CASE WHEN merged THEN 2 ELSE 3 END, ''
        FROM public.case_file WHERE id = ANY (moving);
    PERFORM set_config('firstline.moving', '', true);
    INSERT INTO public.change (topic, subject_id, at)
        SELECT topic, '00000000-0000-0000-0000-000000000000', now() FROM unnest(ARRAY['levels', 'cases']) AS topic;
    RETURN cardinality(moving);
END $$;

-- Whether a function moves cases that an administrator has nothing to do with. Anybody may set the mark, but of those
-- who may call these functions nobody else changes cases.
CREATE FUNCTION firstline.is_moving() RETURNS boolean STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN current_setting('firstline.moving', true) = 'yes' AND firstline.may_move();
END $$;

CREATE FUNCTION firstline.may_move() RETURNS boolean STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN firstline.is_keeper() OR firstline.me() IS NOT NULL
        AND pg_has_role(session_user, 'firstline_administrator', 'MEMBER');
END $$;

-- All cases of a person who has no role any more go back to the queues.
CREATE FUNCTION firstline.put_back_of(who name) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT firstline.may_move() THEN
        RAISE insufficient_privilege USING MESSAGE = 'only an administrator puts back what people leave behind';
    END IF;
    PERFORM set_config('firstline.moving', 'yes', true);
    PERFORM firstline.hand_back(id, 'requeued') FROM public.person WHERE login = who AND roles = '[]';
    PERFORM set_config('firstline.moving', '', true);
END $$;

-- Whether a case that somebody has may go back to its queue all the same: for a supervisor, or for a colleague of its
-- level when the person's desk gives no sign of life and nothing happened to the case for five minutes.
CREATE FUNCTION firstline.may_put_back(case_id uuid, owner uuid, level smallint) RETURNS boolean
STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN firstline.me() IS NOT NULL AND (
        pg_has_role(session_user, 'firstline_supervisor', 'MEMBER')
        OR $3 = ANY (firstline.my_levels()) AND firstline.is_absent(owner)
            AND NOT EXISTS (SELECT FROM public.timeline t WHERE t.case_id = $1 AND t.at > now() - interval '5 minutes'));
END $$;

-- Whether a person's desk says that it is at work. One that has just begun says so within a minute.
CREATE FUNCTION firstline.is_absent(person uuid) RETURNS boolean STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN NOT EXISTS (SELECT FROM public.lease WHERE person_id = person AND until >= now());
END $$;

-- Who has cases that the person may put back now, because they are not there.
CREATE FUNCTION firstline.absent_people() RETURNS TABLE (person_id uuid, name text, case_count bigint)
STABLE LANGUAGE plpgsql AS $$
DECLARE
    me CONSTANT uuid := firstline.me();
    levels CONSTANT smallint[] := firstline.my_levels();
BEGIN
    RETURN QUERY SELECT p.id, p.name::text, count(*)
        FROM public.case_file c JOIN public.person p ON p.id = c.owner_id
        WHERE c.state <> 'solved' AND (me IS NOT NULL OR firstline.is_keeper()) AND p.id IS DISTINCT FROM me
            AND firstline.is_absent(p.id)
            AND c.state = 'claimed' AND c.level = ANY (levels)
            AND (firstline.is_keeper() OR firstline.may_put_back(c.id, c.owner_id, c.level))
        GROUP BY p.id, p.name ORDER BY p.name;
END $$;

-- Whether the person puts cases like this one back: a supervisor, or somebody of its level.
CREATE FUNCTION firstline.works_on(case_id uuid) RETURNS boolean STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN pg_has_role(session_user, 'firstline_supervisor', 'MEMBER') AND firstline.me() IS NOT NULL
        OR EXISTS (SELECT FROM public.case_file c WHERE c.id = $1 AND c.level = ANY (firstline.my_levels()));
END $$;

-- Whether the person of second level passed the case on, so that third level may give it back to them.
CREATE FUNCTION firstline.passed_on(case_id uuid, person uuid) RETURNS boolean STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.timeline t
        WHERE t.case_id = $1 AND t.by = person AND t.event = 'escalated' AND t.from_level = 2);
END $$;

-- Questions -------------------------------------------------------------------------------------------------------

-- The cases that the person, or a level of theirs, is asked about and has not answered.
CREATE FUNCTION firstline.my_questions() RETURNS uuid[] STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN ARRAY(SELECT case_id FROM public.question WHERE answered_at IS NULL
        AND (to_person = firstline.me() OR to_level = ANY (firstline.my_levels())));
END $$;

-- Whether the person was asked about the case, or their level, or has answered.
CREATE FUNCTION firstline.was_asked(case_id uuid) RETURNS boolean STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
DECLARE
    me CONSTANT uuid := firstline.me();
BEGIN
    RETURN EXISTS (SELECT FROM public.question q WHERE q.case_id = $1
        AND (me IN (q.to_person, q.answered_by) OR me IS NOT NULL AND q.to_level = ANY (firstline.my_levels())));
END $$;

-- A solved case takes its open questions with it: nobody answered, and nobody is asked any more.
CREATE FUNCTION firstline.end_questions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.question SET answered_at = coalesce(NEW.solved_at, clock_timestamp())
        WHERE case_id = NEW.id AND answered_at IS NULL;
    RETURN NULL;
END $$;

-- How the customer is reached -------------------------------------------------------------------------------------
-- When the customer of a case that the person sees has called, who spoke, and how it ended; and which of these calls
-- were about the case. It tells no number and no length, so third level may read it, and nobody is measured by it.
CREATE FUNCTION firstline.calls_about(case_id uuid) RETURNS TABLE (id uuid, at timestamptz, agent_name text,
    is_outgoing boolean, disposition text, end_reason text, is_of_case boolean)
STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
DECLARE
    one record;
BEGIN
    SELECT c.customer_id, c.call_id INTO one FROM public.case_file c
        WHERE c.id = $1 AND (c.level = ANY (firstline.my_levels()) OR firstline.me() IN (c.owner_id, c.opened_by)
            OR c.id = ANY (firstline.my_questions()) OR firstline.concerns_me(c.id) OR firstline.is_keeper());
    IF NOT FOUND THEN RETURN; END IF;
    RETURN QUERY SELECT k.id, k.queued_at, coalesce(p.name, '')::text, k.is_outgoing, k.disposition::text,
            k.end_reason::text, k.id IS NOT DISTINCT FROM one.call_id OR k.case_id IS NOT DISTINCT FROM $1
        FROM public.call k LEFT JOIN public.person p ON p.id = k.agent_id
        WHERE k.id = one.call_id OR k.customer_id = one.customer_id AND k.queued_at > now() - interval '90 days'
        ORDER BY k.queued_at DESC, k.id LIMIT 20;
END $$;

-- Third level reads neither telephone numbers nor who called, unless second level grants it for the case.

-- The caller's number of a case that third level sees and was granted; NULL: it was not.
CREATE FUNCTION firstline.granted_number(case_id uuid) RETURNS text STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT t.caller_number FROM public.timeline t JOIN public.case_file c ON c.id = t.case_id
        WHERE c.id = $1 AND c.state <> 'solved' AND t.caller_number IS NOT NULL
            AND (c.level = ANY (firstline.my_levels()) OR c.id = ANY (firstline.my_questions())
                OR firstline.concerns_me(c.id))
            AND (firstline.are_merged() OR EXISTS (SELECT FROM public.contact_grant g WHERE g.case_id = c.id))
        ORDER BY t.at DESC LIMIT 1);
END $$;

-- At the end of the transaction the timeline tells of the grant and of its end: no grant without a trace.
CREATE FUNCTION firstline.guard_grant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_case CONSTANT uuid := coalesce(NEW.case_id, OLD.case_id);
    told CONSTANT bigint := (SELECT count(*) FILTER (WHERE event = 'granted')
        - count(*) FILTER (WHERE event = 'grant_ended') FROM public.timeline WHERE case_id = of_case);
BEGIN
    IF told <> (SELECT count(*) FROM public.contact_grant WHERE case_id = of_case) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a grant without its line in the timeline';
    END IF;
    RETURN NULL;
END $$;
