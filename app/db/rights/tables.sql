-- Table by table: who may do what, whatever program connects. This is the place to change a right.
--
-- GRANT says which statements and columns, POLICY which rows; both must permit. Where nothing is said, nothing is
-- allowed: each table has row-level security forced, and firstline_owner alone sees everything. Several policies for
-- one person add up. Write a policy so that it asks once per statement: `= (SELECT firstline.f())`, or
-- `= ANY ((SELECT firstline.f())::uuid[])`; a function of a column is asked for each row, so it stands last.
--
-- "Here" below: a role belongs to the whole server, a person to one database; whom `firstline.me()` does not know has
-- no business in this one.

GRANT SELECT ON alembic_version TO firstline_person, firstline_gateway, firstline_history;

-- team, product, person: everybody here reads them; administrators change them. ------------------------------------

GRANT SELECT ON team, product, person TO firstline_person;
GRANT INSERT, DELETE ON team, product, person TO firstline_administrator;
GRANT UPDATE (name) ON team TO firstline_administrator;
GRANT UPDATE (code, name, area, team_id) ON product TO firstline_administrator;
GRANT UPDATE (login, name, team_id, roles) ON person TO firstline_administrator;
CREATE POLICY all_here_read ON team FOR SELECT TO firstline_person USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY all_here_read ON product FOR SELECT TO firstline_person USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY all_here_read ON person FOR SELECT TO firstline_person USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY administrators_change ON team TO firstline_administrator USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY administrators_change ON product TO firstline_administrator USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY administrators_change ON person TO firstline_administrator USING ((SELECT firstline.me()) IS NOT NULL);

-- The gateway tells the state of each agent's telephone, so it must know them.
GRANT SELECT (id, login, team_id) ON person TO firstline_gateway;
CREATE POLICY gateway_reads ON person FOR SELECT TO firstline_gateway USING (true);

-- agent: each sets their own state. Supervisors read how many are in each, by firstline.agents_by_state(). -----------

GRANT SELECT, INSERT, UPDATE (state, pause_code, since, told_at) ON agent TO firstline_first_level;
GRANT SELECT ON agent TO firstline_gateway;
CREATE POLICY own ON agent TO firstline_first_level USING (person_id = (SELECT firstline.me()));
CREATE POLICY gateway_reads ON agent FOR SELECT TO firstline_gateway USING (true);

-- customer, contract, phone: first level sees those of its own team's products, of the cases it sees, and whom it
-- looked up in this shift. Second level calls back the customers of the cases it sees; third level advises, so it sees
-- no telephone numbers but those that second level grants. Supervisors see who is calling. They come from the centre's records: nobody here changes them.

GRANT SELECT ON customer TO firstline_first_level, firstline_second_level, firstline_third_level, firstline_supervisor;
CREATE POLICY of_own_team ON customer FOR SELECT TO firstline_first_level USING (
    id = ANY ((SELECT firstline.my_callers())::uuid[])
    OR EXISTS (SELECT FROM contract WHERE contract.customer_id = customer.id
        AND contract.product_id = ANY ((SELECT firstline.my_products())::uuid[]))
);
CREATE POLICY of_cases ON customer FOR SELECT TO firstline_first_level, firstline_second_level, firstline_third_level
    USING (EXISTS (SELECT FROM case_file WHERE case_file.customer_id = customer.id));
CREATE POLICY supervisors_read ON customer FOR SELECT TO firstline_supervisor
    USING ((SELECT firstline.me()) IS NOT NULL);

GRANT SELECT ON contract TO firstline_first_level, firstline_second_level, firstline_third_level;
CREATE POLICY of_own_team ON contract FOR SELECT TO firstline_first_level USING (
    customer_id = ANY ((SELECT firstline.my_callers())::uuid[])
    OR product_id = ANY ((SELECT firstline.my_products())::uuid[])
);
CREATE POLICY of_cases ON contract FOR SELECT TO firstline_first_level, firstline_second_level, firstline_third_level
    USING (EXISTS (SELECT FROM case_file WHERE case_file.customer_id = contract.customer_id));

GRANT SELECT ON phone TO firstline_first_level, firstline_second_level, firstline_third_level;
CREATE POLICY of_customers ON phone FOR SELECT TO firstline_first_level
    USING (EXISTS (SELECT FROM customer WHERE customer.id = phone.customer_id));
-- An agent adds the number that a caller calls from, to a customer that the agent sees; changing and removing is not theirs.
GRANT INSERT ON phone TO firstline_first_level;
CREATE POLICY attached_by_agents ON phone FOR INSERT TO firstline_first_level
    WITH CHECK (label = 'attached' AND EXISTS (SELECT FROM customer WHERE customer.id = phone.customer_id));
CREATE POLICY of_cases ON phone FOR SELECT TO firstline_second_level
    USING (EXISTS (SELECT FROM case_file WHERE case_file.customer_id = phone.customer_id));
CREATE POLICY of_granted_cases ON phone FOR SELECT TO firstline_third_level USING (EXISTS (
    SELECT FROM case_file WHERE case_file.customer_id = phone.customer_id AND case_file.state <> 'solved' AND (
        (SELECT firstline.are_merged())
        OR EXISTS (SELECT FROM contact_grant WHERE contact_grant.case_id = case_file.id))
));

-- look_up: written by firstline.customers_…() alone. Each sees their own; administrators see all and remove old ones.

GRANT SELECT ON look_up TO firstline_first_level, firstline_administrator;
GRANT DELETE ON look_up TO firstline_administrator;
CREATE POLICY own ON look_up FOR SELECT TO firstline_first_level USING (person_id = (SELECT firstline.me()));
CREATE POLICY administrators_read ON look_up FOR SELECT TO firstline_administrator
    USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY administrators_remove_old ON look_up FOR DELETE TO firstline_administrator
    USING ((SELECT firstline.me()) IS NOT NULL AND at < now() - interval '30 days');

-- call: each records their own calls, and sees those of whom they looked up. The gateway records all. ---------------

GRANT SELECT, INSERT ON call TO firstline_first_level, firstline_gateway;
GRANT UPDATE (source, number_raw, number_kind, number_normal, display_name, queue, state, customer_id, case_id,
    queued_at, offered_at, answered_at, held_ms, ended_at, wrapped_up_at, end_reason, ended_by, is_outgoing,
    disposition, note, told_at
) ON call TO firstline_first_level, firstline_gateway;
GRANT UPDATE (agent_id) ON call TO firstline_gateway;
CREATE POLICY own ON call TO firstline_first_level USING (agent_id = (SELECT firstline.me()));
CREATE POLICY rings_here ON call FOR SELECT TO firstline_first_level
    USING (id = ANY ((SELECT firstline.my_rings())::uuid[]));
CREATE POLICY of_callers ON call FOR SELECT TO firstline_first_level
    USING (customer_id = ANY ((SELECT firstline.my_callers())::uuid[]));
CREATE POLICY gateway_records ON call TO firstline_gateway USING (true);

-- case_file: everybody sees the cases they opened; first level also those of its team and of whom it looked up, second
-- and third level what is at their level, what they had to do with and what they are asked about. Whoever sees a case
-- may lock it, so that a refusal can say why; whose move it is, and whether it is one, the triggers say. Supervisors read
-- and steer cases through the view firstline.steered_case, which does not tell whose they are.

GRANT SELECT ON case_file TO firstline_first_level, firstline_second_level, firstline_third_level;
GRANT INSERT ON case_file TO firstline_first_level, firstline_second_level, firstline_third_level;
GRANT UPDATE (state, level, priority, due_at, level_since, solved_at, owner_id, answer_id, passed_down, kept_back,
    waits_for, warn_at, resolve_due_at, resolve_warn_at, alarm_at
) ON case_file TO firstline_first_level, firstline_second_level, firstline_third_level;
CREATE POLICY first_level ON case_file TO firstline_first_level USING (
    opened_by = (SELECT firstline.me())
    OR team_id = (SELECT firstline.my_team())
    OR customer_id = ANY ((SELECT firstline.my_callers())::uuid[])
);
CREATE POLICY specialists ON case_file TO firstline_second_level, firstline_third_level USING (
    level = ANY ((SELECT firstline.my_levels())::smallint[])
    OR owner_id = (SELECT firstline.me())
    OR opened_by = (SELECT firstline.me())
    OR id = ANY ((SELECT firstline.my_questions())::uuid[])
    OR firstline.concerns_me(id)
);
CREATE POLICY opening ON case_file AS RESTRICTIVE FOR INSERT
    TO firstline_first_level, firstline_second_level, firstline_third_level
    WITH CHECK (opened_by = (SELECT firstline.me()) AND CASE state -- kept at first level, solved there, or passed on
        WHEN 'open' THEN level = 1 AND owner_id = opened_by
        WHEN 'solved' THEN level = 1 AND owner_id = opened_by
        WHEN 'waiting' THEN level > 1 AND owner_id IS NULL
        ELSE false END);
CREATE TRIGGER guard_new BEFORE INSERT ON case_file FOR EACH ROW
    WHEN (NEW.level = 3) EXECUTE FUNCTION firstline.guard_third_level();
CREATE TRIGGER guard BEFORE UPDATE ON case_file FOR EACH ROW EXECUTE FUNCTION firstline.guard_case();
-- By the column that solving alone writes: a condition would be read anew by each claim.
CREATE TRIGGER end_questions AFTER UPDATE OF solved_at ON case_file
    FOR EACH ROW EXECUTE FUNCTION firstline.end_questions();

-- timeline: the audit of a case. Who sees the case reads it; each adds their own lines; nobody changes or removes one.

-- Who called is in a column of its own, which third level does not read: see firstline.granted_number().

GRANT SELECT ON timeline TO firstline_first_level, firstline_second_level;
GRANT SELECT (id, case_id, at, by, event, from_level, to_level, text, hand_over, waits_for) ON timeline
    TO firstline_third_level;
GRANT INSERT ON timeline
    TO firstline_first_level, firstline_second_level, firstline_third_level, firstline_supervisor;
CREATE POLICY of_cases ON timeline FOR SELECT TO firstline_first_level, firstline_second_level, firstline_third_level
    USING (EXISTS (SELECT FROM case_file WHERE case_file.id = timeline.case_id));
CREATE POLICY own_lines ON timeline FOR INSERT
    TO firstline_first_level, firstline_second_level, firstline_third_level, firstline_supervisor
    WITH CHECK (by = (SELECT firstline.me()) AND event NOT IN ('lapsed', 'merged', 'split')
        AND firstline.writes_in(case_id, event));
CREATE TRIGGER guard BEFORE INSERT ON timeline FOR EACH ROW EXECUTE FUNCTION firstline.guard_order();

-- watcher: who gave a case away keeps sight of it. -----------------------------------------------------------------

GRANT SELECT, INSERT ON watcher TO firstline_first_level, firstline_second_level, firstline_third_level;
CREATE POLICY own ON watcher TO firstline_first_level, firstline_second_level, firstline_third_level
    USING (person_id = (SELECT firstline.me()))
    WITH CHECK (person_id = (SELECT firstline.me()) AND firstline.takes_part(case_id));

-- question: whoever has a case asks; who was asked answers, once; a case that is solved ends what is open. -------------

GRANT SELECT ON question TO firstline_first_level, firstline_second_level, firstline_third_level;
GRANT INSERT (id, case_id, asked_by, asked_at, text, to_person, to_level) ON question
    TO firstline_second_level, firstline_third_level;
GRANT UPDATE (answer, answered_by, answered_at) ON question
    TO firstline_first_level, firstline_second_level, firstline_third_level;
CREATE POLICY of_cases ON question FOR SELECT TO firstline_first_level, firstline_second_level, firstline_third_level
    USING (EXISTS (SELECT FROM case_file WHERE case_file.id = question.case_id));
CREATE POLICY owners_ask ON question FOR INSERT TO firstline_second_level, firstline_third_level WITH CHECK (
    asked_by = (SELECT firstline.me())
    AND EXISTS (SELECT FROM case_file WHERE case_file.id = question.case_id
        AND case_file.owner_id = (SELECT firstline.me()) AND case_file.state = 'claimed')
);
CREATE POLICY asked_answer ON question FOR UPDATE
    TO firstline_first_level, firstline_second_level, firstline_third_level
    USING (answered_at IS NULL AND to_person = (SELECT firstline.me()))
    WITH CHECK (answered_by = (SELECT firstline.me()));
CREATE POLICY level_advises ON question FOR UPDATE TO firstline_second_level, firstline_third_level
    USING (answered_at IS NULL AND to_level = ANY ((SELECT firstline.my_levels())::smallint[]))
    WITH CHECK (answered_by = (SELECT firstline.me()));

-- contact_grant: second level, which had to do with the case, lets third level see how the customer is reached. -------

GRANT SELECT ON contact_grant TO firstline_first_level, firstline_second_level, firstline_third_level;
GRANT INSERT, DELETE ON contact_grant TO firstline_second_level;
CREATE POLICY of_cases ON contact_grant FOR SELECT
    TO firstline_first_level, firstline_second_level, firstline_third_level
    USING (EXISTS (SELECT FROM case_file WHERE case_file.id = contact_grant.case_id));
CREATE POLICY second_level_grants ON contact_grant FOR INSERT TO firstline_second_level
    WITH CHECK (by = (SELECT firstline.me()) AND firstline.concerns_me(case_id));
CREATE POLICY second_level_ends ON contact_grant FOR DELETE TO firstline_second_level
    USING (firstline.concerns_me(case_id));
CREATE CONSTRAINT TRIGGER guard AFTER INSERT OR DELETE ON contact_grant DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION firstline.guard_grant();

-- levels: everybody here reads them; firstline.merge_levels() alone changes them. -------------------------------------

GRANT SELECT ON levels TO firstline_person;
CREATE POLICY all_here_read ON levels FOR SELECT TO firstline_person USING ((SELECT firstline.me()) IS NOT NULL);

-- case_presence: each tells what they look at themselves; second and third level see it. ----------------------------

GRANT SELECT ON case_presence TO firstline_second_level, firstline_third_level;
GRANT INSERT, UPDATE (case_id, is_typing, until), DELETE ON case_presence
    TO firstline_second_level, firstline_third_level;
CREATE POLICY own ON case_presence TO firstline_second_level, firstline_third_level
    USING (person_id = (SELECT firstline.me()));
CREATE POLICY all_here_read ON case_presence FOR SELECT TO firstline_second_level, firstline_third_level
    USING ((SELECT firstline.me()) IS NOT NULL);

-- saved_filter: each their own. --------------------------------------------------------------------------------------

GRANT SELECT, INSERT, UPDATE (name, filter), DELETE ON saved_filter TO firstline_second_level, firstline_third_level;
CREATE POLICY own ON saved_filter TO firstline_second_level, firstline_third_level
    USING (person_id = (SELECT firstline.me()));
-- rule_set: what administrators set for the centre; every desk works with it, and nobody changes what was in force. ----

GRANT SELECT ON rule_set TO firstline_person;
GRANT INSERT (kind, text, at, by) ON rule_set TO firstline_administrator;
CREATE POLICY all_here_read ON rule_set FOR SELECT TO firstline_person USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY administrators_set ON rule_set FOR INSERT TO firstline_administrator
    WITH CHECK (by = session_user AND (SELECT firstline.me()) IS NOT NULL);

-- booking: who sees a contract or a case sees its book, for what is left must add up; each writes in their own name. --

GRANT SELECT ON booking TO firstline_first_level, firstline_second_level, firstline_third_level;
GRANT INSERT ON booking TO firstline_first_level, firstline_second_level, firstline_third_level;
CREATE POLICY of_contracts ON booking FOR SELECT TO firstline_first_level, firstline_second_level, firstline_third_level
    USING (EXISTS (SELECT FROM contract WHERE contract.id = booking.contract_id)
        OR EXISTS (SELECT FROM case_file WHERE case_file.id = booking.case_id));
CREATE POLICY own_lines ON booking FOR INSERT TO firstline_first_level, firstline_second_level, firstline_third_level
    WITH CHECK (by = (SELECT firstline.me()) AND firstline.books_on(case_id, contract_id));

-- alarm: supervisors' desks record what a clock came to, once; nobody changes it. -----------------------------------

GRANT SELECT, INSERT ON alarm TO firstline_supervisor;
CREATE POLICY supervisors_tell ON alarm TO firstline_supervisor USING ((SELECT firstline.me()) IS NOT NULL);

-- lease: each desk renews its person's own. What has lapsed is handed back by firstline.hand_back_lapsed() alone.

GRANT SELECT, INSERT, UPDATE (until), DELETE ON lease
    TO firstline_first_level, firstline_second_level, firstline_third_level;
CREATE POLICY own ON lease TO firstline_first_level, firstline_second_level, firstline_third_level
    USING (person_id = (SELECT firstline.me()));

-- answer: editors publish. First level reads what is written for it, the others everything. -------------------------

GRANT SELECT ON answer TO firstline_first_level, firstline_second_level, firstline_third_level,
    firstline_supervisor, firstline_editor;
GRANT INSERT, UPDATE, DELETE ON answer TO firstline_editor;
CREATE POLICY first_level ON answer FOR SELECT TO firstline_first_level
    USING (audience = 'first' AND (SELECT firstline.me()) IS NOT NULL);
CREATE POLICY others_read ON answer FOR SELECT
    TO firstline_second_level, firstline_third_level, firstline_supervisor, firstline_editor
    USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY editors_publish ON answer TO firstline_editor USING ((SELECT firstline.me()) IS NOT NULL);
CREATE TRIGGER guard BEFORE UPDATE ON answer FOR EACH ROW EXECUTE FUNCTION firstline.guard_answer();

-- centre_rule: what administrators have settled for all desks. ------------------------------------------------------

GRANT SELECT ON centre_rule TO firstline_person;
GRANT INSERT, UPDATE (value, set_at), DELETE ON centre_rule TO firstline_administrator;
CREATE POLICY all_here_read ON centre_rule FOR SELECT TO firstline_person USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY administrators_settle ON centre_rule TO firstline_administrator
    USING ((SELECT firstline.me()) IS NOT NULL);

-- answer_version: each version is kept as it was; who may read an answer may read what it was. ----------------------

GRANT SELECT ON answer_version TO firstline_first_level, firstline_second_level, firstline_third_level, firstline_editor;
GRANT SELECT (answer_id, version, audience, published_at, note, document) ON answer_version TO firstline_supervisor;
GRANT INSERT ON answer_version TO firstline_editor;
CREATE POLICY first_level ON answer_version FOR SELECT TO firstline_first_level
    USING (audience = 'first' AND (SELECT firstline.me()) IS NOT NULL);
CREATE POLICY others_read ON answer_version FOR SELECT
    TO firstline_second_level, firstline_third_level, firstline_supervisor, firstline_editor
    USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY editors_publish ON answer_version FOR INSERT TO firstline_editor
    WITH CHECK ((SELECT firstline.me()) IS NOT NULL
        AND (published_by IS NULL OR published_by = (SELECT firstline.me())));

-- answer_draft, answer_event: each level drafts, and sees its own drafts; editors see and change all. What way a draft
-- goes, a trigger says; of the history nobody changes or removes a line. --------------------------------------------

GRANT SELECT, INSERT, UPDATE (key, language, state, revision, base_version, document, written_by, written_at)
    ON answer_draft TO firstline_first_level, firstline_second_level, firstline_third_level, firstline_editor;
CREATE POLICY own ON answer_draft TO firstline_first_level, firstline_second_level, firstline_third_level
    USING (made_by = (SELECT firstline.me()));
CREATE POLICY editors_change ON answer_draft TO firstline_editor USING ((SELECT firstline.me()) IS NOT NULL);
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON answer_draft
    FOR EACH ROW EXECUTE FUNCTION firstline.guard_draft();

GRANT SELECT, INSERT ON answer_event
    TO firstline_first_level, firstline_second_level, firstline_third_level, firstline_editor;
CREATE POLICY own ON answer_event TO firstline_first_level, firstline_second_level, firstline_third_level
    USING (by = (SELECT firstline.me()));
CREATE POLICY editors_read ON answer_event FOR SELECT TO firstline_editor
    USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY in_own_name ON answer_event FOR INSERT TO firstline_editor WITH CHECK (by = (SELECT firstline.me()));

-- answer_flag: each level says what is wrong with an answer; editors settle it. -------------------------------------

GRANT SELECT, INSERT (id, answer_id, version, kind, text, by, at) ON answer_flag
    TO firstline_first_level, firstline_second_level, firstline_third_level;
GRANT SELECT, UPDATE (settled_at, settled_by, settled_text) ON answer_flag TO firstline_editor;
CREATE POLICY own ON answer_flag TO firstline_first_level, firstline_second_level, firstline_third_level
    USING (by = (SELECT firstline.me()));
CREATE POLICY editors_read ON answer_flag FOR SELECT TO firstline_editor USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY editors_settle ON answer_flag FOR UPDATE TO firstline_editor
    USING (settled_at IS NULL AND (SELECT firstline.me()) IS NOT NULL)
    WITH CHECK (settled_by = (SELECT firstline.me()));

-- first_could_have: who solved a case above says that first level could have, and with which answer; who sees the case
-- sees that. --------------------------------------------------------------------------------------------------------

GRANT SELECT, INSERT, UPDATE (answer_id, at), DELETE ON first_could_have
    TO firstline_second_level, firstline_third_level;
GRANT SELECT ON first_could_have TO firstline_first_level, firstline_editor;
CREATE POLICY own ON first_could_have TO firstline_second_level, firstline_third_level
    USING (by = (SELECT firstline.me()))
    WITH CHECK (by = (SELECT firstline.me()) AND firstline.takes_part(case_id));
CREATE POLICY with_the_case ON first_could_have FOR SELECT
    TO firstline_first_level, firstline_second_level, firstline_third_level
    USING (EXISTS (SELECT FROM case_file WHERE case_file.id = case_id));
CREATE POLICY editors_read ON first_could_have FOR SELECT TO firstline_editor
    USING ((SELECT firstline.me()) IS NOT NULL);

-- message: each reads their own, says that they have seen it, and removes what they have seen. Who solved a case, or
-- says that first level could have, tells who opened it; editors tell who wrote a draft or raised a flag; firstline.tell_answerable() the rest. --------------

GRANT SELECT, UPDATE (seen_at), DELETE ON message TO firstline_person;
GRANT INSERT (id, person_id, by, at, kind, title, text, case_id, case_number, answer_id) ON message
    TO firstline_first_level, firstline_second_level, firstline_third_level, firstline_editor;
CREATE POLICY own ON message FOR SELECT TO firstline_person USING (person_id = (SELECT firstline.me()));
CREATE POLICY own_seen ON message FOR UPDATE TO firstline_person USING (person_id = (SELECT firstline.me()));
CREATE POLICY own_removed ON message FOR DELETE TO firstline_person
    USING (person_id = (SELECT firstline.me()) AND seen_at IS NOT NULL);
CREATE POLICY of_cases ON message FOR INSERT
    TO firstline_first_level, firstline_second_level, firstline_third_level
    WITH CHECK (by = (SELECT firstline.me()) AND kind IN ('case_solved', 'first_could') AND EXISTS (
        SELECT FROM case_file WHERE case_file.id = case_id AND case_file.opened_by = person_id));
CREATE POLICY of_answers ON message FOR INSERT TO firstline_editor
    WITH CHECK (by = (SELECT firstline.me()) AND kind IN ('draft_published', 'draft_sent_back', 'flag_settled'));

-- word_group: the editors' words for the search, which every desk uses. --------------------------------------------

GRANT SELECT ON word_group TO firstline_first_level, firstline_second_level, firstline_third_level,
    firstline_supervisor, firstline_editor;
GRANT INSERT, DELETE ON word_group TO firstline_editor;
CREATE POLICY all_here_read ON word_group FOR SELECT
    TO firstline_first_level, firstline_second_level, firstline_third_level, firstline_supervisor, firstline_editor
    USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY editors_publish ON word_group TO firstline_editor USING ((SELECT firstline.me()) IS NOT NULL);

-- answer_use, search_gap: desks append, one at a time. Neither says whose call it was. Uses rank the answers on every
-- desk; searches in vain are for editors and supervisors. Editors fold and remove what is old. ----------------------

GRANT SELECT ON answer_use TO firstline_first_level, firstline_second_level, firstline_third_level,
    firstline_supervisor, firstline_editor;
GRANT INSERT (answer_id, kind, day, count, weight) ON answer_use
    TO firstline_first_level, firstline_second_level, firstline_third_level, firstline_editor;
GRANT DELETE ON answer_use TO firstline_editor;
CREATE POLICY all_here_read ON answer_use FOR SELECT
    TO firstline_first_level, firstline_second_level, firstline_third_level, firstline_supervisor, firstline_editor
    USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY levels_append ON answer_use FOR INSERT
    TO firstline_first_level, firstline_second_level, firstline_third_level
    WITH CHECK (count = 1 AND day <= current_date + 1 -- and no more weight than a use of tomorrow: `weight_of`
        AND weight BETWEEN 0 AND power(2, (current_date + 2 - date '2024-01-01') / 14.0)
        AND (SELECT firstline.me()) IS NOT NULL);
CREATE POLICY editors_tidy ON answer_use TO firstline_editor USING ((SELECT firstline.me()) IS NOT NULL);

GRANT SELECT ON search_gap TO firstline_supervisor, firstline_editor;
GRANT INSERT (kind, day, language, product, text) ON search_gap
    TO firstline_first_level, firstline_second_level, firstline_third_level;
GRANT DELETE ON search_gap TO firstline_editor;
CREATE POLICY levels_append ON search_gap FOR INSERT
    TO firstline_first_level, firstline_second_level, firstline_third_level
    WITH CHECK (day <= current_date + 1 AND (SELECT firstline.me()) IS NOT NULL);
CREATE POLICY editors_read ON search_gap FOR SELECT TO firstline_supervisor, firstline_editor
    USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY editors_tidy ON search_gap FOR DELETE TO firstline_editor USING ((SELECT firstline.me()) IS NOT NULL);

-- queue_rule: how each queue is measured. Everybody here may know it; supervisors and administrators set it. -----------

GRANT SELECT ON queue_rule TO firstline_person;
GRANT INSERT, UPDATE (answer_within_ms, short_abandon_ms, goal_percent, service_level, abandonment), DELETE ON queue_rule
    TO firstline_supervisor, firstline_administrator;
CREATE POLICY all_here_read ON queue_rule FOR SELECT TO firstline_person USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY set_by_supervisors ON queue_rule TO firstline_supervisor, firstline_administrator
    USING ((SELECT firstline.me()) IS NOT NULL);

-- Alerts, and what is watched: of supervisors; administrators set rules too. What was ended or seen stays so. How soon
-- each supervisor sees alerts is not to be worked out: what is long over nobody reads while the works-council mode is on.

GRANT SELECT, INSERT, DELETE, UPDATE (raise_milli, clear_milli, hold_s, quiet_s, days, opens, closes, zone, is_on)
    ON alert_rule TO firstline_supervisor, firstline_administrator;
CREATE POLICY set_by_supervisors ON alert_rule TO firstline_supervisor, firstline_administrator
    USING ((SELECT firstline.me()) IS NOT NULL);

GRANT SELECT, INSERT, UPDATE (ended_at, seen_by, seen_at) ON alert TO firstline_supervisor;
CREATE POLICY supervisors_watch ON alert TO firstline_supervisor USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY of_late ON alert AS RESTRICTIVE FOR SELECT TO firstline_supervisor
    USING (ended_at IS NULL OR ended_at > (SELECT firstline.steering_since()));
CREATE POLICY in_own_name ON alert AS RESTRICTIVE FOR INSERT TO firstline_supervisor
    WITH CHECK (raised_by = (SELECT firstline.me()) AND seen_by IS NULL);
CREATE TRIGGER guard BEFORE UPDATE ON alert FOR EACH ROW EXECUTE FUNCTION firstline.guard_alert();

-- Notices: supervisors tell a team or all; each says for themselves what they have read. How many have, supervisors
-- learn by firstline.notices_seen(). ---------------------------------------------------------------------------------

GRANT SELECT ON notice TO firstline_person;
GRANT INSERT, UPDATE (until) ON notice TO firstline_supervisor;
CREATE POLICY for_me ON notice FOR SELECT TO firstline_person
    USING ((SELECT firstline.me()) IS NOT NULL AND (team_id IS NULL OR team_id = (SELECT firstline.my_team())));
CREATE POLICY supervisors_read ON notice FOR SELECT TO firstline_supervisor
    USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY in_own_name ON notice FOR INSERT TO firstline_supervisor WITH CHECK (by = (SELECT firstline.me()));
CREATE POLICY withdrawn_by_supervisors ON notice FOR UPDATE TO firstline_supervisor
    USING ((SELECT firstline.me()) IS NOT NULL);

GRANT SELECT, INSERT ON notice_seen TO firstline_person;
CREATE POLICY own ON notice_seen TO firstline_person USING (person_id = (SELECT firstline.me()));

-- Raised hands: an agent's own, and supervisors'. What is written there nobody else reads, and nobody changes. -------

-- Which call and case it was about stands in words in `about`; by their ids nobody learns whose they are.

GRANT SELECT (id, person_id, raised_at, lowered_at, about), INSERT, UPDATE (lowered_at) ON hand
    TO firstline_first_level, firstline_second_level, firstline_third_level;
GRANT SELECT (id, person_id, raised_at, lowered_at, about) ON hand TO firstline_supervisor;
CREATE POLICY own ON hand TO firstline_first_level, firstline_second_level, firstline_third_level
    USING (person_id = (SELECT firstline.me()));
CREATE POLICY supervisors_read ON hand FOR SELECT TO firstline_supervisor
    USING ((SELECT firstline.me()) IS NOT NULL AND lowered_at IS NULL);

GRANT SELECT, INSERT ON hand_line
    TO firstline_first_level, firstline_second_level, firstline_third_level, firstline_supervisor;
CREATE POLICY of_my_hand ON hand_line
    TO firstline_first_level, firstline_second_level, firstline_third_level, firstline_supervisor
    USING (EXISTS (SELECT FROM hand WHERE hand.id = hand_line.hand_id));
CREATE POLICY in_own_name ON hand_line AS RESTRICTIVE FOR INSERT
    TO firstline_first_level, firstline_second_level, firstline_third_level, firstline_supervisor
    WITH CHECK (by = (SELECT firstline.me())
        AND EXISTS (SELECT FROM hand WHERE hand.id = hand_line.hand_id AND hand.lowered_at IS NULL));

CREATE POLICY hands_append ON change FOR INSERT
    TO firstline_first_level, firstline_second_level, firstline_third_level WITH CHECK (topic = 'hands');
CREATE POLICY notices_append ON change FOR INSERT TO firstline_person WITH CHECK (topic = 'notices');

-- What supervisors steer by, and what they move: priority and person of a case that waits or that somebody has
-- (`is_directed`), or back into its queue, with a line in its timeline and a message to whoever has it. Clocks are worked
-- out anew by supervisors' desks, and by administrators who set other rules. The state of an agent whose desk died is
-- put right by firstline.put_right(). ---------------------------------------------------------------------------------

GRANT SELECT ON firstline.board_call, firstline.board_agent, firstline.board_step, firstline.board_call_back,
    firstline.case_owner TO firstline_supervisor;
GRANT SELECT (id, number, title, state, level, priority, plan, waits_for, team_id, opened_at, level_since, solved_at,
    due_at, warn_at, resolve_due_at, resolve_warn_at, alarm_at
), UPDATE (state, level, level_since, priority, owner_id, waits_for, due_at, warn_at, resolve_due_at, resolve_warn_at, alarm_at)
    ON firstline.steered_case TO firstline_supervisor;
GRANT SELECT (id, state, level, priority, plan, waits_for, team_id, opened_at, level_since, solved_at, due_at, warn_at,
    resolve_due_at, resolve_warn_at, alarm_at
), UPDATE (due_at, warn_at, resolve_due_at, resolve_warn_at, alarm_at) ON firstline.steered_case
    TO firstline_administrator;
GRANT SELECT ON firstline.case_event TO firstline_supervisor, firstline_administrator;
CREATE POLICY directed_by_supervisors ON timeline AS RESTRICTIVE FOR INSERT TO firstline_person
    WITH CHECK (event NOT IN ('prioritised', 'assigned') OR pg_has_role(session_user, 'firstline_supervisor', 'MEMBER'));
GRANT INSERT (id, person_id, by, at, kind, title, text, case_id, case_number, answer_id) ON message
    TO firstline_supervisor;
CREATE POLICY of_directed_cases ON message FOR INSERT TO firstline_supervisor
    WITH CHECK (by = (SELECT firstline.me()) AND kind IN ('case_prioritised', 'case_assigned'));
CREATE POLICY supervisors_tell ON change FOR INSERT TO firstline_supervisor
    WITH CHECK (topic IN ('agents', 'alerts', 'cases', 'hands', 'messages'));

-- The line behind a gateway. It says what rings where, how telephones are and that it lives; each sees what rings at
-- their own telephone. Whose a telephone is, administrators say. ----------------------------------------------------

GRANT SELECT, INSERT, UPDATE (at, stopped_at, end_reason) ON ring TO firstline_gateway;
GRANT SELECT ON ring TO firstline_first_level;
CREATE POLICY own ON ring FOR SELECT TO firstline_first_level USING (person_id = (SELECT firstline.me()));
CREATE POLICY gateway_tells ON ring TO firstline_gateway USING (true);

GRANT SELECT, INSERT, UPDATE (person_id, name, device, is_paused, pause_reason, told_at) ON telephone
    TO firstline_gateway;
GRANT SELECT ON telephone TO firstline_first_level, firstline_administrator;
GRANT INSERT, UPDATE (person_id), DELETE ON telephone TO firstline_administrator;
CREATE POLICY own ON telephone FOR SELECT TO firstline_first_level USING (person_id = (SELECT firstline.me()));
CREATE POLICY administrators_assign ON telephone TO firstline_administrator
    USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY gateway_tells ON telephone TO firstline_gateway USING (true);

GRANT SELECT, INSERT, UPDATE (holder, phase, since, beat_at, waiting_count, waiting_since, capabilities) ON gateway
    TO firstline_gateway;
GRANT SELECT ON gateway TO firstline_person;
CREATE POLICY all_here_read ON gateway FOR SELECT TO firstline_person USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY gateway_tells ON gateway TO firstline_gateway USING (true);

-- line_order: each asks for themselves, of a call only of their own; the gateway checks it again, and answers. -------

GRANT SELECT, INSERT (id, by, at, action, call_id, text) ON line_order TO firstline_first_level;
GRANT SELECT, UPDATE (state, refusal, detail, answered_at), DELETE ON line_order TO firstline_gateway;
CREATE POLICY own ON line_order FOR SELECT TO firstline_first_level USING (by = (SELECT firstline.me()));
CREATE POLICY own_calls ON line_order FOR INSERT TO firstline_first_level WITH CHECK (
    by = (SELECT firstline.me())
    AND CASE WHEN action IN ('pause', 'resume', 'dial') THEN call_id IS NULL ELSE firstline.is_my_call(call_id) END
);
CREATE POLICY gateway_answers ON line_order TO firstline_gateway USING (true);

-- call_back: those of nobody are everybody's at first level, the others their person's; who works on one takes it. ---

GRANT SELECT, INSERT ON call_back TO firstline_first_level, firstline_gateway;
GRANT UPDATE (person_id, number, due_at, note, state, attempt_count, attempted_at, done_at, done_by) ON call_back
    TO firstline_first_level;
GRANT UPDATE (state, done_at) ON call_back TO firstline_gateway;
-- Second level promises a call to the customers of a known problem that it has solved: first level makes them.
GRANT INSERT (id, kind, number, name, due_at, made_at, made_by, call_id, customer_id, person_id, note) ON call_back
    TO firstline_second_level;
GRANT SELECT (id, customer_id) ON call_back TO firstline_second_level;
CREATE POLICY promised ON call_back FOR INSERT TO firstline_second_level
    WITH CHECK (kind = 'promised' AND made_by = (SELECT firstline.me()) AND person_id IS NULL);
CREATE POLICY promised_read ON call_back FOR SELECT TO firstline_second_level
    USING (kind = 'promised' AND (SELECT firstline.me()) IS NOT NULL);
CREATE POLICY own_or_anyones ON call_back TO firstline_first_level
    USING ((SELECT firstline.me()) IS NOT NULL AND (person_id IS NULL OR person_id = (SELECT firstline.me())));
CREATE POLICY in_own_name ON call_back AS RESTRICTIVE FOR INSERT TO firstline_first_level
    WITH CHECK (made_by = (SELECT firstline.me()));
CREATE POLICY gateway_records ON call_back TO firstline_gateway USING (true);

-- problem, problem_case: a known problem holds nothing of any customer, so who works above first level reads all; first
-- level those that were confirmed. Second level decides, everybody above first level proposes, third level and editors
-- change words. Which case is of which problem, first level sees of the cases it sees. ------------------------------

GRANT SELECT ON problem TO firstline_first_level, firstline_second_level, firstline_third_level,
    firstline_supervisor, firstline_editor;
GRANT SELECT ON problem_case TO firstline_first_level, firstline_second_level, firstline_third_level;
-- Who found that a case is of a problem mostly is who had it.
GRANT SELECT (problem_id, case_id, link, at, solved_at) ON problem_case TO firstline_supervisor, firstline_editor;
GRANT INSERT (id, title, symptoms, cause, workaround, products, versions, state, origin, revision, made_at, made_by,
    changed_at, changed_by, state_since, state_by, said
) ON problem TO firstline_second_level, firstline_third_level, firstline_supervisor;
GRANT UPDATE (title, symptoms, cause, workaround, products, versions, revision, changed_at, changed_by) ON problem
    TO firstline_second_level, firstline_third_level, firstline_editor;
GRANT UPDATE (state, state_since, state_by, said) ON problem TO firstline_second_level;
CREATE POLICY first_level ON problem FOR SELECT TO firstline_first_level
    USING (state IN ('confirmed', 'solved') AND (SELECT firstline.me()) IS NOT NULL);
CREATE POLICY others_read ON problem FOR SELECT
    TO firstline_second_level, firstline_third_level, firstline_supervisor, firstline_editor
    USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY in_own_name ON problem FOR INSERT TO firstline_second_level, firstline_third_level, firstline_supervisor
    WITH CHECK (made_by = (SELECT firstline.me()) AND changed_by = made_by AND state_by = made_by);
CREATE POLICY others_write ON problem FOR UPDATE TO firstline_second_level, firstline_third_level, firstline_editor
    USING ((SELECT firstline.me()) IS NOT NULL);
CREATE TRIGGER guard_new BEFORE INSERT ON problem FOR EACH ROW EXECUTE FUNCTION firstline.guard_new_problem();
CREATE TRIGGER guard BEFORE UPDATE OF state ON problem FOR EACH ROW EXECUTE FUNCTION firstline.guard_problem();

GRANT INSERT (problem_id, case_id, link, at, by) ON problem_case
    TO firstline_first_level, firstline_second_level, firstline_third_level, firstline_supervisor;
GRANT UPDATE (link, at, by) ON problem_case
    TO firstline_first_level, firstline_second_level, firstline_third_level;
CREATE POLICY first_level ON problem_case FOR SELECT TO firstline_first_level
    USING (EXISTS (SELECT FROM case_file WHERE case_file.id = problem_case.case_id));
CREATE POLICY others_read ON problem_case FOR SELECT
    TO firstline_second_level, firstline_third_level, firstline_supervisor, firstline_editor
    USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY in_own_name ON problem_case FOR INSERT
    TO firstline_first_level, firstline_second_level, firstline_third_level, firstline_supervisor
    WITH CHECK (by = (SELECT firstline.me()));
CREATE POLICY changed_in_own_name ON problem_case FOR UPDATE
    TO firstline_first_level, firstline_second_level, firstline_third_level
    USING ((SELECT firstline.me()) IS NOT NULL) WITH CHECK (by = (SELECT firstline.me()));
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON problem_case
    FOR EACH ROW EXECUTE FUNCTION firstline.guard_problem_case();

-- sighting, radar: desks append what was looked for in vain, and nobody's name is with it. Who looks, reads; editors
-- remove what is old. How the radar is set, supervisors and administrators say. --------------------------------------

GRANT INSERT (at, product, text) ON sighting TO firstline_first_level, firstline_second_level, firstline_third_level;
GRANT SELECT ON sighting TO firstline_second_level, firstline_supervisor, firstline_editor;
GRANT DELETE ON sighting TO firstline_editor;
CREATE POLICY levels_append ON sighting FOR INSERT
    TO firstline_first_level, firstline_second_level, firstline_third_level
    WITH CHECK (at <= now() + interval '1 hour' AND (SELECT firstline.me()) IS NOT NULL);
CREATE POLICY others_read ON sighting FOR SELECT TO firstline_second_level, firstline_supervisor, firstline_editor
    USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY editors_tidy ON sighting FOR DELETE TO firstline_editor USING ((SELECT firstline.me()) IS NOT NULL);

GRANT SELECT ON radar TO firstline_person;
GRANT UPDATE (looked_at) ON radar TO firstline_second_level, firstline_supervisor;
GRANT UPDATE (case_count, window_min, rest_min) ON radar TO firstline_supervisor, firstline_administrator;
CREATE POLICY all_here_read ON radar FOR SELECT TO firstline_person USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY some_set ON radar FOR UPDATE TO firstline_second_level, firstline_supervisor, firstline_administrator
    USING ((SELECT firstline.me()) IS NOT NULL);

-- applied_command: each writes and finds their own commands. -------------------------------------------------------

GRANT SELECT, INSERT ON applied_command TO firstline_person;
CREATE POLICY own ON applied_command TO firstline_person USING (by = (SELECT firstline.me()));

-- change: everybody reads what changed, and appends to the topics that they write in. Nobody sets the transaction: a
-- reader's cursor relies on it. No line tells who did something: of agents it is said only that one changed, and what is
-- addressed to one person that person alone sees. ---------------------------------------------------------------------

GRANT SELECT, INSERT (topic, subject_id, at) ON change TO firstline_person, firstline_gateway;
CREATE POLICY all_here_read ON change FOR SELECT TO firstline_person USING ((SELECT firstline.me()) IS NOT NULL
    AND (topic NOT IN ('line', 'messages') OR subject_id = (SELECT firstline.me())));
CREATE POLICY of_nobody ON change AS RESTRICTIVE FOR INSERT TO firstline_person, firstline_gateway
    WITH CHECK (topic <> 'agents' OR subject_id = '00000000-0000-0000-0000-000000000000');
CREATE POLICY gateway_reads ON change FOR SELECT TO firstline_gateway USING (true);
CREATE POLICY levels_append ON change FOR INSERT
    TO firstline_first_level, firstline_second_level, firstline_third_level
    WITH CHECK (topic IN ('cases', 'calls', 'agents', 'call_backs', 'drafts', 'messages', 'problems'));
CREATE POLICY administrators_append ON change FOR INSERT TO firstline_administrator
    WITH CHECK (topic IN ('rules', 'alerts'));
CREATE POLICY editors_append ON change FOR INSERT TO firstline_editor
    WITH CHECK (topic IN ('answers', 'drafts', 'messages', 'problems'));
CREATE POLICY supervisors_append ON change FOR INSERT TO firstline_supervisor
    WITH CHECK (topic IN ('cases', 'problems', 'alarms'));
CREATE POLICY gateway_appends ON change FOR INSERT TO firstline_gateway
    WITH CHECK (topic IN ('calls', 'agents', 'call_backs', 'line'));

-- The past. What sums it up reads facts without names, numbers and notes, and writes the sums. Supervisors read parts of
-- five people or more, and the finer rows only where the works-council mode is off. See history.sql. ------------------

GRANT SELECT (id, team_id) ON person TO firstline_history;
GRANT SELECT (id, state, queue, agent_id, customer_id, case_id, queued_at, offered_at, answered_at, held_ms, ended_at,
    wrapped_up_at, end_reason, ended_by, is_outgoing, disposition) ON call TO firstline_history;
GRANT SELECT (id, opened_at, opened_by, team_id, product_id, answer_id) ON case_file TO firstline_history;
GRANT SELECT (id, case_id, at, by, event, from_level, to_level, hand_over) ON timeline TO firstline_history;
GRANT SELECT (id, topic, subject_id, tx) ON change TO firstline_history;
GRANT SELECT (case_id) ON first_could_have TO firstline_history;
GRANT SELECT (id, case_id, state, base_version) ON answer_draft TO firstline_history;
CREATE POLICY history_reads ON answer_draft FOR SELECT TO firstline_history USING (true);
CREATE POLICY history_reads ON first_could_have FOR SELECT TO firstline_history USING (true);
GRANT SELECT ON queue_rule TO firstline_history;
CREATE POLICY history_reads ON queue_rule FOR SELECT TO firstline_history USING (true);
CREATE POLICY history_reads ON person FOR SELECT TO firstline_history USING (true);
CREATE POLICY history_reads ON call FOR SELECT TO firstline_history USING (true);
CREATE POLICY history_reads ON case_file FOR SELECT TO firstline_history USING (true);
CREATE POLICY history_reads ON timeline FOR SELECT TO firstline_history USING (true);
CREATE POLICY history_reads ON change FOR SELECT TO firstline_history USING (true);

GRANT INSERT (person_id, at, state) ON agent_change TO firstline_first_level;
GRANT SELECT, UPDATE (is_counted) ON agent_change TO firstline_history;
CREATE POLICY own ON agent_change FOR INSERT TO firstline_first_level
    WITH CHECK (person_id = (SELECT firstline.me()));
CREATE POLICY history_counts ON agent_change TO firstline_history USING (true);

GRANT SELECT, INSERT, UPDATE (zone, cursor, rules, rolled_up_at) ON history_state TO firstline_history;
GRANT SELECT, INSERT, UPDATE (is_stale, is_withheld, rolled_at) ON history_day TO firstline_history;
GRANT SELECT, INSERT, DELETE ON call_tally, case_tally, presence_tally TO firstline_history;
CREATE POLICY history_sums_up ON history_state TO firstline_history USING (true);
CREATE POLICY history_sums_up ON history_day TO firstline_history USING (true);
CREATE POLICY history_sums_up ON call_tally TO firstline_history USING (true);
CREATE POLICY history_sums_up ON case_tally TO firstline_history USING (true);
CREATE POLICY history_sums_up ON presence_tally TO firstline_history USING (true);

GRANT SELECT ON history_state, history_day, call_tally, case_tally, presence_tally TO firstline_supervisor;
CREATE POLICY supervisors_read ON history_state FOR SELECT TO firstline_supervisor
    USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY supervisors_read ON history_day FOR SELECT TO firstline_supervisor
    USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY supervisors_read ON call_tally FOR SELECT TO firstline_supervisor
    USING ((SELECT firstline.me()) IS NOT NULL AND (grain = 'part' OR NOT (SELECT firstline.is_council_mode())));
CREATE POLICY supervisors_read ON case_tally FOR SELECT TO firstline_supervisor
    USING ((SELECT firstline.me()) IS NOT NULL AND (grain = 'part' OR NOT (SELECT firstline.is_council_mode())));
CREATE POLICY supervisors_read ON presence_tally FOR SELECT TO firstline_supervisor
    USING ((SELECT firstline.me()) IS NOT NULL AND (grain = 'part' OR NOT (SELECT firstline.is_council_mode())));

-- The mode: everybody reads it and why; administrators add a change in their own name, and nobody changes one.

GRANT SELECT ON works_council TO firstline_person;
GRANT INSERT ON works_council TO firstline_administrator;
CREATE POLICY all_here_read ON works_council FOR SELECT TO firstline_person
    USING ((SELECT firstline.me()) IS NOT NULL);
CREATE POLICY administrators_decide ON works_council FOR INSERT TO firstline_administrator
    WITH CHECK (by = (SELECT firstline.me()) AND length(trim(reason)) >= 10
        AND at BETWEEN now() - interval '5 minutes' AND now() + interval '5 minutes');

-- person_look: written by firstline.calls_of_person() alone. Who was looked at sees it, and who looked.

GRANT SELECT ON person_look TO firstline_person;
CREATE POLICY own ON person_look FOR SELECT TO firstline_person
    USING ((SELECT firstline.me()) IN (person_id, by));
