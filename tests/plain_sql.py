"""The figures counted again in plain SQL, from the tables alone, for both databases.

Written from the sentences of the method page, and from nothing in `reporting/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

ACTIVE = "('accepted', 'partially_accepted')"
LEADS = "('lead', 'co_lead')"

CALLED = """
WITH called AS (
    SELECT n.agency_id, n.code FROM agencies_agencyname n
    WHERE n.recorded_at <= %(at)s AND NOT EXISTS (
        SELECT 1 FROM agencies_agencyname m
        WHERE m.agency_id = n.agency_id AND m.recorded_at <= %(at)s
          AND (m.recorded_at > n.recorded_at OR (m.recorded_at = n.recorded_at AND m.id > n.id)))
)
"""

STANDING = (
    CALLED
    + """
, answer AS (
    SELECT a.assignment_id, a.acceptance
    FROM recommendations_acceptanceanswer a
    WHERE a.recorded_at <= %(at)s AND NOT EXISTS (
        SELECT 1 FROM recommendations_acceptanceanswer b
        WHERE b.assignment_id = a.assignment_id AND b.recorded_at <= %(at)s
          AND (b.recorded_at > a.recorded_at OR (b.recorded_at = a.recorded_at AND b.id > a.id)))
), counting AS (
    SELECT d.assignment_id, s.id AS submission_id, s.status AS claim, s.submitted_at,
           ok.decided_at, ok.id AS decision_id
    FROM recommendations_submission s
    JOIN recommendations_update u ON u.id = s.update_id
    JOIN recommendations_duty d ON d.id = u.duty_id
    JOIN recommendations_decision ok ON ok.submission_id = s.id AND ok.verb = 'approve'
    LEFT JOIN recommendations_publication p ON p.submission_id = s.id
    WHERE d.assignment_id IS NOT NULL AND s.kind <> 'nothing_to_report'
      AND CASE WHEN %(public)s = 1 THEN p.recorded_at ELSE ok.decided_at END <= %(at)s
      AND (%(round)s = 0 OR d.round_id = %(round)s)
      AND NOT EXISTS (
        SELECT 1 FROM recommendations_decision gone
        WHERE gone.submission_id = s.id AND gone.verb = 'retract' AND gone.decided_at <= %(at)s)
), in_force AS (
    SELECT c.* FROM counting c WHERE NOT EXISTS (
        SELECT 1 FROM counting n WHERE n.assignment_id = c.assignment_id AND (
            n.decided_at > c.decided_at
            OR (n.decided_at = c.decided_at AND n.decision_id > c.decision_id)))
), seen AS (
    SELECT v.* FROM recommendations_assessment v
    JOIN recommendations_submission s ON s.id = v.submission_id
    JOIN recommendations_update u ON u.id = s.update_id
    JOIN recommendations_duty d ON d.id = u.duty_id
    LEFT JOIN recommendations_publication p ON p.submission_id = s.id
    WHERE v.recorded_at <= %(at)s AND (%(round)s = 0 OR d.round_id = %(round)s)
      AND (%(public)s = 0 OR p.recorded_at <= %(at)s)
), assessed AS (
    SELECT v.assignment_id, v.submission_id, v.status FROM seen v WHERE NOT EXISTS (
        SELECT 1 FROM seen n WHERE n.assignment_id = v.assignment_id AND (
            n.recorded_at > v.recorded_at OR (n.recorded_at = v.recorded_at AND n.id > v.id)))
), standing AS (
    SELECT x.id, x.action_id, area.code AS area, act.code AS action, x.agency_id,
        called.code AS agency, x.role, x.through_id,
        answer.acceptance, f.submitted_at, f.submission_id,
        CASE WHEN v.status IS NULL THEN 0 ELSE 1 END AS verified,
        CASE WHEN f.submission_id IS NULL THEN 'no_report'
             WHEN v.status IS NOT NULL THEN v.status
             WHEN f.claim = 'implemented' THEN 'reported_implemented'
             ELSE f.claim END AS status
    FROM recommendations_assignment x
    JOIN answer ON answer.assignment_id = x.id
    JOIN recommendations_action act ON act.id = x.action_id
    JOIN recommendations_priorityarea area ON area.id = act.area_id
    JOIN called ON called.agency_id = x.agency_id
    LEFT JOIN in_force f ON f.assignment_id = x.id
    LEFT JOIN assessed v ON v.assignment_id = x.id AND v.submission_id = f.submission_id
    WHERE answer.acceptance IN ('accepted', 'partially_accepted')
       OR (%(public)s = 0 AND answer.acceptance IN ('proposed', 'under_consideration'))
), chosen AS (
    SELECT * FROM standing
    WHERE (%(area)s = '' OR area = %(area)s) AND (%(agency)s = 0 OR agency_id = %(agency)s)
)
"""
)

ROLLED_UP = """
, lead AS (
    SELECT * FROM standing WHERE role IN ('lead', 'co_lead')
      AND acceptance IN ('accepted', 'partially_accepted')
), rolled AS (
    SELECT area.code AS area, act.code AS action, COUNT(lead.id) AS leads,
        COALESCE(SUM(CASE WHEN lead.status <> 'no_report' THEN 1 ELSE 0 END), 0) AS reporting,
        COALESCE(SUM(lead.verified), 0) AS verified,
        CASE
        WHEN COUNT(lead.id) = 0 THEN 'no_lead'
        WHEN MIN(CASE WHEN lead.status = 'no_report' THEN 1 ELSE 0 END) = 1 THEN 'no_information'
        WHEN MIN(CASE WHEN lead.status IN ('implemented', 'reported_implemented', 'discontinued')
                 THEN 1 ELSE 0 END) = 1
        THEN CASE
            WHEN MIN(CASE WHEN lead.status = 'discontinued' THEN 1 ELSE 0 END) = 1
                THEN 'closed_not_implemented'
            WHEN MAX(CASE WHEN lead.status = 'discontinued' THEN 1 ELSE 0 END) = 1
                THEN 'partly_implemented'
            WHEN MIN(CASE WHEN lead.status = 'implemented' THEN 1 ELSE 0 END) = 1
                THEN 'implemented'
            ELSE 'reported_implemented' END
        WHEN MIN(CASE WHEN lead.status = 'continuing' THEN 1 ELSE 0 END) = 1 THEN 'continuing'
        WHEN MIN(CASE WHEN lead.status = 'on_hold' THEN 1 ELSE 0 END) = 1 THEN 'on_hold'
        WHEN MAX(CASE WHEN lead.status IN ('in_progress', 'continuing', 'on_hold', 'implemented',
                 'reported_implemented') THEN 1 ELSE 0 END) = 1 THEN 'in_progress'
        ELSE 'not_started' END AS stands
    FROM recommendations_action act
    JOIN recommendations_priorityarea area ON area.id = act.area_id
    LEFT JOIN lead ON lead.action_id = act.id
    WHERE (%(area)s = '' OR area.code = %(area)s) AND EXISTS (
        SELECT 1 FROM recommendations_actionwording w
        WHERE w.action_id = act.id AND w.recorded_at <= %(at)s)
    GROUP BY area.code, act.code
)
"""

OWED = (
    CALLED
    + """
, text AS (
    SELECT u.duty_id, u.id AS update_id, s.id AS submission_id, s.number
    FROM recommendations_submission s JOIN recommendations_update u ON u.id = s.update_id
    WHERE s.submitted_at <= %(at)s
), newest AS (
    SELECT t.duty_id, t.update_id,
        CASE
        WHEN EXISTS (SELECT 1 FROM recommendations_withdrawal w
            WHERE w.submission_id = t.submission_id AND w.recorded_at <= %(at)s) THEN 'missing'
        WHEN NOT EXISTS (SELECT 1 FROM recommendations_decision c
            WHERE c.submission_id = t.submission_id AND c.decided_at <= %(at)s) THEN 'in_review'
        WHEN EXISTS (SELECT 1 FROM recommendations_decision c
            WHERE c.submission_id = t.submission_id AND c.decided_at <= %(at)s
              AND c.verb <> 'approve') THEN 'returned'
        ELSE 'approved' END AS stands
    FROM text t
    WHERE t.number = (SELECT MAX(n.number) FROM text n WHERE n.update_id = t.update_id)
), owed AS (
    SELECT d.id, d.kind, ag.id AS agency_id, called.code AS agency, ag.counted, area.code AS area,
        d.voluntary,
        CASE
        WHEN d.waived_at IS NOT NULL AND d.waived_at <= %(at)s THEN 'waived'
        WHEN EXISTS (SELECT 1 FROM newest n WHERE n.duty_id = d.id AND n.stands = 'approved')
            THEN 'approved'
        ELSE COALESCE((SELECT n.stands FROM newest n WHERE n.duty_id = d.id
            AND n.update_id = (SELECT MAX(m.update_id) FROM newest m WHERE m.duty_id = d.id)),
            'missing') END AS stands,
        (SELECT e.due_on FROM recommendations_dutyduedate e
         WHERE e.duty_id = d.id AND e.recorded_at <= %(at)s
         ORDER BY e.recorded_at DESC, e.id DESC LIMIT 1) AS due_on
    FROM recommendations_duty d
    LEFT JOIN recommendations_assignment x ON x.id = d.assignment_id
    LEFT JOIN recommendations_action act ON act.id = x.action_id
    LEFT JOIN recommendations_priorityarea area ON area.id = act.area_id
    JOIN agencies_agency ag ON ag.id = COALESCE(x.agency_id, d.agency_id)
    JOIN called ON called.agency_id = ag.id
    WHERE d.recorded_at <= %(at)s
      AND (%(round)s = 0 OR d.round_id = %(round)s)
), chosen AS (
    SELECT * FROM owed
    WHERE NOT voluntary
      AND (%(agency)s = 0 OR agency_id = %(agency)s) AND (%(area)s = '' OR area = %(area)s)
)
"""
)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What is counted: at a moment, for the public or inside, narrowed to a round and the like.

    Rounds and agencies by their keys, areas by their codes: these never change.
    """

    at: datetime
    public: bool
    round: int = 0
    agency: int = 0
    area: str = ""


def told(sql: str, of: Filter) -> list[tuple[Any, ...]]:
    """Return the rows of a query for a filter."""
    values = {
        "at": moment(of.at),
        "today": of.at.date().isoformat(),
        "public": int(of.public),
        "round": of.round,
        "agency": of.agency,
        "area": of.area,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, {name: values[name] for name in values if f"%({name})s" in sql})
        return [tuple(row) for row in cursor.fetchall()]


def agency_called(code: str, of: Filter) -> int:
    """Return the agency that had a code at the moment."""
    rows = told(CALLED + "SELECT code, agency_id FROM called", of)
    return int(dict(rows)[code])


def moment(at: datetime) -> Any:
    """Return a moment as the tables of this database hold it."""
    return connection.ops.adapt_datetimefield_value(at)


def assignments(of: Filter) -> list[tuple[Any, ...]]:
    """Return every assignment: area, action, agency, role, acceptance, status."""
    return told(STANDING + "SELECT area, action, agency, role, acceptance, status FROM chosen", of)


def by_status(of: Filter) -> dict[str, int]:
    """Return how many active assignments there are of each status."""
    sql = f"SELECT status, COUNT(*) FROM chosen WHERE acceptance IN {ACTIVE} GROUP BY status"
    return dict(told(STANDING + sql, of))  # type: ignore[arg-type]


def by_agency(of: Filter) -> dict[str, tuple[int, int]]:
    """Return of each agency how many actions it leads, and how many it supports."""
    sql = (
        f"SELECT agency, SUM(CASE WHEN role IN {LEADS} THEN 1 ELSE 0 END),"
        f" SUM(CASE WHEN role IN {LEADS} THEN 0 ELSE 1 END)"
        f" FROM chosen WHERE acceptance IN {ACTIVE} GROUP BY agency"
    )
    return {agency: (leads, rest) for agency, leads, rest in told(STANDING + sql, of)}


def actions(of: Filter) -> dict[str, tuple[str, int, int, int]]:
    """Return where each action of the area stands: leads, those that reported, verified."""
    sql = "SELECT action, stands, leads, reporting, verified FROM rolled"
    return {code: tuple(rest) for code, *rest in told(STANDING + ROLLED_UP + sql, of)}  # type: ignore[misc]


def by_area(of: Filter) -> dict[str, dict[str, int]]:
    """Return of each area how many actions stand where."""
    sql = "SELECT area, stands, COUNT(*) FROM rolled GROUP BY area, stands"
    found: dict[str, dict[str, int]] = {}
    for area, stands, count in told(STANDING + ROLLED_UP + sql, of):
        found.setdefault(area, {})[stands] = count
    return found


def open_at(of: Filter) -> int:
    """Return how many assignments were taken on and not done with."""
    sql = (
        f"SELECT COUNT(*) FROM chosen WHERE acceptance IN {ACTIVE}"
        " AND status NOT IN ('implemented', 'discontinued')"
    )
    ((count,),) = told(STANDING + sql, of)
    return int(count)


def texts(of: Filter) -> int:
    """Return how many texts are in force."""
    ((count,),) = told(STANDING + "SELECT COUNT(*) FROM chosen WHERE submission_id IS NOT NULL", of)
    return int(count)


def owed(of: Filter) -> dict[str, int]:
    """Return how many updates of agencies that are counted stand where."""
    sql = "SELECT stands, COUNT(*) FROM chosen WHERE counted AND kind = 'progress' GROUP BY stands"
    return dict(told(OWED + sql, of))  # type: ignore[arg-type]


def overdue(of: Filter) -> int:
    """Return how many duties are with their agency and past their due date."""
    sql = (
        "SELECT COUNT(*) FROM chosen WHERE stands IN ('missing', 'returned')"
        " AND due_on IS NOT NULL AND due_on < %(today)s"
    )
    ((count,),) = told(OWED + sql, of)
    return int(count)
