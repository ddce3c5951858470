"""The addresses of the pages (design, section 9)."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path, register_converter

from recommendations.web.addresses import CodeConverter
from recommendations.web.views import (
    about,
    actions,
    agencies,
    areas,
    assigning,
    assigning_many,
    assignments,
    calendar,
    clearing,
    comments,
    corrections,
    duties,
    entering,
    evidence,
    gaps,
    handovers,
    history,
    inbox,
    leaving,
    matrix,
    nothing_new,
    notices,
    offers,
    overview,
    phrases,
    planning,
    publication,
    queue,
    review,
    rounds,
    saved,
    sending,
    short,
    terms,
    threads,
    unsubscribe,
    updates,
    voluntary,
    work,
)

register_converter(CodeConverter, "code")

PLACES = "areas|actions|agencies|matrix|trend|data|about|rounds|gaps|reports"
SHORT = rf"^(?P<rest>(?:(?:{PLACES})(?:/.*)?)?)$"

F = "f/<slug:framework>/"
reading: list[URLPattern] = [
    path(F, overview.overview, name="overview"),
    path(f"{F}areas/<code:area>/", areas.area_detail, name="area-detail"),
    path(f"{F}actions/", actions.action_list, name="action-list"),
    path(f"{F}actions/<code:action>/", actions.action_detail, name="action-detail"),
    path(f"{F}actions/<code:action>/<code:agency>/", threads.thread, name="thread"),
    path(f"{F}agencies/", agencies.agency_list, name="agency-list"),
    path(f"{F}agencies/<code:agency>/", agencies.agency_detail, name="agency-detail"),
    path(f"{F}matrix/", matrix.matrix, name="matrix"),
    path(f"{F}about/", about.about, name="about"),
    path(f"{F}about/source/", about.source, name="source"),
    path(f"{F}gaps/", gaps.gaps, name="gaps"),
    path("history/<slug:kind>/<int:pk>/", history.history, name="history"),
    path("history/<slug:kind>/<int:pk>/export.csv", history.history_export, name="history-export"),
]
"""Pages to read, most of them public; those about a framework are /f/<slug>/…"""

ROUNDS = "f/<slug:framework>/rounds/"
working: list[URLPattern] = [
    path("work/", work.work, name="work"),
    path("work/unasked/", voluntary.unasked_list, name="unasked"),
    path("work/start/", work.home, name="home"),
    path("account/views/", saved.views, name="views"),
    path("account/views/save/", saved.view_save, name="view-save"),
    path("account/views/<int:pk>/", saved.view_edit, name="view-edit"),
    path("account/views/<int:pk>/delete/", saved.view_delete, name="view-delete"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/change/", inbox.change, name="inbox-change"),
    path("account/notices/", notices.notices, name="notices"),
    path("account/notices/calendar/", notices.calendar_key, name="calendar-key"),
    path("account/unsubscribe/<str:token>/", unsubscribe.unsubscribed, name="unsubscribe"),
    path("calendar/<slug:key>.ics", calendar.calendar, name="calendar"),
    path("account/hand-over/", handovers.hand_over, name="hand-over"),
    path("account/hand-over/<int:pk>/end/", handovers.end, name="hand-over-end"),
    path("people/<int:pk>/leaves/", leaving.leaves, name="leaves"),
    path("queue/", queue.queue, name="queue"),
    path("queue/nothing-new/", nothing_new.nothing_new, name="nothing-new"),
    path("queue/<int:pk>/", review.review, name="review"),
    path("comments/<int:pk>/", comments.comment, name="comment"),
    path("account/phrases/", phrases.phrase_list, name="phrase-list"),
    path("account/phrases/<int:pk>/", phrases.phrase, name="phrase"),
    path("updates/<int:pk>/", updates.update, name="update"),
    path("updates/<int:pk>/check/", sending.check, name="update-check"),
    path("updates/<int:pk>/clear/", clearing.clear, name="update-clear"),
    path("updates/<int:pk>/enter/", entering.enter, name="update-enter"),
    path("updates/<int:pk>/send/", sending.send, name="update-send"),
    path("updates/<int:pk>/sent/", sending.sent, name="update-sent"),
    path("updates/<int:pk>/withdraw/", sending.withdraw, name="update-withdraw"),
    path("updates/<int:pk>/correct/", corrections.correct, name="update-correct"),
    path("updates/<int:pk>/reopen/", corrections.reopen, name="update-reopen"),
    path("updates/<int:pk>/retract/", corrections.retract, name="update-retract"),
    path("updates/<int:pk>/delete-draft/", sending.delete_draft, name="draft-delete"),
    path("updates/<int:pk>/evidence/", evidence.evidence_add, name="evidence-add"),
    path("evidence/<int:pk>/", evidence.evidence, name="evidence"),
    path("evidence/<int:pk>/detach/", evidence.evidence_detach, name="evidence-detach"),
    path(ROUNDS, rounds.round_list, name="round-list"),
    path(f"{ROUNDS}new/", planning.round_new, name="round-new"),
    path(f"{ROUNDS}<code:code>/", rounds.round_detail, name="round-detail"),
    path(f"{ROUNDS}<code:code>/open/", rounds.round_open, name="round-open"),
    path(f"{ROUNDS}<code:code>/close/", rounds.round_close, name="round-close"),
    path(f"{ROUNDS}<code:code>/hold/", publication.round_hold, name="round-hold"),
    path(f"{ROUNDS}<code:code>/release/", publication.round_release, name="round-release"),
    path(f"{ROUNDS}<code:code>/checks/", publication.round_checks, name="round-checks"),
    path(f"{ROUNDS}<code:code>/change/", planning.round_change, name="round-change"),
    path(f"{ROUNDS}<code:code>/extend/", terms.round_extend, name="round-extend"),
    path(f"{ROUNDS}<code:code>/reopen/", terms.round_reopen, name="round-reopen"),
    path("duties/<int:pk>/due/", duties.duty_due, name="duty-due"),
    path("duties/<int:pk>/ask/", duties.ask, name="time-ask"),
    path("duties/<int:pk>/time/", duties.time_answer, name="time-answer"),
    path("duties/<int:pk>/waive/", duties.waive, name="duty-waive"),
    path("f/<slug:framework>/actions/<code:action>/assign/", assigning.assign, name="assign"),
    path(f"{F}offers/", offers.offer_list, name="offers"),
    path(f"{F}assign/", assigning_many.assign_many, name="assign-many"),
    path("assignments/<int:pk>/respond/", assignments.respond, name="respond"),
    path("assignments/<int:pk>/report/", voluntary.report, name="assignment-report"),
    path("assignments/<int:pk>/<slug:verb>/", assignments.assignment_verb, name="assignment-verb"),
]
"""Pages for people who are signed in. They come first: "assign" is no agency."""

urlpatterns = [
    *working,
    *reading,
    re_path(SHORT, short.to_default_framework, name="short"),
]
