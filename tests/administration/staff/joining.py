"""A new member of staff, as an administrator enters them."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.administration.staff.joining import NewMember
from portal.administration.staff.practitioners import PractitionerChoice
from portal.models import Account

EMAIL = "grace.lindqvist@hospital.example"


NOBODY = PractitionerChoice("", "", "", "", "", frozenset())


def a_new_member(*roles: Role, **choice: Any) -> NewMember:
    facts = {"prefix": "Dr", "given": "Grace", "family": "Lindqvist", **choice}
    return NewMember("Dr Grace Lindqvist", EMAIL, frozenset(roles), replace(NOBODY, **facts))


def staff_beside(database: Session, administrator: Account) -> list[Account]:
    database.rollback()
    return list(database.scalars(select(Account).where(Account.id != administrator.id)))
