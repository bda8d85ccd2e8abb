"""Some hundreds of believable patients, from newborn to ninety-five; the same ones for the same seed."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from unicodedata import normalize

from portal.demonstration.names import FEMALE, LANGUAGES, MALE, ORIGINS, STREETS
from portal.models import AdministrativeGender

AGES = ((0, 1, 9), (1, 5, 36), (5, 16, 54), (16, 40, 75), (40, 65, 94), (65, 85, 78), (85, 96, 24))
"""From, below, and how many of that age: hospitals see more of the old than streets do."""
UNREACHABLE = 0.08


@dataclass(frozen=True, kw_only=True)
class PatientFacts:
    """What reception would know about somebody."""

    family: str
    given: str
    birth_date: date
    gender: AdministrativeGender
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    language: str = "en"
    emergency_name: str | None = None
    emergency_relationship: str | None = None
    emergency_phone: str | None = None


@dataclass
class _Numbers:
    """Numbers of the ranges that Ofcom keeps for drama, none twice; the named people's are lower."""

    mobiles: Iterator[int] = field(default_factory=lambda: iter(range(110, 1000)))
    landlines: Iterator[int] = field(default_factory=lambda: iter(range(300, 1000)))

    def mobile(self) -> str:
        return f"07700 900{next(self.mobiles)}"

    def landline(self) -> str:
        return f"01632 960{next(self.landlines)}"


def patients(random: Random, today: date) -> Iterator[PatientFacts]:
    """Everybody but the named people. A few bear the same name, as in any town."""
    numbers = _Numbers()
    names: set[tuple[str, str]] = set()
    for youngest, older, count in AGES:
        for _ in range(count):
            earliest = _years_before(today, older) + timedelta(days=1)
            latest = min(_years_before(today, youngest), today - timedelta(days=4))
            days = random.randint(0, (latest - earliest).days)
            facts = _patient(random, earliest + timedelta(days=days), numbers, today)
            if (facts.given, facts.family) in names:
                facts = _patient(random, facts.birth_date, numbers, today)
            names.add((facts.given, facts.family))
            yield facts


def _patient(random: Random, born: date, numbers: _Numbers, today: date) -> PatientFacts:
    origin = random.randrange(len(ORIGINS))
    gender = random.choice((FEMALE, MALE))
    given, family = _name(random, origin, gender), _family(random, origin)
    is_child = born > _years_before(today, 16)
    has_email = not is_child and random.random() > UNREACHABLE
    relative = _name(random, origin, random.choice((FEMALE, MALE)))
    kin = "Parent" if is_child else random.choice(("Wife or husband", "Daughter", "Son", "Friend"))
    return PatientFacts(
        family=family,
        given=given,
        birth_date=born,
        gender=gender,
        phone=numbers.mobile() if random.random() > UNREACHABLE else None,
        email=f"{_plain(given)}.{_plain(family)}{born:%y}@example.org" if has_email else None,
        address=address(random),
        language=_language(random, origin),
        emergency_name=f"{relative} {family}",
        emergency_relationship=kin,
        emergency_phone=numbers.landline(),
    )


def as_columns(facts: PatientFacts) -> dict[str, Any]:
    """The facts by the names of `Patient`'s columns."""
    return asdict(facts)


def address(random: Random) -> str:
    """A house in a town that is on no map, with a postcode that no post office knows."""
    postcode = (
        f"AS{random.randint(1, 9)} {random.randint(1, 9)}{''.join(random.choices('BDHJT', k=2))}"
    )
    return f"{random.randint(1, 140)} {random.choice(STREETS)}, Ashcombe, {postcode}"


def _name(random: Random, origin: int, gender: AdministrativeGender) -> str:
    return random.choice(ORIGINS[origin][gender].split())


def _family(random: Random, origin: int) -> str:
    return random.choice(ORIGINS[origin]["family"].split()).replace("-Silva", " Silva")


def _language(random: Random, origin: int) -> str:
    spoken: list[str] = [*LANGUAGES.get(origin, ()), "en", "en", "en"]
    return random.choice(spoken)


def _plain(name: str) -> str:
    letters = normalize("NFKD", name.replace("Đ", "D").replace("đ", "d")).lower()
    return "".join(letter for letter in letters if letter.isascii() and letter.isalpha())


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
