"""The feed of approved updates, for readers that ask by themselves (Atom)."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from recommendations.models import Framework, ImplementationStatus, Publication
from recommendations.reporting.beginnings import begins
from recommendations.reporting.facts import Scope
from recommendations.reporting.latest import LatestText, latest_published
from recommendations.web.addresses import takes
from recommendations.web.unchanged import unless_unchanged
from recommendations.web.visitor import framework_at, visitor

ENTRIES = 50


class Feed(Atom1Feed):
    """A feed that says of an empty list when its framework began, not what time it is."""

    def latest_post_date(self) -> datetime:
        """Return when its newest entry was published."""
        moments = [entry["updateddate"] for entry in self.items]
        newest: datetime = max(moments, default=self.feed["begins"])
        return newest


@takes()
def feed(request: HttpRequest, framework: str) -> HttpResponseBase:
    """Send what was published last, newest first; what was retracted since is not in it."""
    home = framework_at(framework)
    return unless_unchanged(request, home, partial(written, request, home))


def written(request: HttpRequest, home: Framework) -> HttpResponse:
    """Return the feed; 5 queries besides the framework."""
    found = latest_published(
        home, as_of=visitor(request).at, scope=Scope.PUBLIC, limit=ENTRIES
    ).texts
    published = dict(
        Publication.objects.filter(submission__in=[one.submission_id for one in found]).values_list(
            "submission_id", "pk"
        )
    )
    told = Feed(
        title=_("%(name)s: approved updates") % {"name": home.short_title},
        link=address(reverse("overview", args=[home.slug])),
        description=_("What agencies report and a coordinator has approved."),
        language=get_language(),
        feed_url=address(reverse("feed", args=[home.slug])),
        feed_guid=tag_uri(home, begins(home), "updates"),
        begins=begins(home),
    )
    for one in found:
        add(told, home, one, published[one.submission_id])
    answer = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    told.write(answer, "utf-8")
    return answer


def add(told: Feed, home: Framework, one: LatestText, publication: int) -> None:
    """Add an entry: its link is the page of the agency on the action, its date the publication.

    Its name rests on the publication, which is public: the number of a text would tell how
    many there are that are not.
    """
    thread = reverse("thread", args=[home.slug, one.action_code, one.agency_code])
    claim = ImplementationStatus(one.claim).label if one.claim else ""
    status = _("Claim: %(status)s") % {"status": claim} if claim else ""
    excerpt = one.excerpt.text + ("…" if one.excerpt.is_cut else "")
    told.add_item(
        title=f"{one.action_code} · {one.agency}: {one.action_title}",
        link=address(thread),
        description=" – ".join(filter(None, (status, excerpt))),
        author_name=one.agency,
        unique_id=tag_uri(home, one.at, f"published/{publication}"),
        pubdate=one.at,
        updateddate=one.at,
    )


def address(path: str) -> str:
    """Return the permanent address of a page."""
    return f"{settings.BASE_URL}{path}"


def tag_uri(home: Framework, at: datetime, name: str) -> str:
    """Return a name that no other entry has, whatever becomes of addresses (RFC 4151)."""
    host = urlsplit(settings.BASE_URL).hostname
    return f"tag:{host},{at:%Y-%m-%d}:{home.slug}/{name}"
