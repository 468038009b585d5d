-- How answers come to be: whose move a draft is, and who is told. What the last block of functions.sql says holds for
-- these functions too.

-- TRANSITIONS of app.domain.knowledge, for drafts. Who wrote a draft changes it until it waits for review; from then on
-- editors do. Whose text it is, nobody says but who wrote it.
CREATE FUNCTION firstline.guard_draft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    person CONSTANT uuid := firstline.me();
    is_editor CONSTANT boolean := pg_has_role(session_user, 'firstline_editor', 'MEMBER');
BEGIN
    IF firstline.is_keeper() THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.made_by = person AND NEW.written_by = person AND NEW.revision = 1 AND NEW.state IN ('draft', 'review') THEN
            RETURN NEW;
        END IF;
        RAISE insufficient_privilege USING MESSAGE = 'a draft does not begin like this';
    END IF;
    IF OLD.state || ' to ' || NEW.state IN ('draft to draft', 'draft to review', 'draft to dropped',
            'review to review', 'review to draft', 'review to published', 'review to dropped')
        AND NEW.revision = OLD.revision + 1
        AND (NEW.written_by = person OR NEW.written_by = OLD.written_by AND NEW.document = OLD.document)
        AND (is_editor OR OLD.made_by = person AND OLD.state = 'draft')
        AND NOT (NEW.state = 'published' AND OLD.written_by = person AND EXISTS (
            SELECT FROM public.centre_rule WHERE name = 'four_eyes' AND value = 'on'))
    THEN
        RETURN NEW;
    END IF;
    RAISE insufficient_privilege USING MESSAGE = 'a draft does not go this way';
END $$;

-- What is published is not changed but replaced by its next version, or retired and restored.
CREATE FUNCTION firstline.guard_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF firstline.is_keeper() OR NEW.version > OLD.version AND NEW.id = OLD.id
        OR to_jsonb(NEW) - 'retired_at' = to_jsonb(OLD) - 'retired_at' THEN
        RETURN NEW;
    END IF;
    RAISE insufficient_privilege USING MESSAGE = 'a published answer gets a new version';
END $$;

-- Messages --------------------------------------------------------------------------------------------------------

-- Tell whoever escalated one of these questions in the last month that there is an answer now, each once; how many.
-- Editors see no case, so this looks for them. `questions` are in lower case.
CREATE FUNCTION firstline.tell_answerable(person uuid, answer uuid, origin uuid, title text, questions text[])
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    told_count bigint;
BEGIN
    IF person IS DISTINCT FROM firstline.me() AND NOT firstline.is_keeper() THEN
        RAISE insufficient_privilege USING MESSAGE = 'each tells in their own name';
    END IF;
    WITH lately AS (
        SELECT t.by, t.case_id, t.at, t.hand_over FROM public.timeline t
        WHERE t.event = 'escalated' AND t.at > now() - interval '30 days' AND t.from_level = 1
        ORDER BY t.at DESC LIMIT 20000
    ), asked AS (
        SELECT by, case_id, at FROM lately WHERE EXISTS (
            SELECT FROM jsonb_array_elements_text(hand_over -> 'searches') AS search
            WHERE lower(btrim(search)) = ANY (questions))
        UNION SELECT t.by, t.case_id, t.at FROM public.timeline t
            WHERE t.case_id = origin AND t.event = 'escalated' AND t.from_level = 1
    ), told AS (
        INSERT INTO public.message (id, person_id, by, at, kind, title, text, case_id, case_number, answer_id)
        SELECT DISTINCT ON (asked.by) gen_random_uuid(), asked.by, person, now(), 'answerable', left($4, 300), '',
            c.id, c.number, answer
        FROM asked JOIN public.case_file c ON c.id = asked.case_id
        WHERE asked.by <> person AND NOT EXISTS (SELECT FROM public.message m
            WHERE m.person_id = asked.by AND m.answer_id = answer AND m.kind = 'answerable')
        ORDER BY asked.by, asked.at DESC
        RETURNING person_id
    ), changes AS (
        INSERT INTO public.change (topic, subject_id, at) SELECT 'messages', person_id, now() FROM told
    )
    SELECT count(*) INTO told_count FROM told;
    RETURN told_count;
END $$;
