"""The door of the admin and the order of its front page."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from recommendations.domain import jobs
from recommendations.domain.access import reaches
from recommendations.domain.deciders import agencies_without_decider
from recommendations.models import Framework
from recommendations.notify import watch
from recommendations.web.visitor import Visitor, visitor

OURS = ("agencies", "recommendations")
TASKS = (
    (lazy("People and roles"), ("User", "Membership", "Appointment", "Handover")),
    (lazy("Agencies and groups"), ("Agency", "WorkingGroup", "GroupMembership")),
    (
        lazy("Framework and wording"),
        ("Framework", "PriorityArea", "Action", "KeyElement", "Milestone", "Question"),
    ),
    (
        lazy("Rounds"),
        ("Round", "Assignment", "Duty", "Update", "Submission", "Decision", "Assessment"),
    ),
    (lazy("Reports"), ("Job",)),
    (lazy("Mail"), ("Message", "Delivery", "Untold")),
    (lazy("Other systems"), ("Webhook", "WebhookCall")),
    (lazy("Log"), ("Event",)),
)
"""What stands on the front page, by what an administrator comes to do."""
CLOSED = ("password_change", "password_change_done", "view_on_site", "autocomplete")
"""Addresses of Django's admin that go round our own pages, or that nothing here uses."""


class Site(admin.AdminSite):
    """The admin, for people who hold an administrator's office on this day."""

    site_title = lazy("hldtracker administration")
    site_header = lazy("hldtracker administration")
    index_title = lazy("What do you want to do?")

    def visitor(self, request: HttpRequest) -> Visitor:
        """Return who asks; worked out once for each request."""
        return visitor(request)

    def has_permission(self, request: HttpRequest) -> bool:
        """Say whether the person administers a framework, or all of them, now."""
        return bool(visitor(request).roles.administers)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Tell people who are signed in without the office so; strangers sign in first."""

        def only_administrators(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            self.refuse_others(request)
            answer: HttpResponse = inside(request, *args, **kwargs)
            return answer

        inside = super().admin_view(view, cacheable)
        return only_administrators

    def refuse_others(self, request: HttpRequest) -> None:
        """Raise PermissionDenied for people who are signed in and hold no such office."""
        if visitor(request).roles.user_id is not None and not self.has_permission(request):
            raise PermissionDenied(
                _("Only administrators come in here. An administrator can give you the office.")
            )

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Lead to the one sign-in page, whose limits then hold for the admin too."""
        self.refuse_others(request)
        if self.has_permission(request):
            return redirect(reverse("admin:index", current_app=self.name))
        answer: HttpResponse = secure_admin_login(super().login)(request)
        return answer

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take our own rows only: the pages that packages bring save without a reason."""
        models: list[Any] = (
            [model_or_iterable] if isinstance(model_or_iterable, type) else [*model_or_iterable]
        )
        ours = [model for model in models if model._meta.app_label in OURS]
        super().register(ours, admin_class, **options)

    def get_urls(self) -> list[Any]:
        """Return the addresses, without those that go round our own pages."""
        return [url for url in super().get_urls() if getattr(url, "name", "") not in CLOSED]

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Show the lists by task, and first what waits for an administrator.

        That is what nobody could decide on (design, rule 3), mail that did not leave,
        and reports that could not be made.
        """
        who = visitor(request)
        frameworks = Framework.objects.filter(reaches(who.roles.administers, "pk"))
        undecided = [
            (framework, agencies)
            for framework in frameworks.order_by("slug")
            if (agencies := agencies_without_decider(framework, at=who.at))
        ]
        failed = jobs.failed().filter(reaches(who.roles.administers, "framework")).count()
        shown = {"undecided": undecided, "mail": watch.look(who.at), "failed_jobs": failed}
        shown["sees_untold"] = None in who.roles.administers
        return super().index(request, {**(extra_context or {}), **shown})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the lists by task on the front page, by application elsewhere."""
        if app_label is not None:
            return super().get_app_list(request, app_label)
        shown = {
            entry["object_name"]: entry
            for app in super().get_app_list(request)
            for entry in app["models"]
        }
        return [
            {
                "name": words,
                "app_label": f"task-{number}",
                "app_url": reverse("admin:index", current_app=self.name) + f"#task-{number}",
                "has_module_perms": True,
                "models": [shown[name] for name in names if name in shown],
            }
            for number, (words, names) in enumerate(TASKS, start=1)
        ]
