"""What a load changed, so that the counters of its frameworks rise once, and last."""

from __future__ import annotations

from agencies.counters import renew
from agencies.models import Versioned
from recommendations.models import Framework


class Changed:
    """The frameworks in which something changed, and whether the public sees it."""

    def __init__(self) -> None:
        self.public: dict[int | None, bool] = {}

    def note(self, obj: Versioned, *, public: bool) -> None:
        """Note that a row changed; an agency or a group is of all frameworks."""
        pk = obj.pk if isinstance(obj, Framework) else getattr(obj, "framework_id", None)
        self.public[pk] = public or self.public.get(pk, False)

    def count(self) -> None:
        """Raise the counters, so that no kept page stays stale; nothing where nothing changed."""
        if not self.public:
            return
        for framework in Framework.objects.order_by("id"):
            found = [self.public[pk] for pk in (None, framework.pk) if pk in self.public]
            if found:
                renew(framework.pk, public=any(found))
