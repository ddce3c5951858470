import json
from datetime import date

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

KINDS = [
    ("interagency_group", "Inter-agency group"),
    ("thematic_working_group", "Thematic working group"),
    ("task_force", "Task force"),
]


def turns(Event, kind, row, *names):
    """Return what the events of a row set of these fields, oldest first: (moment, by, values)."""
    events = Event.objects.filter(object_type=kind, object_id=row.pk).order_by("number")
    held, found = {}, []
    for event in events:
        said = json.loads(event.content)["set"]
        told = {name: said[name] for name in names if name in said}
        if told:
            held |= told
            found.append((event.at, event.actor_id, dict(held)))
    return found


def state_codes(apps, schema_editor):
    """Say of each name under which code the agency was then, as its events know it."""
    Agency, AgencyName, Event = (
        apps.get_model("agencies", name) for name in ("Agency", "AgencyName", "Event")
    )
    for agency in Agency.objects.order_by("id"):
        known = turns(Event, "agency", agency, "code")
        names = [*AgencyName.objects.filter(agency=agency).order_by("recorded_at", "id")]
        for row in names:
            then = [said["code"] for at, _by, said in known if at <= row.recorded_at]
            row.code = then[-1] if then else agency.code
            row.save(update_fields=["code"])
        told = {row.recorded_at for row in names}
        for at, by, said in known:
            before = [row for row in names if row.recorded_at <= at]
            if before and at not in told:
                AgencyName.objects.create(
                    agency=agency,
                    code=said["code"],
                    acronym=before[-1].acronym,
                    name=before[-1].name,
                    active=before[-1].active,
                    recorded_at=at,
                    recorded_by_id=by,
                )


def state_groups(apps, schema_editor):
    """Give each group the name that it has, from its first event on, and each place its dates.

    What a group was called before its name was changed is not known any more.
    """
    Group, GroupName, Membership, GroupTerms, Event = (
        apps.get_model("agencies", name)
        for name in ("WorkingGroup", "GroupName", "GroupMembership", "GroupTerms", "Event")
    )
    for group in Group.objects.order_by("id"):
        known = turns(Event, "workinggroup", group, "kind", "parent")
        known = known or [(timezone.now(), None, {})]
        for at, by, said in known:
            GroupName.objects.create(
                group=group,
                name=group.name,
                kind=said.get("kind", group.kind),
                parent_id=said.get("parent", group.parent_id),
                recorded_at=at,
                recorded_by_id=by,
            )
    for place in Membership.objects.order_by("id"):
        known = turns(Event, "groupmembership", place, "from_on", "until_on")
        dates = {"from_on": place.from_on, "until_on": place.until_on}
        for at, by, said in known or [(timezone.now(), None, {})]:
            then = {name: day(said[name]) if name in said else dates[name] for name in dates}
            GroupTerms.objects.create(membership=place, recorded_at=at, recorded_by_id=by, **then)


def day(text):
    """Return a day from how the log writes it."""
    return date.fromisoformat(text) if text else None


def recorded():
    """Return the fields of every fact."""
    return [
        (
            "id",
            models.BigAutoField(
                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
            ),
        ),
        ("recorded_at", models.DateTimeField(editable=False, verbose_name="recorded at")),
        (
            "recorded_by",
            models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0006_token"),
    ]

    operations = [
        migrations.AddField(
            model_name="agencyname",
            name="code",
            field=models.CharField(default="", max_length=40),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="GroupName",
            fields=[
                *recorded(),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(choices=KINDS, max_length=30)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="names",
                        to="agencies.workinggroup",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.workinggroup",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="GroupTerms",
            fields=[
                *recorded(),
                ("from_on", models.DateField(blank=True, null=True)),
                ("until_on", models.DateField(blank=True, null=True)),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="agencies.groupmembership",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.RunPython(state_codes, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(state_groups, migrations.RunPython.noop, elidable=True),
    ]
