"""What the pages count beside the totals, again in plain SQL: written from what the pages say.

Days are compared here and not in SQL, where the two databases differ.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from datetime import date, datetime
from typing import Any

from tests.plain_sql import ACTIVE, CALLED, LEADS, OWED, ROLLED_UP, STANDING, Filter, told

TARGETS = """
, target AS (
    SELECT t.* FROM recommendations_targetdate t
    WHERE t.recorded_at <= %(at)s AND NOT EXISTS (
        SELECT 1 FROM recommendations_targetdate n
        WHERE n.assignment_id = t.assignment_id AND n.recorded_at <= %(at)s AND (
            n.recorded_at > t.recorded_at OR (n.recorded_at = t.recorded_at AND n.id > t.id)))
)
"""
DONE = "('implemented', 'discontinued')"
ENDLESS = f"{DONE[:-1]}, 'continuing')"
"""What no date ends: it is closed, or goes on."""


def coverage(of: Filter) -> dict[str, tuple[int, ...]]:
    """Return of each action: leads, supporting, not answered, leads that reported, evidence."""
    sql = f"""
    SELECT r.action, r.leads,
        (SELECT COUNT(*) FROM standing s WHERE s.action = r.action
            AND s.acceptance IN {ACTIVE} AND s.role = 'supporting'),
        (SELECT COUNT(*) FROM standing s WHERE s.action = r.action
            AND s.acceptance NOT IN {ACTIVE}),
        r.reporting,
        (SELECT COUNT(*) FROM standing s
            JOIN recommendations_submissionevidence e ON e.submission_id = s.submission_id
            JOIN recommendations_evidence v ON v.id = e.evidence_id
            WHERE s.action = r.action AND (v.erased_at IS NULL OR v.erased_at > %(at)s)
              AND (%(public)s = 0 OR v.public))
    FROM rolled r
    """
    return {action: tuple(rest) for action, *rest in told(STANDING + ROLLED_UP + sql, of)}


def gaps(of: Filter) -> dict[str, int]:
    """Return how many actions lack a lead, and what leads lack: a report, a new one, a date."""
    ((actions, without),) = told(
        STANDING
        + ROLLED_UP
        + "SELECT COUNT(*), SUM(CASE WHEN leads = 0 THEN 1 ELSE 0 END) FROM rolled",
        of,
    )
    rows = told(
        STANDING + TARGETS + f'SELECT s.status, s.submitted_at, t."on" FROM standing s'
        f" LEFT JOIN target t ON t.assignment_id = s.id"
        f" WHERE s.acceptance IN {ACTIVE} AND s.role IN {LEADS}",
        of,
    )
    year_ago = of.at.replace(year=of.at.year - 1)
    unfinished = [on for status, _sent, on in rows if f"'{status}'" not in ENDLESS]
    return {
        "actions": actions,
        "without lead": without or 0,
        "leads": len(rows),
        "silent": sum(sent is None for _status, sent, _on in rows),
        "stale": sum(
            sent is not None and moment_in(sent, of) < year_ago and f"'{status}'" not in DONE
            for status, sent, _on in rows
        ),
        "open": len(unfinished),
        "undated": sum(on is None for on in unfinished),
    }


def past_targets(of: Filter) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the target date of each assignment and by how many days it has passed.

    Both as the matrix writes them: "" where there is none, and where that is a gap.
    """
    sql = f"""
    SELECT s.action, s.agency, s.acceptance IN {ACTIVE} AND s.role IN {LEADS}
        AND s.status NOT IN {ENDLESS}, t."on", t.precision
    FROM standing s LEFT JOIN target t ON t.assignment_id = s.id
    """
    found = {}
    for action, agency, owes, on, precision in told(STANDING + TARGETS + sql, of):
        if on is None:
            found[action, agency] = ("", "" if owes else "0")
            continue
        day = day_in(on)
        past = (of.at.date() - last_day(day, precision)).days if owes else 0
        found[action, agency] = (day.isoformat(), str(max(0, past)))
    return found


def last_day(day: date, precision: str) -> date:
    """Return the last day that a target date can mean."""
    months = {"year": 12, "quarter": -(-day.month // 3) * 3, "month": day.month}
    if precision not in months:
        return day
    month = months[precision]
    return date(day.year, month, monthrange(day.year, month)[1])


def openings(of: Filter) -> list[tuple[str, datetime]]:
    """Return the rounds that had opened, each with the minute in which it first did."""
    sql = (
        "SELECT r.code, MIN(t.recorded_at) AS opened FROM recommendations_roundterms t"
        " JOIN recommendations_round r ON r.id = t.round_id"
        " WHERE t.state = 'open' AND t.recorded_at <= %(at)s GROUP BY r.code ORDER BY opened"
    )
    rows = told(sql, of)
    return [(code, moment_in(at, of).replace(second=0, microsecond=0)) for code, at in rows]


def statuses(of: Filter) -> dict[int, tuple[str, str, str]]:
    """Return the action, agency and status of what was taken on, by its key."""
    sql = f"SELECT id, action, agency, status FROM standing WHERE acceptance IN {ACTIVE}"
    return {pk: (action, agency, status) for pk, action, agency, status in told(STANDING + sql, of)}


def oldest(of: Filter) -> dict[str, datetime]:
    """Return of each action whose leads have reported the day of the oldest information."""
    sql = "SELECT action, MIN(submitted_at) FROM lead GROUP BY action"
    rows = told(STANDING + ROLLED_UP + sql, of)
    return {action: moment_in(sent, of) for action, sent in rows if sent is not None}


def progress(of: Filter) -> dict[tuple[str, str], Counter[str]]:
    """Return of each agency and kind of duty how many stand where, are late and are overdue."""
    sql = """
    SELECT o.agency, o.kind, o.voluntary, o.stands, o.due_on,
        (SELECT MIN(s.submitted_at) FROM recommendations_submission s
            JOIN recommendations_update u ON u.id = s.update_id
            WHERE u.duty_id = o.id AND s.submitted_at <= %(at)s AND NOT EXISTS (
                SELECT 1 FROM recommendations_withdrawal w
                WHERE w.submission_id = s.id AND w.recorded_at <= %(at)s)) AS sent, o.id
    FROM owed o
    """
    dates: dict[int, list[tuple[datetime, Any]]] = {}
    every = (
        "SELECT duty_id, recorded_at, due_on FROM recommendations_dutyduedate"
        " WHERE recorded_at <= %(at)s ORDER BY recorded_at, id"
    )
    for duty, at, due_on in told(every, of):
        dates.setdefault(duty, []).append((moment_in(at, of), due_on))
    found: dict[tuple[str, str], Counter[str]] = {}
    for agency, kind, voluntary, stands, due_on, sent_at, duty in told(OWED + sql, of):
        counts = found.setdefault((agency, kind), Counter())
        counts["waived"] += stands == "waived"
        counts["voluntary"] += bool(voluntary)
        if stands == "waived" or voluntary:
            continue
        counts["expected"] += 1
        counts[stands] += 1
        overdue = stands in ("missing", "returned") and is_past(due_on, of.at)
        sent_late = False
        if sent_at is not None:
            sent = moment_in(sent_at, of)
            then = [due for at, due in dates.get(duty, []) if at <= sent]
            sent_late = bool(then) and is_past(then[-1], sent)
        counts["overdue"] += overdue
        counts["late"] += overdue or sent_late
    return found


def is_past(due_on: Any, at: datetime) -> bool:
    """Say whether a day lies before the day of a moment."""
    return due_on is not None and day_in(due_on) < at.date()


def reviews(of: Filter) -> tuple[list[int], list[int]]:
    """Return after how many whole days texts of a round were decided on, and how long others wait.

    What was taken back before any decision is neither.
    """
    sql = """
    SELECT s.submitted_at,
        (SELECT MIN(c.decided_at) FROM recommendations_decision c
            WHERE c.submission_id = s.id AND c.decided_at <= %(at)s),
        (SELECT COUNT(*) FROM recommendations_withdrawal w
            WHERE w.submission_id = s.id AND w.recorded_at <= %(at)s)
    FROM recommendations_submission s
    JOIN recommendations_update u ON u.id = s.update_id
    JOIN recommendations_duty d ON d.id = u.duty_id
    WHERE d.round_id = %(round)s AND s.submitted_at <= %(at)s
    """
    took, waiting = [], []
    for sent, decided, taken_back in told(sql, of):
        if decided is not None:
            took.append((moment_in(decided, of) - moment_in(sent, of)).days)
        elif not taken_back:
            waiting.append((of.at - moment_in(sent, of)).days)
    return sorted(took), waiting


def given(of: Filter) -> dict[str, list[tuple[str, str, str, str]]]:
    """Return what each group was given: the action, where it stands, the agency and its status."""
    sql = """
    SELECT g.code, s.action, r.stands, s.agency,
        CASE WHEN s.acceptance IN ('accepted', 'partially_accepted') THEN s.status
             ELSE s.acceptance END
    FROM standing s JOIN rolled r ON r.action = s.action
    JOIN agencies_workinggroup g ON g.id = s.through_id
    """
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    for group, *rest in told(STANDING + ROLLED_UP + sql, of):
        found.setdefault(group, []).append((rest[0], rest[1], rest[2], rest[3]))
    return found


def members(of: Filter) -> set[tuple[str, str, str]]:
    """Return who had a place in which group on the day of the moment, as was known then."""
    sql = """
    SELECT g.code, called.code, m.role, t.from_on, t.until_on
    FROM agencies_groupterms t
    JOIN agencies_groupmembership m ON m.id = t.membership_id
    JOIN agencies_workinggroup g ON g.id = m.group_id
    JOIN called ON called.agency_id = m.agency_id
    WHERE t.recorded_at <= %(at)s AND NOT EXISTS (
        SELECT 1 FROM agencies_groupterms n
        WHERE n.membership_id = t.membership_id AND n.recorded_at <= %(at)s AND (
            n.recorded_at > t.recorded_at OR (n.recorded_at = t.recorded_at AND n.id > t.id)))
    """
    day = of.at.date()
    return {
        (group, agency, role)
        for group, agency, role, from_on, until_on in told(CALLED + sql, of)
        if (from_on is None or day_in(from_on) <= day)
        and (until_on is None or day_in(until_on) >= day)
    }


def day_in(value: Any) -> date:
    """Return a day as a database gives it."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def moment_in(value: Any, of: Filter) -> datetime:
    """Return a moment as a database gives it, in the zone of the filter's."""
    found: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=of.at.tzinfo)
