"""The same updates as a usual Django and DRF project would serve them: models, serializers, views.

What a tutorial does, and nothing of ours: no permission but signing in, no event, no roll-up.
"""
