"""What is recommended, done, reported and reviewed."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class RecommendationsConfig(AppConfig):
    """The application in which recommendations are followed up."""

    name = "recommendations"
    verbose_name = _("Recommendations")

    def ready(self) -> None:
        """Let each commit that appended events wake the worker; tell people of their accounts."""
        from agencies.history import event_recorded  # noqa: PLC0415 - models come first
        from agencies.people import account_changed  # noqa: PLC0415
        from recommendations.notify.accounts import tell_of_change  # noqa: PLC0415
        from recommendations.notify.nudge import nudge  # noqa: PLC0415

        account_changed.connect(tell_of_change, dispatch_uid="recommendations.accounts")
        if settings.NUDGE:
            event_recorded.connect(nudge, dispatch_uid="recommendations.nudge")
