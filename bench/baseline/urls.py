"""The addresses."""

from django.urls import include, path
from rest_framework.routers import DefaultRouter

from bench.baseline.views import UpdateViewSet

router = DefaultRouter()
router.register("updates", UpdateViewSet)
urlpatterns = [path("api/", include(router.urls))]
