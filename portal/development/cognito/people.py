"""The named people of the development sign-in. Nobody here is real.

The demonstration hospital links its patients and practitioners to these `sub` values, so they never
change.
"""

from dataclasses import dataclass

GROUPS = {
    "doctor": "Doctors",
    "nurse": "Nurses",
    "reception": "Reception",
    "administrator": "Administrators",
}


@dataclass(frozen=True, kw_only=True)
class NamedPerson:
    """A person who can sign in from the first start on.

    `role` is what the sign-in page shows beside the name; `group` is their Cognito group, none for
    patients; `child` is the full name of a child for whom they act and who has no account.
    """

    sub: str
    given_name: str
    family_name: str
    role: str
    sentence: str
    group: str | None = None
    child: str | None = None
    email: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


AMINA_OKAFOR = NamedPerson(
    sub="76b12aa3-c1b9-4e5c-b190-43be5d7f8c00",
    given_name="Amina",
    family_name="Okafor",
    role="patient",
    sentence="Has appointments behind her and one ahead.",
    email="amina.okafor@example.org",
)
LEILA_HADDAD = NamedPerson(
    sub="4ecbd004-bf03-485b-868b-1e741c6f83a7",
    given_name="Leila",
    family_name="Haddad",
    role="patient and mother",
    sentence="Acts for herself and for her son Sami, who has no account of his own.",
    child="Sami Haddad",
    email="leila.haddad@example.org",
)
CALLUM_FRASER = NamedPerson(
    sub="e78bb7c2-f19d-4be0-8d1b-b93d71e1795f",
    given_name="Callum",
    family_name="Fraser",
    role="new patient",
    sentence="Has an account but no record yet: needs the one-time code that reception gives.",
    email="callum.fraser@example.org",
)
PRIYA_RAMAN = NamedPerson(
    sub="908e003f-5615-4de8-a40f-f7e68a474f88",
    given_name="Priya",
    family_name="Raman",
    role="doctor",
    sentence="Has a clinic today.",
    group="doctor",
    email="priya.raman@example.org",
)
TOMASZ_ZIELINSKI = NamedPerson(
    sub="3d179b19-f5ce-44a0-af0c-cd5616ed23c2",
    given_name="Tomasz",
    family_name="Zieliński",
    role="doctor",
    sentence="Works in another clinic, with other patients.",
    group="doctor",
    email="tomasz.zielinski@example.org",
)
GRACE_MENSAH = NamedPerson(
    sub="35c133e2-bb32-4648-b5ff-fc21a33b350c",
    given_name="Grace",
    family_name="Mensah",
    role="nurse",
    sentence="Works beside the doctors in the clinic.",
    group="nurse",
    email="grace.mensah@example.org",
)
SIAN_DAVIES = NamedPerson(
    sub="fcf457a1-6825-407c-8d0b-85cfced13902",
    given_name="Siân",
    family_name="Davies",
    role="reception",
    sentence="Registers patients, books and checks them in.",
    group="reception",
    email="sian.davies@example.org",
)
WEI_LING_CHEN = NamedPerson(
    sub="21db6dfe-9bbe-4c8f-a89d-54d1d98bdcd6",
    given_name="Wei-Ling",
    family_name="Chen",
    role="administrator",
    sentence="Runs staff accounts, clinics and their hours. Sees no clinical content.",
    group="administrator",
    email="wei-ling.chen@example.org",
)

NAMED_PEOPLE = (
    AMINA_OKAFOR,
    LEILA_HADDAD,
    CALLUM_FRASER,
    PRIYA_RAMAN,
    TOMASZ_ZIELINSKI,
    GRACE_MENSAH,
    SIAN_DAVIES,
    WEI_LING_CHEN,
)
