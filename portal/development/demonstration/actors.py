"""The people who act in the demonstration: its reception, administrator and clinicians."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor, Role
from portal.development.cognito.people import SIAN_DAVIES, WEI_LING_CHEN
from portal.models import Account, Practitioner


@dataclass(frozen=True)
class Actors:
    """`clinicians` are by practitioner's id; most of them have no account and act only here."""

    reception: Actor
    administrator: Actor
    clinicians: dict[int, Actor]


def actors(session: Session) -> Actors:
    accounts = {account.subject: account for account in session.scalars(select(Account))}
    return Actors(
        reception=accounts[SIAN_DAVIES.sub].actor(),
        administrator=accounts[WEI_LING_CHEN.sub].actor(),
        clinicians={row.id: _clinician(row) for row in session.scalars(select(Practitioner))},
    )


def _clinician(practitioner: Practitioner) -> Actor:
    role = Role.DOCTOR if practitioner.prefix else Role.NURSE
    return Actor(
        account_id=None,
        ref=practitioner.ref,
        name=practitioner.name,
        roles=frozenset({role}),
        practitioner_id=practitioner.id,
    )
