"""A person who uses the portal: sends each form until it is answered, and checks the result."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from string import ascii_lowercase

from portal.access import Deed
from tests.drill.answers import NOT_SIGNED_IN
from tests.drill.browser import Browser, fate_of
from tests.drill.ledger import Ledger, Outcome, Refusal, Seen, Shown, Write
from tests.drill.pages import Form, Page
from tests.drill.population import Person


@dataclass
class Visitor:
    """A person with their browser, and what they and everybody know about the hospital."""

    person: Person
    browser: Browser
    ledger: Ledger
    random: Random
    appointments: dict[str, str] = field(default_factory=dict)
    """Their appointments that they may still move or cancel, each with its slot."""
    is_busy: bool = False

    @property
    def own(self) -> str:
        return f"/patients/{self.person.patient_ref}/appointments"

    def begins(self, deed: Deed, mark: str, **about: str | None) -> Write:
        """A form that they are about to send; for patients, about their own record."""
        who = {"actor": self.person.account_ref, "patient": self.person.patient_ref}
        return Write(deed, mark, time.monotonic(), **{**who, **about})  # type: ignore[arg-type]

    async def settle(self, write: Write, form: Form) -> Page | None:
        """Sends the form until it is answered. Raises `GaveUp`.

        On a waiting page they send that page's form, as its script does. Without an answer they reload.
        Returns the answer that redirects; None when the form was refused.
        """
        self.ledger.writes.append(write)
        while True:
            write.sent, write.last_sent = write.sent + 1, time.monotonic()
            answer = await self.browser.send(form)
            if answer is not None and answer.is_good:
                break
            write.sent_again_after[fate_of(answer)] += 1
            form = self._next_form(write, form, answer)
            await self.browser.pause(write.sent - 1)
        now = time.monotonic()
        if answer.location and not answer.leads_to(*NOT_SIGNED_IN):
            write.is_settled(Outcome.ACKNOWLEDGED, now, answer.status)
            return answer
        write.is_settled(Outcome.REFUSED, now, answer.status, _refusal(answer))
        return None

    def _next_form(self, write: Write, form: Form, answer: Page | None) -> Form:
        kept = next((one for one in answer.forms if one.waits), None) if answer else None
        if answer is None or not answer.waits or form.file is not None:
            return form
        shown = kept.typed if kept else {}
        self.ledger.waiting.append(Shown(write.deed.value, form.typed, shown))
        return kept or form

    def compare(self, page: Page, what: str, known: Mapping[str, str], **also: str) -> None:
        """Records what the page shows, next to what they know. `also` is what it shows beyond its subject."""
        self.ledger.shown.append(Shown(what, known, {**page.subject, **also}))

    def read_time(self, page: Page, slot: str) -> None:
        """Records the words in which the page shows the slot's time."""
        self.ledger.times.append((slot, page.facts.get("When", "")))

    async def look_at(self, appointment: str, slot: str, about: str = "") -> None:
        """Right after the acknowledgement, the appointment must be theirs, at its time, with their words."""
        began = time.monotonic()
        page = await self.browser.get(f"{self.own}/{appointment}")
        if page.status != 200 or not page.shows("Booked"):
            self.ledger.vanished.append(appointment)
            return
        self.ledger.seen.append(Seen(slot, appointment, began, time.monotonic()))
        self.read_time(page, slot)
        known = {"patient": self.person.patient_ref, "about": about}
        shown = about if page.shows(about) or not about else ""
        self.compare(page, "an appointment", known, about=shown)


def _refusal(answer: Page) -> Refusal:
    if answer.leads_to(*NOT_SIGNED_IN):
        return Refusal.SIGNED_OUT
    reasons = (one for one in Refusal if one is not Refusal.OTHER)
    return next((one for one in reasons if one.value in answer.text), Refusal.OTHER)


def a_mark(random: Random) -> str:
    """A unique word of letters only, so that it can be a name."""
    return "".join(random.choices(ascii_lowercase, k=14)).title()
