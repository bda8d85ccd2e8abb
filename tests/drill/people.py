"""What people come for. Each visit follows the portal's pages and forms, as a browser does."""

import hashlib
import time
from dataclasses import dataclass, field
from random import Random
from string import ascii_lowercase

from portal.access import Deed
from tests.drill.browser import Browser
from tests.drill.ledger import Ledger, Outcome, Seen, Write
from tests.drill.pages import Form, Page
from tests.drill.population import Person

SOMEBODY_WAS_FIRST = "Somebody else has just taken this time"
NOT_SIGNED_IN = ("/sign-in", "/session-ended")

BORN = ("day", (1, 28)), ("month", (1, 12)), ("year", (1930, 2020))


@dataclass
class Visitor:
    """A person with their browser, and what they and everybody know of the hospital."""

    person: Person
    browser: Browser
    ledger: Ledger
    random: Random
    appointments: dict[str, str] = field(default_factory=dict)
    """Their own ones that they may still move or cancel, each with its slot."""
    is_busy: bool = False

    @property
    def own(self) -> str:
        return f"/patients/{self.person.patient_ref}/appointments"

    async def settle(self, write: Write, form: Form) -> Page | None:
        """Sends the form until it is answered, as the portal's waiting page does: with the same key.

        The page to which a good answer leads; None when the form was refused. Raises `GaveUp`.
        """
        self.ledger.writes.append(write)
        while True:
            write.sent, write.last_sent = write.sent + 1, time.monotonic()
            answer = await self.browser.send(form)
            if answer is not None and answer.is_good:
                break
            await self.browser.pause(write.sent - 1)
        now = time.monotonic()
        if answer.location and not answer.leads_to(*NOT_SIGNED_IN):
            write.is_settled(Outcome.ACKNOWLEDGED, now)
            return answer
        write.is_settled(Outcome.REFUSED, now)
        write.somebody_was_first = SOMEBODY_WAS_FIRST in answer.text
        return None

    async def look_at(self, appointment: str, slot: str) -> None:
        """Right after it was acknowledged, it must be there."""
        began = time.monotonic()
        page = await self.browser.get(f"{self.own}/{appointment}")
        if page.status == 200 and ">Booked<" in page.text:
            self.ledger.seen.append(Seen(slot, appointment, began, time.monotonic()))
        else:
            self.ledger.vanished.append(appointment)


def a_mark(random: Random) -> str:
    """A word that nobody else writes, in letters, so that it can be somebody's name."""
    return "".join(random.choices(ascii_lowercase, k=14)).title()


async def book(visitor: Visitor, clinic: str) -> None:
    """Looks for a time, has it held, checks it, books it."""
    held = await _hold(visitor, f"{visitor.own}/find?clinic={clinic}")
    if held is not None:
        await _book(visitor, held)


async def rush(visitor: Visitor, slot: str) -> None:
    """Wants a time that others want too, and does not stop to have it held."""
    await _book(visitor, await visitor.browser.get(f"{visitor.own}/book/{slot}"))


async def _hold(visitor: Visitor, find: str) -> Page | None:
    """The page on which the held time is checked; None when somebody was quicker."""
    page = await visitor.browser.get(find)
    form = page.form(button_to="/hold/")
    pressed = form.pressed(visitor.random.choice(form.buttons))
    slot = pressed.action.rpartition("/")[2]
    write = Write(Deed.HOLD_SLOT, slot, time.monotonic())
    answer = await visitor.settle(write, pressed)
    return await visitor.browser.get(answer.location) if answer and answer.location else None


async def _book(visitor: Visitor, page: Page) -> None:
    if "Check and book" not in page.text:
        return  # taken meanwhile
    mark, slot = a_mark(visitor.random), page.path.rpartition("/")[2]
    write = Write(Deed.BOOK_APPOINTMENT, mark, time.monotonic(), slot=slot)
    answer = await visitor.settle(write, page.form().filled(about=mark))
    if answer is not None:
        write.appointment = answer.leads_to_name
        visitor.appointments[write.appointment] = slot
        await visitor.look_at(write.appointment, slot)


async def move(visitor: Visitor, appointment: str) -> None:
    left = visitor.appointments.pop(appointment)
    page = await _hold(visitor, f"{visitor.own}/{appointment}/move")
    if page is None or "Check and move" not in page.text:
        visitor.appointments[appointment] = left
        return
    slot = page.path.rpartition("/")[2]
    write = Write(
        Deed.MOVE_APPOINTMENT, appointment, time.monotonic(), slot=slot, left=left,
        appointment=appointment,
    )  # fmt: skip
    if await visitor.settle(write, page.form()) is not None:
        await visitor.look_at(appointment, slot)
        visitor.appointments[appointment] = slot


async def cancel(visitor: Visitor, appointment: str) -> None:
    left = visitor.appointments.pop(appointment)
    page = await visitor.browser.get(f"{visitor.own}/{appointment}/cancel")
    mark = a_mark(visitor.random)
    write = Write(
        Deed.CANCEL_APPOINTMENT, mark, time.monotonic(), left=left, appointment=appointment
    )
    await visitor.settle(write, page.form().filled(choice="Another reason", other=mark))


async def look_at_home(visitor: Visitor) -> None:
    await visitor.browser.get("/")
    await visitor.browser.get(visitor.own)


async def register(visitor: Visitor) -> None:
    """Reception writes down somebody new."""
    page = await visitor.browser.get("/patients/new")
    given, mark = a_mark(visitor.random), a_mark(visitor.random)
    born = {f"birth_date-{part}": str(visitor.random.randint(*range_)) for part, range_ in BORN}
    form = page.form().filled(given=given, family=mark, gender="unknown", **born)
    write = Write(Deed.REGISTER_PATIENT, mark, time.monotonic())
    answer = await visitor.settle(write, form)
    if answer is not None and answer.location:
        await visitor.browser.get(answer.location)


async def search(visitor: Visitor, name: str) -> None:
    page = await visitor.browser.get("/patients")
    answer = await visitor.browser.send(page.form().filled(text=name))
    if answer is not None and answer.location:
        await visitor.browser.get(answer.location)


async def check_in(visitor: Visitor, day_list: str, appointment: str) -> None:
    """Reception takes somebody from today's list in."""
    page = await visitor.browser.get(day_list)
    address = f"/appointments/{appointment}/check-in"
    form = page.form(button_to=address)
    button = next(one for one in form.buttons if address in one[2])
    write = Write(Deed.CHECK_IN, appointment, time.monotonic(), appointment=appointment)
    await visitor.settle(write, form.pressed(button))


async def hand_in(visitor: Visitor) -> None:
    """Sends a letter."""
    visitor.ledger.with_papers.add(visitor.browser.number)
    page = await visitor.browser.get(f"/patients/{visitor.person.patient_ref}/documents/new")
    mark = a_mark(visitor.random)
    letter = mark.encode() * 4000
    form = page.form().filled(type="letter", title=mark).with_file("letter.txt", letter)
    write = Write(Deed.ADD_DOCUMENT, mark, time.monotonic())
    if await visitor.settle(write, form) is not None:
        visitor.ledger.uploads[mark] = hashlib.sha256(letter).hexdigest()


async def fetch(visitor: Visitor, document: str, sha256: str) -> None:
    """Fetches a letter that was handed in before: it must be the very same."""
    visitor.ledger.with_papers.add(visitor.browser.number)
    address = f"/patients/{visitor.person.patient_ref}/documents/{document}/file"
    page = await visitor.browser.get(address)
    if hashlib.sha256(page.body).hexdigest() != sha256:
        visitor.ledger.altered.append(f"document {document} ({page.status})")


async def sign_in(visitor: Visitor) -> None:
    """A newcomer goes to the identity provider, says who they are, and comes back."""
    page = await visitor.browser.get("/sign-in/start")
    form = page.form(button_name="username")
    button = next(one for one in form.buttons if one[1] == visitor.person.subject)
    answer = await visitor.browser.send(form.pressed(button))
    if answer is not None and answer.location:
        await visitor.browser.get(answer.location)
