"""What is told of an update, and taken from whoever writes one."""

from rest_framework import serializers

from bench.baseline.models import Update


class UpdateSerializer(serializers.ModelSerializer):
    """An update with the names of what it belongs to."""

    framework = serializers.CharField(source="round.framework.slug", read_only=True)
    round_code = serializers.CharField(source="round.code", read_only=True)
    agency = serializers.CharField(source="assignment.agency.code", read_only=True)
    area = serializers.CharField(source="assignment.action.area.code", read_only=True)
    action = serializers.CharField(source="assignment.action.code", read_only=True)

    class Meta:
        model = Update
        fields = (
            "id",
            "assignment",
            "round",
            "framework",
            "round_code",
            "agency",
            "area",
            "action",
            "state",
            "due_on",
            "status",
            "done",
            "challenges",
            "next_steps",
            "created_at",
            "updated_at",
        )
