"""What is recommended, done, reported and reviewed."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecommendationsConfig(AppConfig):
    """The application in which recommendations are followed up."""

    name = "recommendations"
    verbose_name = _("Recommendations")
