"""The addresses of the staff pages, and the input for them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Account

STAFF, NEW = "/administration/staff", "/administration/staff/new"


TYPED = {
    "given": "Siân",
    "family": "Davies",
    "email": "sian.davies@hospital.example",
    "roles": ["reception"],
}


def others(database: Session) -> list[Account]:
    database.rollback()
    accounts = database.scalars(select(Account).where(Account.name != "Wei-Ling Chen"))
    return list(accounts)
