"""Who may act for whom, and until when. Pure."""

from datetime import date

from portal.errors import Refused
from portal.models import Relationship

OF_A_CHILD = (Relationship.PARENT, Relationship.GUARDIAN)


def birthday(birth_date: date, age: int) -> date:
    """The day on which somebody reaches the age; born on 29 February, in other years on 1 March."""
    try:
        return birth_date.replace(year=birth_date.year + age)
    except ValueError:
        return date(birth_date.year + age, 3, 1)


def ends_on(relationship: Relationship, birth_date: date, age: int) -> date | None:
    """First day on which the relationship no longer holds; None for one that ends by hand only.

    `age` is that at which a parent's or guardian's say ends.
    """
    return birthday(birth_date, age) if relationship in OF_A_CHILD else None


def proxies_for(birth_date: date, today: date, age: int) -> tuple[Relationship, ...]:
    """As what somebody may act for a patient of this age."""
    return OF_A_CHILD if today < birthday(birth_date, age) else (Relationship.CARER,)


def require_fitting(relationship: Relationship, birth_date: date, today: date, age: int) -> None:
    """Raises `Refused` for a relationship that is none of `proxies_for`."""
    if relationship in proxies_for(birth_date, today, age):
        return
    if today < birthday(birth_date, age):
        raise Refused(f"Only a parent or guardian can act for somebody under {age}.")
    raise Refused(f"Only a carer can act for somebody of {age} or older.")
