"""One view for all that can be done to updates."""

import django_filters
from rest_framework import viewsets

from bench.baseline.models import Update
from bench.baseline.serializers import UpdateSerializer


class UpdateFilter(django_filters.FilterSet):
    """Narrows a list of updates."""

    agency = django_filters.CharFilter("assignment__agency__code")
    area = django_filters.CharFilter("assignment__action__area__code")
    due_before = django_filters.DateFilter("due_on", lookup_expr="lt")

    class Meta:
        model = Update
        fields = ("agency", "area", "state", "status", "due_before")


class UpdateViewSet(viewsets.ModelViewSet):
    """Updates."""

    queryset = Update.objects.select_related(
        "assignment__agency", "assignment__action__area", "round__framework"
    ).order_by("id")
    serializer_class = UpdateSerializer
    filterset_class = UpdateFilter
    ordering_fields = ("due_on", "updated_at", "state")

    def perform_create(self, serializer):
        """Save a new update under the name of whoever sent it."""
        serializer.save(author=self.request.user)
