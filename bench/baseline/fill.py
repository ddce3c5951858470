"""`python -m bench.baseline.fill FILE`: make the tables, fill them with these rows.

Prints the token of the one user.
"""

import json
import os
import sys
from datetime import date
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.baseline.settings"
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.management.color import no_style  # noqa: E402
from django.db import connection  # noqa: E402
from rest_framework.authtoken.models import Token  # noqa: E402

from bench.baseline import models  # noqa: E402

call_command("migrate", verbosity=0)
rows = json.loads(Path(sys.argv[1]).read_text())
for name in ("Framework", "Area", "Action", "Agency", "Assignment", "Round"):
    model = getattr(models, name)
    model.objects.bulk_create(model(**row) for row in rows[name])
author = User.objects.create_user("author")
models.Update.objects.bulk_create(
    models.Update(**row, author=author, due_on=date.fromisoformat(due_on))
    for due_on, row in rows["Update"]
)
with connection.cursor() as cursor:  # numbers go on after those that were given
    for statement in connection.ops.sequence_reset_sql(no_style(), [models.Update]):
        cursor.execute(statement)
print(Token.objects.create(user=author).key)
