"""The ground floor: agencies, people and the log of what they did."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from agencies.triggers import check_installed, drop_before_migrate, install_after_migrate


class AgenciesConfig(AppConfig):
    """Installs the triggers again after each migration: a SQLite table remake drops them."""

    name = "agencies"
    verbose_name = _("People and agencies")

    def ready(self) -> None:
        """Connect what must go before and follow every migration, and the check of it."""
        pre_migrate.connect(drop_before_migrate, sender=self, dispatch_uid="agencies.triggers")
        post_migrate.connect(install_after_migrate, sender=self, dispatch_uid="agencies.triggers")
        checks.register(check_installed, checks.Tags.database)
