"""The rows: what a first sketch of the same site would keep."""

from django.conf import settings
from django.db import models


class Framework(models.Model):
    """A set of recommendations."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=300)


class Area(models.Model):
    """A priority area."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="areas")
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=300)


class Action(models.Model):
    """A recommendation."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="actions")
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=300)


class Agency(models.Model):
    """An agency."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)


class Assignment(models.Model):
    """An agency does something about a recommendation."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="assignments")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=20)


class Round(models.Model):
    """A period of reporting."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="rounds")
    code = models.CharField(max_length=20)


class Update(models.Model):
    """What an agency reports in a round."""

    class State(models.TextChoices):
        DRAFT = "draft"
        SUBMITTED = "submitted"
        RETURNED = "returned"
        APPROVED = "approved"

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="updates")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="updates")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    state = models.CharField(max_length=12, choices=State.choices, db_index=True)
    due_on = models.DateField(null=True, db_index=True)
    status = models.CharField(max_length=20, blank=True)
    done = models.TextField(blank=True)
    challenges = models.TextField(blank=True)
    next_steps = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
