"""Mails and what they tell, to look into; what failed is sent again here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from agencies import history
from agencies.admin.base import ReadOnlyAdmin
from agencies.admin.confirmed import Refused, confirmed
from agencies.models import User
from recommendations.models import Delivery, Message
from recommendations.notify import failures, sending
from recommendations.notify.notices import NOTICES, words_of


def send_again(obj: Message, **facts: Any) -> None:
    """Put a mail that was given up back into the queue; the person's history keeps who and why."""
    with transaction.atomic():
        if not sending.resend(Message.objects.filter(pk=obj.pk), at=facts["at"]):
            raise Refused(_("Only a mail that was given up can be sent again."))
        remember(obj.user_id, "mail_sent_again", {"message": obj.pk}, **facts)


def write_again(obj: Delivery, **facts: Any) -> None:
    """Let what could not be written be written again; the person's history keeps who and why."""
    with transaction.atomic():
        if not failures.resend(Delivery.objects.filter(pk=obj.pk), at=facts["at"]):
            raise Refused(_("Only what could not be written can be sent again here."))
        remember(obj.user_id, "notice_sent_again", {"delivery": obj.pk}, **facts)


def remember(user_id: int, verb: str, content: dict[str, int], **facts: Any) -> None:
    """Append to the history of a person what was sent to them again, by whom and why."""
    told = {name: facts[name] for name in ("by", "at", "note")}
    User.objects.filter(pk=user_id).update(version=F("version") + 1)
    history.append(User.objects.get(pk=user_id), verb, content=content, **told)


def what_sending_again_does(obj: Message) -> str:
    """Return to whom a mail would go, and what the server said the last time."""
    if obj.state != Message.State.DEAD:
        return obj.get_state_display()
    facts = {"address": obj.address or obj.user.email, "answer": obj.answer}
    return _("Goes to %(address)s. The last answer: %(answer)s") % facts


def why_not_written(obj: Delivery) -> str:
    """Return what went wrong when it was written."""
    return obj.because or obj.get_state_display()


def moment(at: Any) -> str:
    """Return a moment as the lists show it."""
    return date_format(timezone.localtime(at), "j M Y H:i") if at else ""


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Mails: to whom, when, how often tried, and what the server said. Their text is not kept.

    Sending again is for administrators of all frameworks: a mail holds what several tell.
    """

    fields = (
        *("subject_line", "recipient", "sent_to", "what", "how_far", "made", "due"),
        *("tried", "answered", "settled", "tells"),
    )
    list_display = ("made", "recipient", "what", "how_far", "tried", "answered", "settled")
    list_filter = ("state", "kind")
    search_fields = ("user__name", "user__email", "address", "message_id")
    ordering = ("-made_at", "-id")
    related = ("user",)
    actions = (
        confirmed(
            "send_again",
            lazy("Send again"),
            send_again,
            explains=what_sending_again_does,
            permissions=("send_again",),
        ),
    )

    def has_send_again_permission(self, request: HttpRequest) -> bool:
        """Say whether the person administers all frameworks."""
        return self.reaches(request, None)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return all mails, or those that tell something of the person's frameworks."""
        rows: QuerySet[Any] = super().get_queryset(request)
        offices = self.offices(request)
        if None in offices:
            return rows
        told = Delivery.objects.filter(framework__in=offices).values("message")
        return rows.filter(pk__in=told)

    @admin.display(description=lazy("subject"))
    def subject_line(self, obj: Message) -> str:
        """Return its subject, once it was written."""
        return obj.subject

    @admin.display(description=lazy("person"), ordering="user__name")
    def recipient(self, obj: Message) -> str:
        """Return whose mail it is."""
        return str(obj.user)

    @admin.display(description=lazy("address"))
    def sent_to(self, obj: Message) -> str:
        """Return the address that it was handed on for."""
        return obj.address

    @admin.display(description=lazy("kind"), ordering="kind")
    def what(self, obj: Message) -> str:
        """Return whether it is about the account, at once or a digest."""
        return obj.get_kind_display()

    @admin.display(description=lazy("state"), ordering="state")
    def how_far(self, obj: Message) -> str:
        """Return whether it waits, was sent, was not sent or given up."""
        return obj.get_state_display()

    @admin.display(description=lazy("made at"), ordering="made_at")
    def made(self, obj: Message) -> str:
        """Return when it was made."""
        return moment(obj.made_at)

    @admin.display(description=lazy("next try"))
    def due(self, obj: Message) -> str:
        """Return when it is tried next."""
        return moment(obj.due_at) if obj.state == Message.State.WAITING else ""

    @admin.display(description=lazy("tries"), ordering="tries")
    def tried(self, obj: Message) -> int:
        """Return how often the server said something about it."""
        return obj.tries

    @admin.display(description=lazy("answer of the server"))
    def answered(self, obj: Message) -> str:
        """Return what the server said last, or why it was not sent."""
        return obj.answer

    @admin.display(description=lazy("settled at"), ordering="settled_at")
    def settled(self, obj: Message) -> str:
        """Return when it was sent or given up."""
        return moment(obj.settled_at)

    @admin.display(description=lazy("tells"))
    def tells(self, obj: Message) -> str:
        """Return what kinds of notices it holds."""
        kinds = obj.deliveries.order_by("id").values_list("kind", flat=True)
        return "; ".join(words_of(kind) for kind in dict.fromkeys(kinds))


class NoticeFilter(admin.SimpleListFilter):
    """Deliveries of one kind; the kinds are known, so the rows are not read for them."""

    title = lazy("notice")
    parameter_name = "kind"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        """Return every kind of notice."""
        return [(notice.kind, notice.words) for notice in NOTICES]

    def queryset(self, request: Any, queryset: Any) -> Any:
        """Keep the chosen kind."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Who was told what, by mail or in the inbox; and where not, why.

    Sending again is for administrators of all frameworks, as for mails.
    """

    framework_path = "framework"
    fields = ("person", "notice", "framework", "way", "how_far", "why", "made", "ready", "mail")
    list_display = ("made", "person", "notice", "way", "how_far", "why")
    list_filter = ("state", "channel", NoticeFilter)
    search_fields = ("user__name", "user__email", "cause")
    ordering = ("-made_at", "-id")
    related = ("user", "framework", "message")
    actions = (
        confirmed(
            "send_again",
            lazy("Send again"),
            write_again,
            explains=why_not_written,
            permissions=("send_again",),
        ),
    )

    def has_send_again_permission(self, request: HttpRequest) -> bool:
        """Say whether the person administers all frameworks."""
        return None in self.offices(request)

    @admin.display(description=lazy("person"), ordering="user__name")
    def person(self, obj: Delivery) -> str:
        """Return who is told."""
        return str(obj.user)

    @admin.display(description=lazy("notice"))
    def notice(self, obj: Delivery) -> str:
        """Return what they are told."""
        return words_of(obj.kind)

    @admin.display(description=lazy("way"), ordering="channel")
    def way(self, obj: Delivery) -> str:
        """Return whether by mail or in the inbox."""
        return obj.get_channel_display()

    @admin.display(description=lazy("state"), ordering="state")
    def how_far(self, obj: Delivery) -> str:
        """Return whether it was delivered."""
        return obj.get_state_display()

    @admin.display(description=lazy("why not"))
    def why(self, obj: Delivery) -> str:
        """Return why it was not told."""
        return obj.because

    @admin.display(description=lazy("made at"), ordering="made_at")
    def made(self, obj: Delivery) -> str:
        """Return when it was made."""
        return moment(obj.made_at)

    @admin.display(description=lazy("leaves at"))
    def ready(self, obj: Delivery) -> str:
        """Return the first moment at which it may leave."""
        return moment(obj.ready_at)

    @admin.display(description=lazy("mail"))
    def mail(self, obj: Delivery) -> str:
        """Return the mail that holds it."""
        return str(obj.message or "")
