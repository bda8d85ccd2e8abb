"""Every form that changes what exists, with its input; and the reason why each other form is not one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from portal.access import Role
from portal.vocabulary import AppointmentStatus
from tests.laws import prepared
from tests.laws.prepared import Prepare, today_in

PATIENT, DOCTOR, RECEPTION = Role.PATIENT, Role.DOCTOR, Role.RECEPTION
ADMINISTRATOR = Role.ADMINISTRATOR
BOOKED, ARRIVED, NOSHOW = (
    AppointmentStatus.BOOKED,
    AppointmentStatus.ARRIVED,
    AppointmentStatus.NOSHOW,
)


@dataclass(frozen=True)
class Change:
    """A form that changes what exists."""

    by: Role
    endpoint: str
    typed: Mapping[str, str] = field(default_factory=dict)
    on: str = ""
    """The page with the form, if it has another address."""
    button: str = ""
    """The value of its button, when a form has several."""
    prepare: Prepare | None = None
    """Makes the page show the form."""
    meanwhile: Prepare | None = None
    """Changes what the form is about, when that has no version."""

    @property
    def page(self) -> str:
        return self.on or self.endpoint

    @property
    def name(self) -> str:
        return f"{self.endpoint} {self.button}".strip()


def day(name: str, when: date) -> dict[str, str]:
    """A date as three boxes send it."""
    return {f"{name}-{part}": str(getattr(when, part)) for part in ("day", "month", "year")}


TODAY = datetime.now(UTC).date()
WHY = {"reason": "It was wrong"}
STEPS = {
    "check_in": (RECEPTION, today_in(BOOKED)),
    "undo_check_in": (RECEPTION, today_in(ARRIVED)),
    "mark_noshow": (RECEPTION, today_in(BOOKED)),
    "undo_noshow": (RECEPTION, today_in(NOSHOW)),
    "start": (DOCTOR, today_in(ARRIVED)),
    "finish": (DOCTOR, today_in(ARRIVED, consulting=True)),
}

CHANGES = (
    Change(ADMINISTRATOR, "clinics.clinic", {"phone": "01632 960 111"}),
    Change(ADMINISTRATOR, "clinics.close_clinic"),
    Change(
        ADMINISTRATOR,
        "clinics.reopen_clinic",
        on="clinics.clinic",
        prepare=prepared.closed_clinic,
    ),
    Change(ADMINISTRATOR, "practitioners.practitioner", {"specialty": "Surgery"}),
    Change(ADMINISTRATOR, "practitioners.deactivate_practitioner"),
    Change(
        ADMINISTRATOR,
        "practitioners.reactivate_practitioner",
        on="practitioners.practitioner",
        prepare=prepared.practitioner_who_left,
    ),
    Change(ADMINISTRATOR, "weekly.change_schedule", {"slot_minutes": "30"}),
    Change(ADMINISTRATOR, "weekly.end_schedule", day("last_day", TODAY + timedelta(days=30))),
    Change(ADMINISTRATOR, "exceptions.end_exception"),
    Change(RECEPTION, "registration.change", {"phone": "01632 960 111"}),
    Change(PATIENT, "registration.contact", {"phone": "01632 960 111"}),
    Change(RECEPTION, "merging.compare", {"reason": "The same passport"}),
    Change(RECEPTION, "merging.undo"),
    Change(RECEPTION, "access.end_proxy"),
    Change(RECEPTION, "death.mark", day("died_on", TODAY)),
    Change(RECEPTION, "death.take_back", prepare=prepared.marked_as_deceased),
    Change(ADMINISTRATOR, "staff.roles", {"roles": Role.RECEPTION.value}),
    Change(ADMINISTRATOR, "staff.disable", on="staff.member"),
    Change(
        ADMINISTRATOR,
        "staff.enable",
        on="staff.member",
        prepare=prepared.disabled_account,
    ),
    Change(ADMINISTRATOR, "staff.reset_password", on="staff.member"),
    Change(DOCTOR, "allergies.change", {"reaction": "Hives"}),
    Change(DOCTOR, "allergies.in_error", WHY),
    Change(
        DOCTOR,
        "allergies.none_known",
        on="allergies.of_patient",
        prepare=prepared.no_active_allergy,
    ),
    Change(DOCTOR, "conditions.change", {"note": "Since the winter"}),
    Change(DOCTOR, "conditions.in_error", WHY),
    Change(DOCTOR, "medications.change", {"dose": "2 capsules"}),
    Change(DOCTOR, "medications.stop", WHY),
    Change(DOCTOR, "medications.in_error", WHY),
    Change(DOCTOR, "observations.change", {"note": "Measured twice"}),
    Change(DOCTOR, "observations.in_error", WHY),
    *(
        Change(
            DOCTOR,
            "drafts.write",
            {"body": "Feels worse."},
            button=button,
            prepare=prepared.a_draft,
        )
        for button in ("save", "sign", "discard")
    ),
    Change(DOCTOR, "results.change", {"note": "Measured twice"}),
    Change(DOCTOR, "results.in_error", WHY),
    Change(
        DOCTOR,
        "releasing.hold",
        {"hold_reason": "To be told in person", **day("hold_until", TODAY + timedelta(days=3))},
    ),
    Change(
        DOCTOR,
        "releasing.talk",
        on="results.of_patient",
        prepare=prepared.chosen_to_wait,
    ),
    Change(DOCTOR, "releasing.end", on="results.of_patient"),
    Change(
        PATIENT,
        "releasing.choose",
        {"when_shown": "after-talk"},
        meanwhile=prepared.chosen_to_wait,
    ),
    Change(ADMINISTRATOR, "emergency_access.review", {"outcome": "justified"}),
    Change(DOCTOR, "withdrawing.withdraw", WHY),
    Change(
        ADMINISTRATOR,
        "review.check_again",
        on="review.files",
        prepare=prepared.damaged_file,
    ),
    Change(ADMINISTRATOR, "notices.send_again", on="notices.notices"),
    Change(ADMINISTRATOR, "notices.send_all_again", on="notices.notices"),
    Change(PATIENT, "booking.book", {"about": "A cough"}, on="booking.confirm"),
    Change(RECEPTION, "booking.overbook", {"why": "Urgent"}, prepare=prepared.a_busy_slot),
    Change(PATIENT, "booking.move", on="booking.confirm_move", prepare=prepared.one_to_move),
    Change(
        PATIENT,
        "booking.cancel",
        {"choice": "No longer needed"},
        prepare=prepared.one_to_move,
    ),
    *(
        Change(by, f"attendance.{step}", on="day_list.day", prepare=prepare)
        for step, (by, prepare) in STEPS.items()
    ),
)

NEW = "it adds something, and changes nothing that was there"
FINDS = "it looks something up, and changes nothing"
CONFIRMED = (
    "it adds something; of the booked times that it takes away, each was shown and confirmed"
)
ONE_STATE = "what it ends has no state but that it goes on; once it is over, it is not there"
OWN_STEP = "the person signed in again for it a moment ago, and nobody else can change it"

OTHERS = {
    **dict.fromkeys(("search.patients", "merging.find_other", "access.find_proxy"), FINDS),
    **dict.fromkeys(
        (
            *("clinics.new_clinic", "practitioners.new_practitioner", "weekly.new_schedule"),
            *("extra_clinics.new_extra", "staff.new_member", "registration.register"),
            *("access.code", "access.claim", "access.grant", "emergency_access.open_record"),
            *(
                "allergies.new",
                "conditions.new",
                "medications.new",
                "observations.new",
                "results.new",
            ),
            *("adding.new", "adding.receive_files"),
        ),
        NEW,
    ),
    **dict.fromkeys(
        ("absences.new_leave", "absences.new_closure", "absences.bank_holiday_closures"), CONFIRMED
    ),
    "notes.amend": "a signed note never changes, so the amendment is of the note that was shown",
    **dict.fromkeys(
        ("booking.hold", "booking.hold_to_move"),
        "it keeps a free time for some minutes, and the page after it shows that time",
    ),
    "drafts.save": "the script of drafts.write sends that page's own form, and the action is the same",
    **dict.fromkeys(
        (
            *("sessions.end_one", "sessions.end_all", "sessions.sign_out", "sessions.stay"),
            "others_sessions.end_sessions",
        ),
        ONE_STATE,
    ),
    **dict.fromkeys(("second_step.confirm", "second_step.turn_off"), OWN_STEP),
}
"""Forms that change nothing that exists, or nothing that others can change, each with the reason."""
