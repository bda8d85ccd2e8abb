"""Names with the frequencies of a British town: common names are common here too.

The shares of the family names follow published counts of the commonest ones in England and Wales;
the many rare ones are put together from syllables. Any similarity to a real person is a coincidence.
"""

from itertools import accumulate, product
from random import Random


def _words(text: str) -> list[str]:
    return text.split()


COMMON_FAMILIES = {
    "Smith": 1.15, "Jones": 0.94, "Williams": 0.66, "Taylor": 0.53, "Brown": 0.51,
    "Davies": 0.48, "Patel": 0.40, "Evans": 0.39, "Khan": 0.38, "Wilson": 0.35,
    "Johnson": 0.34, "Thomas": 0.34, "Ahmed": 0.33, "Roberts": 0.33, "Robinson": 0.29,
    "Wright": 0.28, "Singh": 0.28, "Walker": 0.28, "Thompson": 0.28, "White": 0.28,
    "Hughes": 0.27, "Edwards": 0.27, "Hall": 0.26, "Green": 0.26, "Begum": 0.25,
    "Wood": 0.25, "Lewis": 0.24, "Harris": 0.24, "Ali": 0.23, "Jackson": 0.23,
    "Clarke": 0.23, "Hussain": 0.22, "Turner": 0.22, "Hill": 0.22, "Cooper": 0.21,
    "Scott": 0.21, "Kaur": 0.20, "Moore": 0.20, "Ward": 0.20, "Morris": 0.20,
    "O'Neill": 0.07, "Kowalska-Nowak": 0.02, "Nguyễn": 0.05, "Müller": 0.02, "Fernández": 0.03,
}  # fmt: skip
"""Percent of the people."""

_BEGINNINGS = _words(
    "Ash Bar Black Brad Bram Brook Burn Cal Car Cham Clif Col Cran Dal Dun East Elm Far Fen Fair "
    "Gar Gil Grey Had Ham Hart Hather Hay Hazel High Hol Hunt Kel Ken Lang Lin Long Lock Mar Mel "
    "Mid Mor New Nor Oak Old Pem Pres Rad Rams Red Rock Rush Sel Shel Stan Stock Sut Thorn Wal "
    "Wes Whit Win Wool"
)
_ENDINGS = _words(
    "bank borne bourne bridge brook bury by combe cott croft dale den don field ford gate grave "
    "ham hill holme hurst land lea ley low man mere more ridge rick shaw sley stead stone ter "
    "thorpe ton tree wall ward water way well wick wood worth"
)
RARE_FAMILIES = [beginning + ending for beginning, ending in product(_BEGINNINGS, _ENDINGS)]

FEMALE = _words(
    "Margaret Susan Sarah Jean Patricia Olivia Emma Mary Elizabeth Jessica Amelia Charlotte Karen "
    "Helen Laura Emily Sophie Claire Rebecca Joan Nicola Lucy Hannah Rachel Anne Chloe Jacqueline "
    "Dorothy Grace Isla Ava Fatima Aisha Priya Ananya Siobhán Niamh Zuzana Agnieszka Mei Inês "
    "Beatrice Eleanor Ruth Poppy Gemma Harriet Ingrid Wanjiru Folasade"
)
MALE = _words(
    "David John Paul James Oliver George Michael Peter Robert Mohammed Jack Thomas Andrew William "
    "Christopher Stephen Mark Daniel Harry Matthew Richard Alan Kevin Joshua Brian Simon Jacob "
    "Noah Arthur Leo Muhammad Ali Arjun Rohan Seán Rhys Piotr Jakub Wei João Frederick Hamish "
    "Martin Graham Kwame Babatunde Tariq Yusuf Diego Štefan"
)


def _by_rank(names: list[str]) -> list[float]:
    """Cumulative shares, which fall with the rank as those of given names do."""
    return list(accumulate(1 / (rank + 6) for rank in range(len(names))))


_FAMILIES = [*COMMON_FAMILIES, *RARE_FAMILIES]
_REST = (100 - sum(COMMON_FAMILIES.values())) / len(RARE_FAMILIES)
_FAMILY_SHARES = list(accumulate([*COMMON_FAMILIES.values(), *[_REST] * len(RARE_FAMILIES)]))
_FEMALE_SHARES, _MALE_SHARES = _by_rank(FEMALE), _by_rank(MALE)


def family(random: Random) -> str:
    return random.choices(_FAMILIES, cum_weights=_FAMILY_SHARES)[0]


def given(random: Random, gender: str) -> str:
    """A first name and often a second one; `gender` is `female` or `male`."""
    names, shares = (FEMALE, _FEMALE_SHARES) if gender == "female" else (MALE, _MALE_SHARES)
    return " ".join(random.choices(names, cum_weights=shares, k=random.choice((1, 1, 2))))


_SPECIALTIES = _words(
    "Heart Diabetes Children's Eye Skin Fracture Hearing Sleep Pain Chest Kidney Liver Hand Foot "
    "Back Memory Allergy Thyroid Blood Voice"
)


def clinic(number: int) -> str:
    """The name of the clinic with this number, from 1."""
    round_, place = divmod(number - 1, len(_SPECIALTIES))
    return f"{_SPECIALTIES[place]} clinic {round_ + 1}"
