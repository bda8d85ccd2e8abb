"""How large a measured hospital is, and how its clinics are laid out."""

from dataclasses import dataclass

PER_CLINIC = 5
"""Practitioners of one clinic."""
SLOTS_A_DAY = 10
"""Slots of one practitioner's day: a morning of twenty minutes each."""
LONGEST_HISTORY = 1000
"""Days for which a clinic has had slots, before another clinic's book begins to be filled."""
DAYS_AHEAD = 56


@dataclass(frozen=True, slots=True)
class Size:
    """Rows of a measured hospital. Pages show the same for every size: only tables grow."""

    patients: int
    practitioners: int
    slots: int
    appointments: int

    @classmethod
    def of(cls, patients: int, practitioners: int = 200) -> "Size":
        """Twenty slots and ten appointments for each patient."""
        return cls(patients, practitioners, 20 * patients, 10 * patients)

    @property
    def clinics(self) -> int:
        return self.practitioners // PER_CLINIC

    @property
    def working_clinics(self) -> int:
        """Those with slots. A small hospital fills one clinic's days, not forty clinics' hours."""
        needed = -(-self.slots // (PER_CLINIC * SLOTS_A_DAY * LONGEST_HISTORY))
        return min(max(needed, 1), self.clinics)

    @property
    def slots_a_day(self) -> int:
        return self.working_clinics * PER_CLINIC * SLOTS_A_DAY

    @property
    def days_ahead(self) -> int:
        return min(DAYS_AHEAD, self.days // 2)

    @property
    def days(self) -> int:
        return self.slots // self.slots_a_day
