"""What the project itself adds to the applications: the table of the cache, the admin's door."""

from typing import Any

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate


class ProjectConfig(AppConfig):
    """Makes the cache table with every migration, so that no set-up step can be forgotten."""

    name = "hldtracker"

    def ready(self) -> None:
        """Connect the step that follows every migration.

        Django sends the signal only for applications with models, so never for this one.
        """
        with_models = apps.get_app_config("agencies")
        post_migrate.connect(
            make_cache_table, sender=with_models, dispatch_uid="hldtracker.make_cache_table"
        )


class AdministrationConfig(AdminConfig):
    """Puts our own door before Django's admin."""

    default_site = "hldtracker.admin_site.Site"


def make_cache_table(*, using: str = "default", **kwargs: Any) -> None:
    """Make the table of the database cache where it is missing."""
    call_command("createcachetable", database=using, verbosity=0)
