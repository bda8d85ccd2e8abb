"""Amina sends letters with a progress bar and without, her doctor reads them, one is withdrawn."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from portal.development.cognito.people import AMINA_OKAFOR, PRIYA_RAMAN
from tests.chromium import PHONE
from tests.documents.sample_files import a_docx, a_jpeg, a_pdf
from tests.stories.stage import PATIENCE, Stage
from tests.stories.visit import Visit

SEARCH = "Name, date of birth, hospital number or phone number"
EYES, HAND = "From the eye clinic", "X-ray of the hand"


class TestDocuments:
    @pytest.fixture(autouse=True)
    def given_the_hospital_is_open(
        self, stage: Stage, somebody: Callable[..., Visit], tmp_path: Path
    ) -> None:
        self.stage, self.somebody, self.folder = stage, somebody, tmp_path

    def test_from_the_patients_hands_to_the_doctors_eyes(self) -> None:
        amina, priya = self.somebody(), self.somebody()
        amina.signs_in(AMINA_OKAFOR).follows("Documents").is_at("Documents")
        amina.presses("Add documents").is_at("Add documents")
        self.chooses(amina, ("letter.pdf", a_pdf("eyes")), ("page.jpg", a_jpeg("navy")))
        amina.ticks("Letter").types("Title (optional)", EYES)
        amina.types("Who is it from? (optional)", "St Elsewhere").presses("Send")
        amina.is_at("Documents").sees("2 documents have been added.")
        amina.sees(f"{EYES} (1 of 2)", f"{EYES} (2 of 2)", "Letter from St Elsewhere")
        self.waits_for_pictures(amina, 2)

        priya.signs_in(PRIYA_RAMAN).follows("Patients").types(SEARCH, "okafor amina")
        priya.presses("Search").follows("Okafor, Amina")
        priya.follows("Letters, pictures and results").is_at("Documents")
        priya.follows(f"{EYES} (1 of 2)").is_at(f"{EYES} (1 of 2)")
        assert priya.downloads("Download") == a_pdf("eyes")
        preview = self.opens_preview(priya)
        assert preview == "application/pdf"

        amina.follows(f"{EYES} (2 of 2)").follows("Withdraw this document")
        amina.presses("Withdraw the document").is_told("Enter what is wrong with it")
        amina.types("What is wrong with it?", "Too dark to read").presses("Withdraw the document")
        amina.sees(
            "The document has been withdrawn.", "Amina Okafor withdrew it", "Too dark to read"
        )

    def test_with_the_plain_form_on_a_phone_without_scripts(self) -> None:
        amina = self.somebody(javascript=False, viewport=PHONE)
        amina.signs_in(AMINA_OKAFOR).follows("Documents").presses("Add documents")
        self.chooses(amina, ("hand.jpg", a_jpeg("olive")))
        amina.types("Title (optional)", HAND).presses("Send")
        amina.is_told("Choose what kind of document it is").sees("hand.jpg", "is received already")
        amina.ticks("Scan or X-ray").presses("Send").is_at("Documents").sees(HAND)
        amina.follows(HAND).is_at(HAND).sees("hand.jpg")

    def test_what_is_wrong_with_a_file_is_said_while_it_is_sent(self) -> None:
        amina = self.somebody(expected_statuses=frozenset({400}))
        amina.signs_in(AMINA_OKAFOR).follows("Documents").presses("Add documents")
        self.chooses(amina, ("bomb.docx", a_docx(filling=60 * 2**20)), ("ok.docx", a_docx("fine")))
        amina.ticks("Something else").presses("Send")
        amina.sees("unpack to far too much", "is received").examines_again()
        amina.presses("Send").is_at("Documents").sees("The document has been added.", "ok")

    def chooses(self, visit: Visit, *files: tuple[str, bytes]) -> None:
        paths = []
        for name, content in files:
            paths.append(self.folder / name)
            paths[-1].write_bytes(content)
        visit.page.get_by_label("Files", exact=True).set_input_files(paths)

    def waits_for_pictures(self, visit: Visit, number: int) -> None:
        """Until the worker has scanned and pictured them."""
        deadline = time.monotonic() + PATIENCE
        while visit.page.locator(".mch-document img").count() < number:
            assert time.monotonic() < deadline, visit.page.inner_text("main")
            visit.page.reload()
        visit.examines()

    def opens_preview(self, visit: Visit) -> str:
        link = visit.page.get_by_role("link", name="View", exact=True)
        expect(link).to_be_visible()
        answer = visit.page.request.get(self.stage.url + (link.get_attribute("href") or ""))
        assert answer.headers["content-security-policy"].startswith("sandbox;")
        assert answer.headers["content-disposition"].startswith("inline;")
        return answer.headers["content-type"]
