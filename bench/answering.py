"""A site in a process of its own that answers requests given to it, and says what they cost.

`python -m bench.answering`, with DJANGO_SETTINGS_MODULE. Each line in is a JSON list of requests,
each line out what they took: CPU of this process and of its part of the database, in milliseconds
a request. No server stands between: both sites are called as a server would call them.
"""

from __future__ import annotations

import gc
import io
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from django.core.wsgi import get_wsgi_application

# What the site writes while it works is not for whoever reads our answers.
answers_to = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
site = get_wsgi_application()


def answered(asked: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of the answer to a request."""
    body = json.dumps(asked["body"]).encode() if "body" in asked else b""
    path, _mark, query = asked["path"].partition("?")
    environ = {
        "REQUEST_METHOD": asked.get("method", "GET"),
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "localhost",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        **{
            f"HTTP_{name.upper().replace('-', '_')}": value
            for name, value in asked.get("headers", {}).items()
        },
    }
    begun: list[Any] = []
    answer = site(environ, lambda status, headers, exc_info=None: begun.extend([status, headers]))
    content = b"".join(answer)
    answer.close()  # type: ignore[attr-defined]
    return int(begun[0][:3]), dict(begun[1]), content


def database_cpu() -> float:
    """Return the CPU time that the database spent for our connection so far."""
    from django.db import connection  # noqa: PLC0415 - not before the site is loaded

    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    # In nanoseconds: the ticks of `stat` are as long as five requests.
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def cost(requests: list[dict[str, Any]]) -> dict[str, Any]:
    """Answer requests, and return what each of them cost on average, and the last answer."""
    gc.collect()
    before = database_cpu()
    begun = time.process_time()
    answers = [answered(one) for one in requests]
    ours = 1000 * (time.process_time() - begun)
    theirs = database_cpu() - before
    status, headers, content = answers[-1]
    return {
        "site": ours / len(requests),
        "database": theirs / len(requests),
        "statuses": sorted({one[0] for one in answers}),
        "headers": headers,
        "content": content.decode(),
    }


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(cost(json.loads(line))), file=answers_to, flush=True)
