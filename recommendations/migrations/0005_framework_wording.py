import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def state_titles(apps, schema_editor):
    """Give each framework the title that it has, from its first event on.

    What it was called before a title was changed is not known any more.
    """
    Framework, FrameworkWording = (
        apps.get_model("recommendations", name) for name in ("Framework", "FrameworkWording")
    )
    events = apps.get_model("agencies", "Event").objects.filter(object_type="framework")
    for framework in Framework.objects.order_by("id"):
        first = events.filter(object_id=framework.pk).order_by("number").first()
        FrameworkWording.objects.create(
            framework=framework,
            title=framework.title,
            short_title=framework.short_title,
            recorded_at=first.at if first else timezone.now(),
        )


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0005_agency_active_then"),
        ("recommendations", "0004_retracted_updates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FrameworkWording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(editable=False, verbose_name="recorded at"),
                ),
                ("title", models.CharField(max_length=300)),
                ("short_title", models.CharField(max_length=80)),
                (
                    "framework",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wordings",
                        to="recommendations.framework",
                    ),
                ),
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RunPython(state_titles, migrations.RunPython.noop, elidable=True),
    ]
