"""The settings of our site while it is measured: a connection that lasts, and room for everybody.

Requests are counted as always; the bench only asks for more in a minute than anybody may.
"""

from tests.elsewhere import *  # noqa: F403
from tests.elsewhere import DATABASES

DATABASES["default"]["CONN_MAX_AGE"] = None
API_LIMITS = {"person": 10**9, "address": 10**9}
