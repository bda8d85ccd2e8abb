"""Those in whose name the demonstration is written: its reception, administrator and clinicians."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor, Role
from portal.models import Account, Practitioner
from portal.signin.development_cognito.people import SIAN_DAVIES, WEI_LING_CHEN


@dataclass(frozen=True)
class Actors:
    """`clinicians` are by practitioner's id; most of them have no account and act only here."""

    reception: Actor
    administrator: Actor
    clinicians: dict[int, Actor]


def actors(session: Session) -> Actors:
    accounts = {account.subject: account for account in session.scalars(select(Account))}
    return Actors(
        reception=_actor(accounts[SIAN_DAVIES.sub]),
        administrator=_actor(accounts[WEI_LING_CHEN.sub]),
        clinicians={row.id: _clinician(row) for row in session.scalars(select(Practitioner))},
    )


def _actor(account: Account) -> Actor:
    return Actor(
        account_id=account.id,
        ref=account.ref,
        name=account.name,
        roles=account.roles,
        practitioner_id=account.practitioner_id,
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
