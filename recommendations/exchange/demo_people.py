"""The people of the demo: named for what they are, marked, and without any other use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.utils.crypto import salted_hmac

from agencies import people as sign_in
from agencies import revisions
from agencies.models import Agency, Appointment, Membership, User
from recommendations.exchange import demo_plan
from recommendations.models import Framework

DOMAIN = "demo.example"
SIGN_INS = (
    ("ILO focal point", f"ilo.focal@{DOMAIN}"),
    ("ILO alternate", f"ilo.alternate@{DOMAIN}"),
    ("IOM focal point", f"iom.focal@{DOMAIN}"),
    ("Coordinator", f"coordinator@{DOMAIN}"),
    ("Administrator", f"administrator@{DOMAIN}"),
    ("Observer", f"observer@{DOMAIN}"),
)
"""The people that are offered to a newcomer: role, address."""


@dataclass(frozen=True)
class People:
    """Everybody in the demo, by what they do."""

    focal_points: dict[str, User]
    alternates: dict[str, User]
    coordinator: User
    second_coordinator: User
    administrator: User


def password() -> str:
    """Return the password of every demo person: its own for each installation.

    Made from the secret key, so that it can be printed at every start and is kept nowhere.
    """
    return "demo-" + salted_hmac("hldtracker.demo", "password", algorithm="sha256").hexdigest()[:12]


def enter(framework: Framework, *, at: datetime) -> People:
    """Enter everybody, as an administrator would, each with an address that can sign in."""
    entry = Entry(framework, make_password(password()), at)
    agencies = list(Agency.objects.order_by("id"))
    focal_points = {
        agency.code: entry.of_agency(
            agency, "focal point", "focal", Membership.Capacity.FOCAL_POINT
        )
        for agency in agencies
    }
    alternates = {
        agency.code: entry.of_agency(
            agency, "alternate", "alternate", Membership.Capacity.ALTERNATE
        )
        for agency in agencies
        if agency.code in demo_plan.ALTERNATES
    }
    unfpa = next(agency for agency in agencies if agency.code == "UNFPA")
    both = entry.of_agency(unfpa, "coordinator", "coordinator", Membership.Capacity.ALTERNATE)
    entry.appoint(both, Appointment.Office.COORDINATOR, everywhere=False)
    people = People(
        focal_points=focal_points,
        alternates=alternates,
        coordinator=entry.person("Coordinator", "coordinator"),
        second_coordinator=entry.person("Second coordinator", "second.coordinator"),
        administrator=entry.person("Administrator", "administrator"),
    )
    entry.appoint(people.coordinator, Appointment.Office.COORDINATOR, everywhere=False)
    entry.appoint(people.second_coordinator, Appointment.Office.COORDINATOR, everywhere=True)
    entry.appoint(people.administrator, Appointment.Office.ADMINISTRATOR, everywhere=True)
    observer = entry.person("Observer", "observer")
    entry.appoint(observer, Appointment.Office.OBSERVER, everywhere=False)
    return people


@dataclass(frozen=True)
class Entry:
    """What all demo people have in common: framework, hashed password, moment of entry."""

    framework: Framework
    hashed: str
    at: datetime

    def person(self, name: str, mailbox: str) -> User:
        """Enter a person with an address that can sign in."""
        made = User(email=f"{mailbox}@{DOMAIN}", name=name, is_demo=True, password=self.hashed)
        return sign_in.enter(made, by=None, at=self.at)

    def of_agency(
        self, agency: Agency, word: str, mailbox: str, capacity: Membership.Capacity
    ) -> User:
        """Enter a person who acts for an agency."""
        made = self.person(f"{agency.acronym} {word}", f"{agency.code.lower()}.{mailbox}")
        membership = Membership(user=made, agency=agency, capacity=capacity, from_on=self.at.date())
        revisions.create(membership, by=None, at=self.at)
        return made

    def appoint(self, user: User, office: Appointment.Office, *, everywhere: bool) -> None:
        """Give a person an office, for this framework or for all of them."""
        framework = None if everywhere else self.framework
        appointment = Appointment(
            user=user, office=office, framework=framework, from_on=self.at.date()
        )
        revisions.create(appointment, by=None, at=self.at)
