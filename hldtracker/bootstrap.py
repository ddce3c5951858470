"""Makes `.venv` from a lock, with nothing but Python itself: `bootstrap.py base|dev`.

Must be readable by any Python 3, so that a Python that is too old is told so in words.
"""

import hashlib
import os
import subprocess
import sys
import typing

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
LOG = os.path.join(ROOT, "var", "pip.log")
# The dev lock holds everything that the base lock holds.
LOCKS = {"base": ("base",), "dev": ("dev", "base")}


def main(lock: str) -> int:
    """Bring the environment to a lock; does nothing where it stands there already."""
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:3])
        return stop(
            "hldtracker needs Python 3.11 or newer; this is Python " + found + ".\n"
            "Install a newer one, or name it: make up PYTHON=python3.12"
        )
    if os.path.exists(PYTHON) and read(stamp(lock)) == fingerprint(lock):
        return 0
    return make_venv() or install(lock)


def make_venv() -> int:
    """Make the environment, or say which package of the system is missing."""
    if os.path.exists(PYTHON) and run([PYTHON, "-m", "pip", "--version"]):
        return 0
    say("Making .venv …")
    if run([sys.executable, "-m", "venv", "--clear", VENV]):
        return 0
    version = "{}.{}".format(*sys.version_info)
    return stop(
        "This Python cannot make a virtual environment: its venv package is missing.\n"
        "On Debian and Ubuntu: apt-get install python3-venv (or python" + version + "-venv)"
    )


def install(lock: str) -> int:
    """Install a lock with plain pip; every file must have the hash that the lock names."""
    path = os.path.join("requirements", lock + ".txt")
    say("Installing " + path + " …")
    os.makedirs(os.path.dirname(LOG), mode=0o700, exist_ok=True)
    pip = [PYTHON, "-m", "pip"]
    with open(LOG, "w") as log:
        for step in (
            [*pip, "install", "--require-hashes", "--no-deps", "-r", path],
            [*pip, "check"],
        ):
            if not run(step, log):
                return stop(last_lines(LOG) + "The packages cannot be installed; more: var/pip.log")
    for name in LOCKS[lock]:
        with open(stamp(name), "w") as file:
            file.write(fingerprint(name))
    return 0


def run(command: list, log: typing.Any = subprocess.DEVNULL) -> bool:  # type: ignore[type-arg]
    """Run a command without a word to the terminal; say whether it went well."""
    return subprocess.call(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT) == 0


def fingerprint(name: str) -> str:
    """Return what the environment depends on: this Python and the text of the lock."""
    with open(os.path.join(ROOT, "requirements", name + ".txt"), "rb") as file:
        return hashlib.sha256(sys.version.encode() + file.read()).hexdigest()


def stamp(name: str) -> str:
    """Return the file that says which lock is installed."""
    return os.path.join(VENV, "installed-" + name)


def read(path: str) -> str:
    """Return the text of a file, or nothing where there is none."""
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def last_lines(path: str) -> str:
    """Return how a log ends."""
    return "".join(read(path).splitlines(keepends=True)[-15:])


def say(text: str) -> None:
    """Tell the person at the terminal what is going on."""
    print(text, file=sys.stderr, flush=True)


def stop(text: str) -> int:
    """Say why it does not go on."""
    say(text)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
