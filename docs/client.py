"""Report what is due: `client.py report TEXT FILE`; read the decision: `client.py decision NUMBER`.

SITE is the address of the site, TOKEN a token with the scopes read and report.
"""

import hashlib
import os
import sys
from pathlib import Path

import requests

API = os.environ["SITE"] + "/api/v1"
SIGNED = {"Authorization": f"Bearer {os.environ['TOKEN']}"}


def ask(method: str, path: str, headers: dict | None = None, **more) -> requests.Response:
    """Return the answer to a request; a refusal ends the program, but for 412."""
    headers = SIGNED | (headers or {})
    answer = requests.request(method, f"{API}/{path}", headers=headers, timeout=60, **more)
    if answer.status_code >= 400 and answer.status_code != 412:
        sys.exit(answer.text)
    return answer


def write(update: str, text: str) -> str:
    """Write the text below what is there, and return the tag of what was saved."""
    while True:  # where a colleague saved meanwhile (412), their text is read again
        seen = ask("GET", f"{update}/draft/")
        there, match = seen.json(), {"If-Match": seen.headers["ETag"]}
        theirs, status = there["body"].get("done", ""), there["status"] or "in_progress"
        done = theirs if text in theirs else f"{theirs}\n\n{text}".strip()
        said = {"kind": "report", "status": status, "body": {"done": done}}
        saved = ask("PATCH", f"{update}/draft/", json=said, headers=match)
        if saved.status_code != 412:
            return saved.headers["ETag"]


def report(text: str, file: str) -> None:
    """Write into what is due first, add the file and send; the keys make it safe to run again."""
    mine = "updates/?writable=true&duty_state=open&kind=progress&ordering=due_on&limit=1"
    owed = [one["id"] for one in ask("GET", mine).json()["results"] if one["due_on"]]
    update = f"updates/{owed[0]}" if owed else sys.exit("Nothing is due.")
    tag, content = write(update, text), Path(file).read_bytes()
    once = {"Idempotency-Key": f"{update} {hashlib.sha256(content).hexdigest()}"}
    ask("POST", f"{update}/evidence/", files={"file": (Path(file).name, content)}, headers=once)
    once = {"Idempotency-Key": f"{update} {tag}", "If-Match": tag}
    ask("POST", f"{update}/submit/", headers=once).raise_for_status()
    print(owed[0])


def decision(update: str) -> None:
    """Print the newest decision on an update, and what the coordinator says."""
    newest = f"decisions/?update={update}&ordering=-decided_at&limit=1"
    for one in ask("GET", newest).json()["results"]:
        print(one["verb"], one["due_on"] or "", one["comment"])


{"report": report, "decision": decision}[sys.argv[1]](*sys.argv[2:])
