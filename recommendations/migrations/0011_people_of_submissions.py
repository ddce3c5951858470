"""Authors and members of a submission stand in one table, with how each belongs there."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

COPY = """
INSERT INTO recommendations_submissionperson (submission_id, user_id, how)
SELECT submission_id, user_id, '{how}' FROM recommendations_{table} ORDER BY id
"""
BACK = """
INSERT INTO recommendations_{table} (submission_id, user_id)
SELECT submission_id, user_id FROM recommendations_submissionperson
WHERE how = '{how}' ORDER BY id
"""
TABLES = {"wrote": "submissionauthor", "belonged": "submissionmember"}


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0010_lines_until_the_next_round"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SubmissionPerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[("wrote", "wrote"), ("belonged", "belonged")], max_length=10
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="recommendations.submission",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="submissionperson",
            constraint=models.UniqueConstraint(
                fields=("submission", "user", "how"), name="submission_person_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="submissionperson",
            constraint=models.CheckConstraint(
                condition=models.Q(("how__in", ["wrote", "belonged"])),
                name="submission_person_how_known",
            ),
        ),
        *(
            migrations.RunSQL(COPY.format(how=how, table=table), BACK.format(how=how, table=table))
            for how, table in TABLES.items()
        ),
        migrations.DeleteModel(name="SubmissionAuthor"),
        migrations.DeleteModel(name="SubmissionMember"),
    ]
