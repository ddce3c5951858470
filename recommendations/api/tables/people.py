"""What is a person's own: the agencies that they act for, what they were told and asked for."""

from __future__ import annotations

from django.db.models import Q

from agencies.models import Appointment, Handover, Membership
from recommendations.api.columns import Filter, Kind
from recommendations.api.resources import (
    Order,
    Resource,
    code,
    day,
    moment,
    number,
    text,
    word,
    yes,
)
from recommendations.domain.jobs import visible_jobs
from recommendations.models import Delivery, Job

MEMBERSHIPS = Resource(
    name="memberships",
    title="Memberships",
    meaning="The agencies that the person who asks acts for, and until when.",
    rows=lambda roles: Membership.objects.filter(user=roles.user_id),
    counted=False,
    columns=(
        number("id", "number in addresses"),
        code("agency", "code of the agency", "agency__code"),
        word("capacity", "in which capacity", Membership.Capacity),
        day("from_on", "first day"),
        day("until_on", "last day", empty=True),
    ),
    filters=(Filter("agency", "of this agency", Kind.CODE, "agency__code"),),
)

APPOINTMENTS = Resource(
    name="appointments",
    title="Appointments",
    meaning="The offices that the person who asks holds, in one framework or in all.",
    rows=lambda roles: Appointment.objects.filter(user=roles.user_id),
    counted=False,
    columns=(
        number("id", "number in addresses"),
        word("office", "which office", Appointment.Office),
        code(
            "framework",
            "address of the framework; null where it is all of them",
            "framework__slug",
            empty=True,
        ),
        day("from_on", "first day"),
        day("until_on", "last day", empty=True),
    ),
    filters=(Filter("office", "of this kind", Kind.WORD, choices=Appointment.Office),),
)

HANDOVERS = Resource(
    name="handovers",
    title="Hand-overs",
    meaning=(
        "Who acts for the person who asks, and for whom they act, between which days. Made and "
        "ended on the pages: no token changes who may act for whom."
    ),
    rows=lambda roles: Handover.objects.filter(
        Q(from_user=roles.user_id) | Q(to_user=roles.user_id)
    ),
    counted=False,
    order="from_on",
    orders={"from_on": Order(("from_on",), "by first day")},
    columns=(
        number("id", "number in addresses"),
        code("agency", "code of the agency; null for an office", "agency__code", empty=True),
        code(
            "framework",
            "address of the framework of an office; null where it is all of them",
            "framework__slug",
            empty=True,
        ),
        text("from_user", "name of the person who is away", "from_user__name"),
        text("to_user", "name of the person who acts", "to_user__name"),
        day("from_on", "first day"),
        day("until_on", "last day"),
        text("note", "what the one tells the other"),
        moment("ended_at", "when it was ended before its last day", empty=True),
        text("ended_by", "name of the person who ended it", "ended_by__name", empty=True),
        number("version", "rises with every change of it"),
    ),
    filters=(Filter("agency", "of this agency", Kind.CODE, "agency__code"),),
)

DELIVERIES = Resource(
    name="deliveries",
    title="Deliveries",
    meaning="What the person who asks was told, on each channel.",
    rows=lambda roles: Delivery.objects.filter(user=roles.user_id),
    counted=False,
    order="-id",
    orders={"made_at": Order(("made_at",), "by moment")},
    columns=(
        number("id", "number in addresses"),
        text("kind", "what it is about"),
        word("channel", "mail or inbox", Delivery.Channel),
        code("framework", "address of the framework", "framework__slug", empty=True),
        text("subject_type", "kind of the object that it is about"),
        number("subject_id", "number of that object", empty=True),
        moment("made_at", "when it was written"),
        word("state", "whether it was delivered", Delivery.State),
        text("because", "why it was not sent"),
        yes("needs_action", "something is to be done"),
        moment("read_at", "when it was read", empty=True),
        moment("settled_at", "when it was dealt with", empty=True),
    ),
    filters=(
        Filter("framework", "about this framework", Kind.CODE, "framework__slug"),
        Filter("channel", "on this channel", Kind.WORD, choices=Delivery.Channel),
        Filter("state", "in this state", Kind.WORD, choices=Delivery.State),
        Filter("needs_action", "that ask for something", Kind.BOOLEAN),
    ),
)

JOBS = Resource(
    name="jobs",
    title="Jobs",
    meaning=(
        "A report that the person who asks has made in the background, or a file that they have "
        "checked. The file stands at its address with /content/, for 30 days."
    ),
    rows=lambda roles: visible_jobs(roles),
    counted=False,
    order="-id",
    orders={"made_at": Order(("made_at",), "by moment")},
    columns=(
        number("id", "number in addresses"),
        code("framework", "address of the framework", "framework__slug"),
        word("kind", "what it makes", Job.Kind),
        word("state", "how far it is", Job.State),
        number("progress", "the same in percent"),
        text("file_name", "name of the file"),
        text("media_type", "media type of the file"),
        number("size", "bytes of the file", empty=True),
        text("outcome", "what a check found, or why nothing was made"),
        moment("made_at", "when it was asked for"),
        moment("finished_at", "when it was finished", empty=True),
        moment("expires_at", "until when the file is kept", empty=True),
    ),
    filters=(
        Filter("framework", "of this framework", Kind.CODE, "framework__slug"),
        Filter("kind", "of this kind", Kind.WORD, choices=Job.Kind),
        Filter("state", "in this state", Kind.WORD, choices=Job.State),
    ),
)
