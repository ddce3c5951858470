"""How gunicorn runs the site: `gunicorn hldtracker.wsgi` in this folder finds it by name."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
# Loaded once before the fork: a wrong setting ends the start instead of restarting for ever.
preload_app = True
timeout = 60
graceful_timeout = 20
max_requests = 5000
max_requests_jitter = 500
# Request lines are written by hldtracker.middleware, with the request id and without a query.
accesslog = None
errorlog = "-"
loglevel = "warning"
# It would stand in the home folder, outside the project.
control_socket_disable = True


def post_worker_init(worker):
    """Let each web process look once whether it shows a demo; before the fork it may not ask."""
    from recommendations.web import demo  # noqa: PLC0415 -- not before the site is loaded

    demo.look()
