"""The settings of programs that a test starts: the real ones, in a folder and a time of their own.

`ELSEWHERE` is the folder; `SWEEP_SECONDS` how often the timetable sweeps and reminds.
"""

import os
from pathlib import Path

from hldtracker.settings import *  # noqa: F403
from hldtracker.settings import CELERY_BEAT_SCHEDULE, CELERY_BROKER_TRANSPORT_OPTIONS

FOLDER = Path(os.environ["ELSEWHERE"])
CELERY_BEAT_SCHEDULE_FILENAME = str(FOLDER / f"beat-{os.getpid()}")
SWEEP = float(os.environ.get("SWEEP_SECONDS", "60"))
CELERY_BEAT_SCHEDULE = {
    name: {**entry, "schedule": SWEEP} if name in ("deliver", "remind") else entry
    for name, entry in CELERY_BEAT_SCHEDULE.items()
}
if "data_folder_in" in CELERY_BROKER_TRANSPORT_OPTIONS:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        **CELERY_BROKER_TRANSPORT_OPTIONS,
        "data_folder_in": str(FOLDER),
        "data_folder_out": str(FOLDER),
        "processed_folder": str(FOLDER / "processed"),
        "control_folder": str(FOLDER / "control"),
    }
