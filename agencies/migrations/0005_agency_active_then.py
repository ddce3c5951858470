import json

from django.db import migrations, models


def state_activity(apps, schema_editor):
    """Say of each name whether the agency was active then, and since when it is not.

    The events of an agency know; figures read rows that are never edited.
    """
    Agency, AgencyName, Event = (
        apps.get_model("agencies", name) for name in ("Agency", "AgencyName", "Event")
    )
    for agency in Agency.objects.order_by("id"):
        events = Event.objects.filter(object_type="agency", object_id=agency.pk).order_by("number")
        turns = [
            (event.at, said["active"], event.actor_id)
            for event in events
            if "active" in (said := json.loads(event.content)["set"])
        ]
        names = [*AgencyName.objects.filter(agency=agency).order_by("recorded_at", "id")]
        for row in names:
            row.active = next((on for at, on, _ in reversed(turns) if at <= row.recorded_at), True)
            row.save(update_fields=["active"])
        told = {row.recorded_at for row in names}
        for at, active, by in turns:
            before = [row for row in names if row.recorded_at <= at]
            if before and at not in told:
                AgencyName.objects.create(
                    agency=agency,
                    acronym=before[-1].acronym,
                    name=before[-1].name,
                    active=active,
                    recorded_at=at,
                    recorded_by_id=by,
                )


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0004_handover_ended"),
    ]

    operations = [
        migrations.AddField(
            model_name="agencyname",
            name="active",
            field=models.BooleanField(default=True),
        ),
        migrations.RunPython(state_activity, migrations.RunPython.noop, elidable=True),
    ]
