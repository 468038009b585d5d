-- What supervisors are told and do through functions alone. The last block of functions.sql holds for these too.
--
-- No table that says whose work something was is theirs to read: what they steer by are the views of `views.sql`, and
-- the figures of one person `calls_of_person` gives, which writes the look down.

-- Whether who asks steers this centre.
CREATE FUNCTION firstline.may_steer() RETURNS boolean STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN firstline.is_keeper()
        OR firstline.me() IS NOT NULL AND pg_has_role(session_user, 'firstline_supervisor', 'MEMBER');
END $$;

-- Whether who asks works out the clocks of all cases: supervisors' desks do, and administrators who set other rules.
CREATE FUNCTION firstline.may_reckon() RETURNS boolean STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN firstline.may_steer()
        OR firstline.me() IS NOT NULL AND pg_has_role(session_user, 'firstline_administrator', 'MEMBER');
END $$;

-- How many are in each state. Fewer than five at work are not told apart: in which state they are would be one
-- person's. And since when half of them are, of five or more.
CREATE FUNCTION firstline.agents_by_state() RETURNS TABLE (state text, agent_count bigint, median_since timestamptz)
STABLE LANGUAGE plpgsql AS $$
DECLARE
    are_told CONSTANT boolean := (SELECT count(*) >= 5 FROM public.agent a WHERE a.state <> 'signed_out');
BEGIN
    RETURN QUERY SELECT CASE WHEN are_told THEN a.state END::text, count(*),
            CASE WHEN count(*) >= 5 THEN percentile_disc(0.5) WITHIN GROUP (ORDER BY a.since) END
        FROM public.agent a WHERE a.state <> 'signed_out' AND firstline.may_steer() GROUP BY 1;
END $$;

-- Sign out an agent whose desk died; NULL when nobody is, or when the desk has told a state since then.
CREATE FUNCTION firstline.put_right(person uuid, told_until timestamptz, moment timestamptz) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
    done uuid;
BEGIN
    IF NOT firstline.may_steer() THEN
        RAISE insufficient_privilege USING MESSAGE = 'only a supervisor signs others out';
    END IF;
    UPDATE public.agent SET state = 'signed_out', pause_code = NULL, since = moment, told_at = moment
        WHERE person_id = person AND agent.since <= told_until AND state <> 'signed_out'
        RETURNING person_id INTO done;
    RETURN done;
END $$;

-- Tell whoever has a case what a supervisor did with it, unless they did it themselves. False, and nothing is told,
-- when `becomes` has it already: so who has it is learned by a deed that both hear of, and not by asking.
CREATE FUNCTION firstline.tell_owner(
    id uuid, sender uuid, of_case uuid, becomes uuid, kind text, said text, moment timestamptz
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    owner CONSTANT uuid := (SELECT c.owner_id FROM public.case_file c
        WHERE c.id = of_case AND (c.level > 1 AND c.state = 'claimed' OR c.state = 'open'));
    me CONSTANT uuid := coalesce(firstline.me(), sender); -- a keeper of the database sends in another's name
BEGIN
    IF NOT firstline.may_steer() OR kind NOT IN ('case_prioritised', 'case_assigned') THEN
        RAISE insufficient_privilege USING MESSAGE = 'only a supervisor directs cases';
    END IF;
    IF owner = becomes THEN
        RETURN false;
    END IF;
    IF owner <> me THEN
        INSERT INTO public.message (id, person_id, by, at, kind, title, text, case_id, case_number)
            SELECT tell_owner.id, owner, me, moment, tell_owner.kind, c.title, said, c.id, c.number
            FROM public.case_file c WHERE c.id = of_case;
        INSERT INTO public.change (topic, subject_id, at) VALUES ('messages', owner, now());
    END IF;
    RETURN true;
END $$;

-- The queues that calls came to.
CREATE FUNCTION firstline.queue_names() RETURNS SETOF text STABLE LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT DISTINCT call.queue::text FROM public.call WHERE firstline.may_reckon();
END $$;

-- How many have read each notice that stands at the moment.
CREATE FUNCTION firstline.notices_seen(moment timestamptz) RETURNS TABLE (notice_id uuid, seen_count bigint)
STABLE LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT s.notice_id, count(*)
        FROM public.notice n JOIN public.notice_seen s ON s.notice_id = n.id
        WHERE n.until > moment AND firstline.may_steer() GROUP BY s.notice_id;
END $$;
