"""Some hundreds of believable patients, from newborn to ninety-five; the same ones for the same seed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from unicodedata import normalize

from portal.development.demonstration.names import FEMALE, LANGUAGES, MALE, ORIGINS, STREETS
from portal.patients.registration.rules import Demographics
from portal.vocabulary import AdministrativeGender

AGES = ((0, 1, 9), (1, 5, 36), (5, 16, 54), (16, 40, 75), (40, 65, 94), (65, 85, 78), (85, 96, 24))
"""From, below, and how many of that age. Hospitals see more old people than a street does."""
UNREACHABLE = 0.08
KIN = {FEMALE: ("Wife", "Daughter", "Sister"), MALE: ("Husband", "Son", "Brother")}
KIN_OF_CHILD = {FEMALE: ("Mother",), MALE: ("Father",)}


@dataclass
class _Numbers:
    """Numbers that Ofcom reserves for drama, none twice. Those of the named people are lower."""

    mobiles: Iterator[int] = field(default_factory=lambda: iter(range(110, 1000)))
    landlines: Iterator[int] = field(default_factory=lambda: iter(range(300, 1000)))

    def mobile(self) -> str:
        return f"07700 900{next(self.mobiles)}"

    def landline(self) -> str:
        return f"01632 960{next(self.landlines)}"


def patients(random: Random, today: date) -> Iterator[Demographics]:
    """Everybody except the named people. A few have the same name, as in any town."""
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


def _patient(random: Random, born: date, numbers: _Numbers, today: date) -> Demographics:
    origin = random.randrange(len(ORIGINS))
    gender = random.choice((FEMALE, MALE))
    given, family = _name(random, origin, gender), _family(random, origin)
    is_child = born > _years_before(today, 16)
    has_email = not is_child and random.random() > UNREACHABLE
    theirs = random.choice((FEMALE, MALE))
    # Nobody is their own wife: with the same family name, the first name must differ.
    relative = next(
        name for name in iter(lambda: _name(random, origin, theirs), None) if name != given
    )
    kin = random.choice(KIN_OF_CHILD[theirs] if is_child else KIN[theirs])
    return Demographics(
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


def address(random: Random) -> str:
    """An address in a town that does not exist, with a postcode that does not exist."""
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
