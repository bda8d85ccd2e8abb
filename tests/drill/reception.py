"""What reception does: registers people, searches for them and checks them in."""

from portal.access import Deed
from tests.drill.visitor import Visitor, a_mark

BORN = ("day", (1, 28)), ("month", (1, 12)), ("year", (1930, 2020))


async def register(visitor: Visitor) -> None:
    """Registers a new person and sees their record."""
    page = await visitor.browser.get("/patients/new")
    given, family = a_mark(visitor.random), a_mark(visitor.random)
    born = {part: visitor.random.randint(*range_) for part, range_ in BORN}
    typed = {f"birth_date-{part}": str(value) for part, value in born.items()}
    form = page.form().filled(given=given, family=family, gender="unknown", **typed)
    write = visitor.begins(Deed.REGISTER_PATIENT, family)
    write.typed = {
        "given": given,
        "birth_date": f"{born['year']}-{born['month']:02}-{born['day']:02}",
    }
    answer = await visitor.settle(write, form)
    if answer is not None and answer.location:
        page = await visitor.browser.get(answer.location)
        visitor.compare(page, "a new record", {"name": f"{given} {family}"})


async def search(visitor: Visitor, name: str, patient: str) -> None:
    """Finds the patient with the name."""
    page = await visitor.browser.get("/patients")
    answer = await visitor.browser.send(page.form().filled(text=name))
    if answer is not None and answer.location:
        page = await visitor.browser.get(answer.location)
        found = patient if f"/patients/{patient}" in page.text else ""
        visitor.compare(page, "a search", {"found": patient}, found=found)


async def check_in(visitor: Visitor, day_list: str, appointment: str) -> None:
    """Checks somebody in from today's list, and checks that the list shows it."""
    page = await visitor.browser.get(day_list)
    address = f"/appointments/{appointment}/check-in"
    form = page.form(button_to=address)
    button = next(one for one in form.buttons if address in one[2])
    write = visitor.begins(Deed.CHECK_IN, appointment, appointment=appointment)
    if await visitor.settle(write, form.pressed(button)) is not None:
        page = await visitor.browser.get(day_list)
        row = page.text.partition(f'id="a{appointment}"')[2].partition("</tr>")[0]
        state = "Arrived" if ">Arrived<" in row else ""
        visitor.compare(page, "the day list", {"state": "Arrived"}, state=state)
