"""The addresses of the pages (design, section 9)."""

from __future__ import annotations

from django.urls import URLPattern, re_path

from recommendations.web.views import short

PLACES = "areas|actions|agencies|matrix|trend|data|about|rounds|gaps|reports"
SHORT = rf"^(?P<rest>(?:(?:{PLACES})(?:/.*)?)?)$"

reading: list[URLPattern] = []
"""Pages about a framework, most of them public: /f/<slug>/…"""

working: list[URLPattern] = []
"""Pages across frameworks, for people who are signed in."""

urlpatterns = [
    *reading,
    *working,
    re_path(SHORT, short.to_default_framework, name="short"),
]
