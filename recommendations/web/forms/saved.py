"""The name of a saved view."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.web.forms.fields import Facts, ShortText


class ViewForm(Facts):
    """A name, and the address that it stands for."""

    asked = ("name",)

    name = ShortText(label=_("Name of the view"))
    address = forms.CharField(widget=forms.HiddenInput, required=False)
