"""The hospital itself: four clinics, a dozen practitioners, and the sessions of their week."""

from dataclasses import dataclass
from datetime import time

from portal.development.cognito.people import GRACE_MENSAH, PRIYA_RAMAN, TOMASZ_ZIELINSKI
from portal.vocabulary import Mode

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
SLOT_MINUTES = 20
OPENS, CLOSES = time(8), time(19)
DAY = (time(8), time(18))
"""Extra clinics are within these hours. Nobody would believe one at 3 in the morning."""
MORNING = (time(9), time(12, 20))
AFTERNOON = (time(13, 20), time(16, 40))
EVENING = (time(17), time(19))

HEART = "Heart clinic"
CHILDREN = "Children's clinic"
DIABETES = "Diabetes clinic"
JOINTS = "Bone and joint clinic"


@dataclass(frozen=True)
class ClinicFacts:
    name: str
    phone: str
    address: str
    reasons: tuple[str, ...]
    """Why people come, in their own words."""


@dataclass(frozen=True)
class Sessions:
    """The same hours on several days (`Mon Tue`), in the hospital's local time."""

    days: str
    hours: tuple[time, time]
    mode: Mode = Mode.IN_PERSON

    @property
    def weekdays(self) -> list[int]:
        return [WEEKDAYS.index(day) for day in self.days.split()]


@dataclass(frozen=True)
class PractitionerFacts:
    """Somebody who sees patients. Their first clinic is where their sessions are."""

    prefix: str
    given: str
    family: str
    specialty: str
    clinics: tuple[str, ...]
    sessions: tuple[Sessions, ...]


CLINICS = (
    ClinicFacts(
        *(HEART, "01632 960201", "Level 2, east wing"),
        ("Yearly check", "My heart races at night", "Results of the 24-hour tape", "New tablets"),
    ),
    ClinicFacts(
        *(CHILDREN, "01632 960202", "Ground floor, garden wing"),
        ("Asthma review", "Cough that won't go away", "Hearing check", "Rash after peanuts"),
    ),
    ClinicFacts(
        *(DIABETES, "01632 960203", "Level 1, east wing"),
        ("Yearly check", "Blood sugar too high in the mornings", "Insulin pump", "Foot check"),
    ),
    ClinicFacts(
        *(JOINTS, "01632 960204", "Level 1, west wing"),
        (
            "My knee gives way on stairs",
            "Six weeks after the operation",
            "Stiff hands",
            "Back pain",
        ),
    ),
)


def reasons_at(clinic: str) -> tuple[str, ...]:
    return next(one.reasons for one in CLINICS if one.name == clinic)


PRACTITIONERS = (
    PractitionerFacts(
        *("Dr", PRIYA_RAMAN.given_name, PRIYA_RAMAN.family_name, "Cardiology", (HEART,)),
        (
            Sessions("Mon Tue Wed Thu Fri", MORNING),
            Sessions("Mon Thu", AFTERNOON),
            Sessions("Wed", AFTERNOON, Mode.VIDEO),
        ),
    ),
    PractitionerFacts(
        *("Dr", "Owen", "Griffiths", "Cardiology", (HEART,)),
        (Sessions("Tue Thu", MORNING), Sessions("Tue Fri", AFTERNOON, Mode.PHONE)),
    ),
    PractitionerFacts(
        *("", GRACE_MENSAH.given_name, GRACE_MENSAH.family_name, "Cardiac nursing"),
        (HEART, DIABETES),
        (Sessions("Mon Wed Fri", AFTERNOON), Sessions("Tue", EVENING)),
    ),
    PractitionerFacts(
        *("Dr", TOMASZ_ZIELINSKI.given_name, TOMASZ_ZIELINSKI.family_name, "Paediatrics"),
        (CHILDREN,),
        (
            Sessions("Mon Tue Wed Thu Fri", AFTERNOON),
            Sessions("Mon Wed Fri", MORNING),
            Sessions("Tue", MORNING, Mode.PHONE),
        ),
    ),
    PractitionerFacts(
        *("Dr", "Ngozi", "Eze", "Paediatric respiratory medicine", (CHILDREN,)),
        (Sessions("Mon Thu", MORNING), Sessions("Wed", EVENING)),
    ),
    PractitionerFacts(
        *("", "Fatima", "Rahman", "Children's nursing", (CHILDREN,)),
        (Sessions("Tue Thu", AFTERNOON),),
    ),
    PractitionerFacts(
        *("Dr", "Hannah", "Goldberg", "Diabetes and endocrinology", (DIABETES,)),
        (Sessions("Mon Wed Fri", MORNING), Sessions("Thu", AFTERNOON, Mode.VIDEO)),
    ),
    PractitionerFacts(
        *("Dr", "Mateus", "Carvalho", "Diabetes and endocrinology", (DIABETES,)),
        (Sessions("Tue Thu", MORNING), Sessions("Tue", AFTERNOON, Mode.PHONE)),
    ),
    PractitionerFacts(
        *("", "Aoife", "Brennan", "Diabetes nursing", (DIABETES,)),
        (Sessions("Mon Wed", AFTERNOON), Sessions("Thu", EVENING)),
    ),
    PractitionerFacts(
        *("Mr", "Alasdair", "Munro", "Orthopaedic surgery", (JOINTS,)),
        (Sessions("Mon Wed", MORNING), Sessions("Fri", AFTERNOON)),
    ),
    PractitionerFacts(
        *("Dr", "Yuki", "Tanaka", "Rheumatology", (JOINTS,)),
        (Sessions("Tue Thu", MORNING), Sessions("Mon", AFTERNOON, Mode.VIDEO)),
    ),
    PractitionerFacts(
        *("", "Daniel", "Osei", "Physiotherapy", (JOINTS,)),
        (Sessions("Tue Wed Thu", AFTERNOON), Sessions("Mon", EVENING)),
    ),
)
