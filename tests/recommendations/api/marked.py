"""A world in which every private text says whose it is and who may read it.

A marker is `zq`, the agency, `x`, and its readers: `own` (its focal point in person), `alone`
(the agency), `sides` (the agency and who oversees the framework), `steering` (who oversees),
`offices` (the agency and who oversees any framework: the names of those who act for it),
`shown` (everybody). Secrets are for nobody: they stand in `secrets`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from agencies import tokens
from agencies.models import Agency, User
from recommendations.domain import evidence
from recommendations.models import Assignment, Delivery, Job, Round, Update
from recommendations.notify.webhooks import signing
from tests import make
from tests.recommendations.notify.telling import told
from tests.recommendations.notify.webhooks.hooks import registered

MARKER = re.compile(rb"zq([a-z]+)x(own|alone|sides|steering|offices|shown)")
DUE = date(2026, 6, 15)
BEGUN = ("kept", "sent", "back", "taken", "decided", "recalled", "asked")
"""What becomes of an update of each agency in the open round."""


class Marked:
    """The agencies ILO and IOM, each with an update in every state, all of them marked."""

    def __init__(self) -> None:
        self.cast = cast = make.cast()
        self.people = {"ilo": cast.ilo_focal_point, "iom": cast.iom_focal_point}
        make.question(cast.framework)
        self.held: dict[tuple[str, str], Assignment] = {}
        for code, agency in self.agencies():
            self.take_on(code, agency)
        self.round = make.open_round(cast, with_questionnaire=True)
        for code, agency in self.agencies():
            self.report(code)
            asked = make.answers_in(self.round, agency)
            body = {"q1": mark(code, "alone")}
            make.drafted(asked, by=self.people[code], body=body)
        self.second = make.open_round(cast, "2026-H2", with_questionnaire=True)
        note = mark("all", "steering")
        make.do("hold", make.planned_round(cast.framework, "2027-H1"), by=self.steering, note=note)
        make.do("hold", self.second, by=self.steering, note="Before the summit.")
        for code, agency in self.agencies():
            update = self.of(code, "kept", self.second)
            self.write(update, code, "sides")
            self.submit(update, code)
            make.approved(update, by=self.steering)
            asked = make.answers_in(self.second, agency)
            make.sent(asked, by=self.people[code], body={"q1": mark(code, "sides")})
            make.approved(asked, by=self.steering)
        self.elsewhere = make.framework("elsewhere", is_default=False)
        self.secrets: list[str] = []
        self.tokens: dict[str, str] = {}
        for code, agency in self.agencies():
            self.own(code, agency)

    @property
    def steering(self) -> User:
        """Return who coordinates."""
        return self.cast.coordinator

    def agencies(self) -> tuple[tuple[str, Agency], ...]:
        """Return both by the word in their markers."""
        return (("ilo", self.cast.ilo), ("iom", self.cast.iom))

    def take_on(self, code: str, agency: Agency) -> None:
        """Take on an action for each update, and decline one."""
        by, word = self.people[code], code.upper()
        for order, name in enumerate((*BEGUN, "declined")):
            action = make.action(self.cast.area, f"{word}-{name}", order=order + 2)
            held = make.proposed(self.cast, agency=agency, action=action)
            verb = "decline" if name == "declined" else "accept"
            note = mark(code, "sides") if name == "declined" else ""
            make.do(verb, held, by=by, note=note)
            self.held[code, name] = held

    def of(self, code: str, name: str, round: Round) -> Update:
        """Return an update of an agency in a round."""
        return make.update_in(round, self.held[code, name])

    def report(self, code: str) -> None:
        """Bring an update of an agency to each state."""
        by, note, round = self.people[code], mark(code, "sides"), self.round
        readers = {"kept": "alone", "recalled": "alone", "decided": "shown", "asked": "alone"}
        found = {name: self.of(code, name, round) for name in BEGUN}
        for name, update in found.items():
            self.write(update, code, readers.get(name, "sides"))
            if name not in ("kept", "asked"):
                self.submit(update, code)
        said = {"field_comments": {"done": note}, "suggestions": {"done": f"{note}, say"}}
        make.do("return", found["back"], by=self.steering, note=note, due_on=DUE, **said)
        make.drafted(found["back"], by=by, body={"done": mark(code, "alone")})
        make.approved(found["taken"], by=self.steering)
        make.do("retract", found["taken"], by=self.steering, note=note, due_on=DUE)
        agreed = {"claim": "differ", "status": "on_hold", "reason": note}
        make.do("approve", found["decided"], by=self.steering, **agreed)
        make.do("withdraw", found["recalled"], by=by)
        make.do("ask", found["asked"].duty, by=by, note=note, until_on=DUE)
        make.do("refuse", found["asked"].duty, by=self.steering, note=note)

    def own(self, code: str, agency: Agency) -> None:
        """Give a person a marked name, token, job and line in the inbox, their agency a webhook."""
        person, word = self.people[code], mark(code, "own")
        User.objects.filter(pk=person.pk).update(name=mark(code, "offices"))
        given: dict[str, Any] = {"agency": None, "at": make.NOW}
        lives = {"valid": make.later(days=30), "revoked": make.later(days=30)}
        for name, expires_at in {**lives, "expired": make.later(minutes=1)}.items():
            scopes = ["read", "report"]
            token, secret = tokens.issue(
                person, name=f"{word} {name}", scopes=scopes, expires_at=expires_at, **given
            )
            self.tokens[f"{name} of {code}"] = secret
            self.secrets += [secret, token.prefix, token.secret_hash]
            if name == "revoked":
                tokens.revoke(token, at=make.NOW)
        Job.objects.create(
            owner=person,
            framework=self.cast.framework,
            kind="check",
            parameters="{}",
            request=code.ljust(64, "0"),
            outcome=word,
            made_at=make.NOW,
        )
        line = told(person, self.of(code, "back", self.round))
        Delivery.objects.filter(pk=line.pk).update(because=word)
        address = f"https://hooks.example.org/{mark(code, 'sides')}"
        webhook = registered(self.cast, agency, address=address)
        self.secrets += [webhook.seed, signing.secret_of(webhook.seed)]

    def write(self, update: Update, code: str, readers: str) -> None:
        """Write a text and its evidence; what is for reviewers only is never shown."""
        by, word = self.people[code], mark(code, readers)
        make.drafted(update, by=by, body={"done": word, "next_steps": word})
        for public in (True, False):
            said = mark(code, "sides") if readers == "shown" and not public else word
            given: dict[str, Any] = {"title": said, "public": public, "by": by, "at": make.NOW}
            evidence.add_link(update, url=f"https://example.org/{said}", **given)
            file = SimpleUploadedFile(f"{said}.pdf", f"%PDF-1.7\n{said}\n".encode())
            evidence.add_file(update, file=file, **given)

    def submit(self, update: Update, code: str) -> None:
        """Send what was written."""
        version = Update.objects.get(pk=update.pk).draft.version
        make.do("submit", update, by=self.people[code], draft_version=version)


def mark(code: str, readers: str) -> str:
    """Return a marker."""
    return f"zq{code}x{readers}"


def found_in(content: bytes) -> set[tuple[str, str]]:
    """Return the markers in an answer: whose, and for whom."""
    return {(one.decode(), two.decode()) for one, two in MARKER.findall(content)}
