"""What patients and newcomers do. Each visit follows pages and forms, as a browser does."""

import hashlib

from portal.access import Deed
from tests.drill.ledger import SignIn
from tests.drill.pages import Page
from tests.drill.visitor import Visitor, a_mark


async def book(visitor: Visitor, clinic: str) -> None:
    """Finds a time, holds it, reviews it and books it."""
    held = await _hold(visitor, f"{visitor.own}/find?clinic={clinic}")
    if held is not None:
        await _book(visitor, held)


async def rush(visitor: Visitor, slot: str) -> None:
    """Wants a time that others want too, and books it without a hold."""
    await _book(visitor, await visitor.browser.get(f"{visitor.own}/book/{slot}"))


async def _hold(visitor: Visitor, find: str) -> Page | None:
    """The page to review the held time; None when somebody else was faster."""
    page = await visitor.browser.get(find)
    form = page.form(button_to="/hold/")
    pressed = form.pressed(visitor.random.choice(form.buttons))
    slot = pressed.action.rpartition("/")[2]
    answer = await visitor.settle(visitor.begins(Deed.HOLD_SLOT, slot, slot=slot), pressed)
    return await visitor.browser.get(answer.location) if answer and answer.location else None


async def _book(visitor: Visitor, page: Page) -> None:
    if "Check and book" not in page.text:
        return  # taken in the meantime
    mark, slot = a_mark(visitor.random), page.path.rpartition("/")[2]
    visitor.read_time(page, slot)
    write = visitor.begins(Deed.BOOK_APPOINTMENT, mark, slot=slot)
    answer = await visitor.settle(write, page.form().filled(about=mark))
    if answer is not None:
        write.appointment = answer.leads_to_name
        visitor.appointments[write.appointment] = slot
        await visitor.look_at(write.appointment, slot, mark)


async def move(visitor: Visitor, appointment: str) -> None:
    left = visitor.appointments.pop(appointment)
    page = await _hold(visitor, f"{visitor.own}/{appointment}/move")
    if page is None or "Check and move" not in page.text:
        visitor.appointments[appointment] = left
        return
    slot = page.path.rpartition("/")[2]
    visitor.read_time(page, slot)
    write = visitor.begins(
        Deed.MOVE_APPOINTMENT, appointment, slot=slot, left=left, appointment=appointment
    )
    if await visitor.settle(write, page.form()) is not None:
        await visitor.look_at(appointment, slot)
        visitor.appointments[appointment] = slot


async def cancel(visitor: Visitor, appointment: str) -> None:
    left = visitor.appointments.pop(appointment)
    page = await visitor.browser.get(f"{visitor.own}/{appointment}/cancel")
    mark = a_mark(visitor.random)
    write = visitor.begins(Deed.CANCEL_APPOINTMENT, mark, left=left, appointment=appointment)
    form = page.form().filled(choice="Another reason", other=mark)
    if await visitor.settle(write, form) is not None:
        page = await visitor.browser.get(f"{visitor.own}/{appointment}")
        known = {"patient": visitor.person.patient_ref, "state": "Cancelled", "why": mark}
        shown = {"state": "Cancelled", "why": mark}
        shown = {name: word for name, word in shown.items() if page.shows(word)}
        visitor.compare(page, "a cancelled appointment", known, **shown)


async def look_at_home(visitor: Visitor) -> None:
    """All appointments that they know about are on their list."""
    await visitor.browser.get("/")
    page = await visitor.browser.get(visitor.own)
    known = {ref: ref for ref in visitor.appointments}
    shown = {ref: ref for ref in known if f"{visitor.own}/{ref}" in page.text}
    visitor.compare(
        page, "own appointments", {"patient": visitor.person.patient_ref, **known}, **shown
    )


async def hand_in(visitor: Visitor) -> None:
    """Sends a letter, and finds it among their documents."""
    visitor.ledger.with_papers.add(visitor.browser.number)
    documents = f"/patients/{visitor.person.patient_ref}/documents"
    page = await visitor.browser.get(f"{documents}/new")
    mark = a_mark(visitor.random)
    letter = mark.encode() * 4000
    visitor.ledger.uploads[mark] = hashlib.sha256(letter).hexdigest()
    form = page.form().filled(type="letter", title=mark).with_file("letter.txt", letter)
    if await visitor.settle(visitor.begins(Deed.ADD_DOCUMENT, mark), form) is not None:
        page = await visitor.browser.get(documents)
        known = {"patient": visitor.person.patient_ref, "title": mark}
        visitor.compare(page, "own documents", known, title=mark if mark in page.text else "")


async def fetch(visitor: Visitor, document: str, sha256: str) -> None:
    """Fetches a letter that was sent before: it must be identical."""
    visitor.ledger.with_papers.add(visitor.browser.number)
    address = f"/patients/{visitor.person.patient_ref}/documents/{document}/file"
    page = await visitor.browser.get(address)
    if hashlib.sha256(page.body).hexdigest() != sha256:
        visitor.ledger.altered.append(f"document {document} ({page.status})")


async def sign_in(visitor: Visitor) -> None:
    """A newcomer goes to the identity provider, signs in, and comes back; again if needed."""
    browser, tries = visitor.browser, 0
    while True:
        page = await browser.get("/sign-in/start")
        form = page.form(button_name="username")
        button = next(one for one in form.buttons if one[1] == visitor.person.subject)
        answer = await browser.send(form.pressed(button))
        if answer is not None and answer.location:
            page = await browser.get(answer.location)
            came_in = f"You are signed in as {visitor.person.name}." in page.text
            visitor.ledger.sign_ins.append(
                SignIn(browser.number, came_in, page.status, tried_again=browser.tries > 0)
            )
            if came_in:
                return
        await browser.pause(tries)
        tries += 1
