"""What happens next in the hospital: who comes, and what for."""

from collections import Counter
from collections.abc import Coroutine, Sequence
from random import Random

from tests.drill import people, reception
from tests.drill.population import Population
from tests.drill.visitor import Visitor

HOW_OFTEN = {
    "book": 6, "rush": 3, "move": 3, "cancel": 2, "look_at_home": 5,
    "register": 3, "search": 3, "check_in": 3, "sign_in": 1, "hand_in": 1, "fetch": 1,
}  # fmt: skip
"""The relative frequency of each kind of visit."""
RUSHING = 3
"""How many people want the same time at once."""

Visit = tuple[Visitor, Coroutine[None, None, None]]


class Diary:
    """The people, and what is still available to them."""

    def __init__(
        self,
        population: Population,
        patients: Sequence[Visitor],
        desks: Sequence[Visitor],
        newcomers: Sequence[Visitor],
        random: Random,
    ) -> None:
        self._clinics = population.clinics
        self._wanted = list(population.wanted)
        self._expected = list(population.expected_today)
        self._patients, self._desks, self._newcomers = patients, desks, newcomers
        self._random = random
        self._names = [(one.name, one.patient_ref) for one in population.patients]
        self.turned_away: Counter[str] = Counter()
        owners = {visitor.person.patient_ref: visitor for visitor in patients}
        for person, appointment, slot in population.booked:
            owners[person.patient_ref].appointments[appointment] = slot
        self._papers = [
            (ref, sha256, owners[person.patient_ref]) for person, ref, sha256 in population.papers
        ]

    def next(self) -> list[Visit]:
        """The visits that begin together. None when nobody is free, which `turned_away` counts."""
        [kind] = self._random.choices(list(HOW_OFTEN), list(HOW_OFTEN.values()))
        visits: list[Visit] = getattr(self, f"_{kind}")()
        if not visits:
            self.turned_away[kind] += 1
        return visits

    def _book(self) -> list[Visit]:
        clinic = self._random.choice(self._clinics)
        return [(one, people.book(one, clinic)) for one in self._free(self._patients)]

    def _rush(self) -> list[Visit]:
        # Later visitors may want the same time.
        slot = self._wanted[-1]
        if self._random.random() < 0.5 and len(self._wanted) > 1:
            self._wanted.pop()
        return [(one, people.rush(one, slot)) for one in self._free(self._patients, RUSHING)]

    def _move(self) -> list[Visit]:
        return [(one, people.move(one, which)) for one, which in self._with_an_appointment()]

    def _cancel(self) -> list[Visit]:
        return [(one, people.cancel(one, which)) for one, which in self._with_an_appointment()]

    def _look_at_home(self) -> list[Visit]:
        return [(one, people.look_at_home(one)) for one in self._free(self._patients)]

    def _register(self) -> list[Visit]:
        return [(one, reception.register(one)) for one in self._free(self._desks)]

    def _search(self) -> list[Visit]:
        return [(one, reception.search(one, *self._a_name())) for one in self._free(self._desks)]

    def _check_in(self) -> list[Visit]:
        if not self._expected:
            return []
        return [
            (one, reception.check_in(one, *self._expected.pop())) for one in self._free(self._desks)
        ]

    def _sign_in(self) -> list[Visit]:
        return [(one, people.sign_in(one)) for one in self._free(self._newcomers)]

    def _hand_in(self) -> list[Visit]:
        return [(one, people.hand_in(one)) for one in self._free(self._patients)]

    def _fetch(self) -> list[Visit]:
        free = [one for one in self._papers if not one[2].is_busy]
        papers = self._random.sample(free, min(1, len(free)))
        return [(owner, people.fetch(owner, ref, sha256)) for ref, sha256, owner in papers]

    def _a_name(self) -> tuple[str, str]:
        return self._random.choice(self._names)

    def _free(self, visitors: Sequence[Visitor], number: int = 1) -> list[Visitor]:
        free = [one for one in visitors if not one.is_busy]
        return self._random.sample(free, min(number, len(free)))

    def _with_an_appointment(self) -> list[tuple[Visitor, str]]:
        having = [one for one in self._patients if one.appointments]
        return [(one, self._random.choice(list(one.appointments))) for one in self._free(having)]
