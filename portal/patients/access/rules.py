"""Who may act for whom, and until when. Pure."""

from datetime import date

from portal.errors import Unfit
from portal.vocabulary import Relationship

OF_A_CHILD = (Relationship.PARENT, Relationship.GUARDIAN)


def birthday(birth_date: date, age: int) -> date:
    """The day on which a person reaches the age. For a birth on 29 February it may be 1 March."""
    try:
        return birth_date.replace(year=birth_date.year + age)
    except ValueError:
        return date(birth_date.year + age, 3, 1)


def ends_on(relationship: Relationship, birth_date: date, age: int) -> date | None:
    """The first day without the relationship; None when only reception ends it.

    At `age` a parent or guardian no longer acts for a child.
    """
    return birthday(birth_date, age) if relationship in OF_A_CHILD else None


def proxies_for(birth_date: date, today: date, age: int) -> tuple[Relationship, ...]:
    """The relationships that allow acting for a patient of this age."""
    return OF_A_CHILD if today < birthday(birth_date, age) else (Relationship.CARER,)


def require_fitting(relationship: Relationship, birth_date: date, today: date, age: int) -> None:
    """Raises `Unfit` for a relationship that is not in `proxies_for`."""
    if relationship in proxies_for(birth_date, today, age):
        return
    if today < birthday(birth_date, age):
        raise Unfit("relationship", f"Only a parent or guardian can act for somebody under {age}.")
    raise Unfit("relationship", f"Only a carer can act for somebody of {age} or older.")
