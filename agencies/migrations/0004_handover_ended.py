import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0003_life_of_a_round"),
    ]

    operations = [
        migrations.AddField(
            model_name="handover",
            name="ended_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="ended at"),
        ),
        migrations.AddField(
            model_name="handover",
            name="ended_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True),
                    ("ended_by__isnull", True),
                )
                | models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                name="handover_ended_by_whom_when",
            ),
        ),
    ]
