"""What the reference loader last wrote, so that it never overwrites a person's edit."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Loaded(models.Model):
    """The hash of a reference row as the loader last wrote it."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="loaded_key_unique")
        ]
