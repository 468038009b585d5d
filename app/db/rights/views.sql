-- What supervisors steer by: the centre as it is now, and in the mode's 26 hours, without whose work it was.
--
-- firstline_owner owns these views, so they read past the policies of the tables, and each says itself who sees what.
-- Names of agents are in them where the works-council mode is off. Two persons in one, a supervisor who takes calls too,
-- gain nothing by it: the tables give them their own work, these views everybody's without names. Tables are not named
-- in full here: `check` makes the same views of its copies.

CREATE VIEW firstline.board_call WITH (security_barrier) AS
    SELECT call.id, call.state, call.queue, call.number_raw, call.queued_at, call.offered_at, call.answered_at,
        call.held_ms, call.ended_at, call.wrapped_up_at, call.end_reason, call.ended_by, call.is_outgoing,
        customer.name AS customer_name,
        CASE WHEN (SELECT firstline.is_council_mode()) THEN '' ELSE coalesce(person.name, '') END AS agent_name
    FROM call LEFT JOIN customer ON customer.id = call.customer_id LEFT JOIN person ON person.id = call.agent_id
    WHERE (SELECT firstline.may_steer())
        AND (call.state <> 'closed' OR call.queued_at > (SELECT firstline.steering_since()));

-- Agents by name, where nobody is withheld; else there is `agents_by_state`.
CREATE VIEW firstline.board_agent WITH (security_barrier) AS
    SELECT person.id, person.name, team.name AS team_name, agent.state, agent.pause_code, agent.since
    FROM agent JOIN person ON person.id = agent.person_id JOIN team ON team.id = person.team_id
    WHERE (SELECT firstline.may_steer()) AND NOT (SELECT firstline.is_council_mode());

-- What became of cases.
CREATE VIEW firstline.board_step WITH (security_barrier) AS
    SELECT timeline.id, timeline.case_id, case_file.number, case_file.title, timeline.at, timeline.event,
        timeline.from_level, timeline.to_level, timeline.hand_over ->> 'reason' AS reason
    FROM timeline JOIN case_file ON case_file.id = timeline.case_id
    WHERE (SELECT firstline.may_steer()) AND timeline.event IN ('escalated', 'returned', 'solved')
        AND timeline.at > (SELECT firstline.steering_since());

CREATE VIEW firstline.board_call_back WITH (security_barrier) AS
    SELECT call_back.id, call_back.kind, call_back.name, call_back.number, call_back.due_at, call_back.made_at,
        CASE WHEN (SELECT firstline.is_council_mode()) THEN '' ELSE coalesce(person.name, '') END AS person_name
    FROM call_back LEFT JOIN person ON person.id = call_back.person_id
    WHERE (SELECT firstline.may_steer()) AND call_back.state = 'open';

-- Who has a case, where nobody is withheld.
CREATE VIEW firstline.case_owner WITH (security_barrier) AS
    SELECT case_file.id AS case_id, person.name
    FROM case_file JOIN person ON person.id = case_file.owner_id
    WHERE (SELECT firstline.may_steer()) AND NOT (SELECT firstline.is_council_mode()) AND case_file.state <> 'solved';

-- Cases as they are steered: read and changed through this view. Its columns are given one by one in `tables.sql`:
-- `owner_id` is written there and never read. What a change may be, the triggers of the table say.
CREATE VIEW firstline.steered_case WITH (security_barrier) AS
    SELECT id, number, title, state, level, priority, plan, waits_for, owner_id, team_id, opened_at, level_since,
        solved_at, due_at, warn_at, resolve_due_at, resolve_warn_at, alarm_at
    FROM case_file
    WHERE (SELECT firstline.may_reckon())
        AND (state <> 'solved' OR solved_at > (SELECT firstline.steering_since()));

-- What happened to cases, when and where: from it clocks are worked out, and where a case came back from.
CREATE VIEW firstline.case_event WITH (security_barrier) AS
    SELECT case_id, event, at, from_level FROM timeline WHERE (SELECT firstline.may_reckon());

DO $$
DECLARE
    one regclass;
BEGIN
    FOR one IN SELECT oid FROM pg_class WHERE relnamespace = 'firstline'::regnamespace AND relkind = 'v' LOOP
        EXECUTE format('ALTER VIEW %s OWNER TO firstline_owner', one);
    END LOOP;
END $$;
