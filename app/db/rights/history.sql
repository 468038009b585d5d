-- The works-council mode, and what is stored about one person. The last block of functions.sql holds for these too.
--
-- While the mode is on, supervisors steer by what is going on and by all of the last 26 hours, which is a whole day in any
-- time zone, and none of it says whose work it was: see `views.sql`. Of what lies longer back they read parts of five
-- people or more, and the figures of one person by `calls_of_person`, which writes the look down.

CREATE FUNCTION firstline.is_council_mode() RETURNS boolean STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN coalesce((SELECT is_on FROM public.works_council ORDER BY at DESC, id DESC LIMIT 1), true);
END $$;

-- Since when rows of what is over may be read by who steers; everything where the mode is off.
CREATE FUNCTION firstline.steering_since() RETURNS timestamptz STABLE PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN
    RETURN CASE WHEN firstline.is_council_mode() AND NOT firstline.is_keeper() THEN now() - interval '26 hours'
        ELSE '-infinity' END;
END $$;

-- The calls of one person, queued in [start, until): the days from `first` to `last`. For whom, when and why is kept.
CREATE FUNCTION firstline.calls_of_person(
    id uuid, person uuid, first date, last date, purpose text, start timestamptz, until timestamptz
) RETURNS TABLE (
    state text, queue text, queued_at timestamptz, offered_at timestamptz, answered_at timestamptz, held_ms bigint,
    ended_at timestamptz, wrapped_up_at timestamptz, end_reason text, ended_by text, is_outgoing boolean
) LANGUAGE plpgsql AS $$
BEGIN
    IF length(trim(purpose)) < 10 OR start < first - interval '1 day' OR until > last + interval '2 days' THEN
        RAISE insufficient_privilege USING MESSAGE = 'a look needs a purpose, and the days that it is of';
    END IF;
    INSERT INTO public.person_look (id, at, by, person_id, purpose, first, last)
        VALUES (calls_of_person.id, now(), firstline.me(), person, trim(calls_of_person.purpose),
            calls_of_person.first, calls_of_person.last);
    RETURN QUERY SELECT c.state::text, c.queue::text, c.queued_at, c.offered_at, c.answered_at, c.held_ms, c.ended_at,
            c.wrapped_up_at, c.end_reason::text, c.ended_by::text, c.is_outgoing
        FROM public.call c WHERE c.agent_id = person AND c.queued_at >= start AND c.queued_at < until;
END $$;

-- How much is stored about who asks, and of when: of each column that names a person, whatever table it is in.
CREATE FUNCTION firstline.stored_about_me()
RETURNS TABLE (what text, n bigint, first_at timestamptz, last_at timestamptz) STABLE LANGUAGE plpgsql AS $$
DECLARE
    times CONSTANT name[] := '{at, queued_at, opened_at, made_at, written_at, applied_at, since, told_at}';
    one record;
    moment text;
BEGIN
    FOR one IN
        SELECT conrelid AS tab, relname, attname FROM pg_constraint
            JOIN pg_class c ON c.oid = conrelid JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
        WHERE contype = 'f' AND confrelid = 'public.person'::regclass
        UNION ALL SELECT 'public.applied_command'::regclass, 'applied_command', 'by'
        ORDER BY 2, 3
    LOOP
        moment := coalesce((SELECT quote_ident(attname) FROM pg_attribute
            WHERE attrelid = one.tab AND attname = ANY (times) ORDER BY array_position(times, attname) LIMIT 1),
            'NULL::timestamptz');
        RETURN QUERY EXECUTE format('SELECT %L::text, count(*), min(%s), max(%s) FROM public.%I WHERE %I = $1',
            one.relname || '.' || one.attname, moment, moment, one.relname, one.attname) USING firstline.me();
    END LOOP;
END $$;
