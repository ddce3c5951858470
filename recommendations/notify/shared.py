"""What the mails of a batch have in common, asked for once instead of for each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from agencies.handovers import coordinating
from agencies.models import Membership, User
from recommendations.models import Delivery, MailSettings
from recommendations.notify import account_mails
from recommendations.notify.known import Known, look_up


class Shared:
    """The facts behind the mails to these people; each is asked for when the first mail needs it.

    How people want their mail, what the lines are about, why people get them and who answers.
    """

    def __init__(self, users: Sequence[User], rows: Sequence[Delivery], *, at: datetime) -> None:
        self.users, self.rows, self.day = users, rows, at.date()
        self._answering: dict[int, list[str]] = {}

    @cached_property
    def known(self) -> Known:
        """Return what the rows behind the lines say."""
        return look_up(self.rows)

    @cached_property
    def chosen(self) -> dict[int, MailSettings]:
        """Return the settings of those of these people who have some; one query."""
        return {row.user_id: row for row in MailSettings.objects.filter(user__in=self.users)}

    def settings_of(self, user: User) -> MailSettings:
        """Return a person's settings, or the usual ones, not saved."""
        return self.chosen.get(user.pk) or MailSettings(user=user)

    @cached_property
    def places(self) -> dict[int, list[str]]:
        """Return by person what they are in which agencies, in words; one query."""
        held = Membership.objects.on(self.day).filter(user__in=self.users)
        found: dict[int, list[str]] = defaultdict(list)
        for row in held.select_related("agency").order_by("agency__sort_key", "id"):
            found[row.user_id].append(f"{row.get_capacity_display()} ({row.agency.acronym})")
        return found

    def coordinators(self, framework_id: int) -> list[str]:
        """Return the addresses of who coordinates a framework; one query for each framework."""
        if framework_id not in self._answering:
            people = coordinating(framework_id, self.day)
            self._answering[framework_id] = [user.email for user in people]
        return self._answering[framework_id]

    @cached_property
    def administrators(self) -> list[str]:
        """Return the addresses of who runs the site; one query."""
        return account_mails.answered_by(self.day)
