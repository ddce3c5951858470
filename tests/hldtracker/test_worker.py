"""The worker with its real brokers: a wake-up call that is sent is heard."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The real application, with a broker and one task of its own.
WORKER = """
import os, pathlib
from hldtracker.celery import app

if folder := os.environ.get("BROKER_FOLDER"):
    app.conf.broker_transport_options = {
        **app.conf.broker_transport_options,
        "data_folder_in": folder, "data_folder_out": folder, "control_folder": folder,
    }
else:
    app.conf.broker_transport_options = {
        **app.conf.broker_transport_options, "global_keyprefix": os.environ["KEY_PREFIX"]
    }

@app.task(name="wake_up")
def wake_up(path):
    pathlib.Path(path).write_text("heard")
"""


@pytest.fixture(params=["files", pytest.param("redis", marks=pytest.mark.redis)])
def broker(request, tmp_path):
    """Return the environment of a worker with an empty broker of each kind."""
    chosen = {"BROKER_FOLDER": str(tmp_path)}
    if request.param == "redis":
        url = request.getfixturevalue("redis_url")
        chosen = {"REDIS_URL": url, "KEY_PREFIX": f"hldt-test-{tmp_path.name}-{os.getpid()}:"}
    (tmp_path / "wired.py").write_text(WORKER)
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)]),
        "DJANGO_SETTINGS_MODULE": "hldtracker.settings",
        **chosen,
    }


def test_a_call_that_is_sent_is_heard(broker, tmp_path):
    heard = tmp_path / "heard"
    command = [sys.executable, "-m", "celery", "-A", "wired", "worker", "-P", "threads", "-c", "1"]
    send = f"import wired; wired.wake_up.delay({str(heard)!r})"
    with (tmp_path / "log").open("w") as log:
        worker = subprocess.Popen(command, cwd=ROOT, env=broker, stdout=log, stderr=log)
        try:
            subprocess.run([sys.executable, "-c", send], cwd=ROOT, env=broker, check=True)
            deadline = time.monotonic() + 20
            while not heard.exists() and worker.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
        finally:
            worker.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                worker.wait(15)
            worker.kill()

    assert heard.exists(), (tmp_path / "log").read_text()


def test_the_timetable_names_tasks_that_exist():
    from hldtracker import celery_app, settings  # noqa: PLC0415 - the real settings

    celery_app.loader.import_default_modules()

    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert named <= set(celery_app.tasks)
