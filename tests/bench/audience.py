"""Who asks for the pages: patients with one appointment ahead, and staff, all of them signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from tests.bench.measured import Hospital
from tests.bench.people import RECEPTIONISTS
from tests.bench.signed_in import Browser, sign_in

MOST = 1000
"""People, and so different requests, for one measurement."""

_PATIENTS = """
SELECT patient.ref, patient.family, patient.given, patient.birth_date, patient.hospital_number,
  patient.phone, related_person.account_id, ahead.ref AS appointment_ref, ahead.version, ahead.starts_at,
  location.ref AS location_ref
FROM patient
JOIN related_person ON related_person.patient_id = patient.id
JOIN appointment AS ahead ON ahead.patient_id = patient.id
JOIN location ON location.id = ahead.location_id
WHERE ahead.starts_at > UTC_TIMESTAMP() + INTERVAL 1 DAY AND ahead.status = 'booked'
GROUP BY patient.id HAVING COUNT(*) = 1
ORDER BY MD5(patient.ref) LIMIT :most
"""
_CLINICS = """
SELECT location.ref, account.id AS account_id
FROM location
JOIN practitioner_role ON practitioner_role.location_id = location.id
JOIN account ON account.practitioner_id = practitioner_role.practitioner_id
WHERE account.role_values = 'nurse' AND location.id <= :working
"""
_DESKS = "SELECT id, ref FROM account WHERE role_values = 'reception' LIMIT :most"


@dataclass(frozen=True)
class Audience:
    hospital: Hospital
    clinics: Sequence[Row[Any]]
    """Those with appointments, each with the account of its nurse."""
    desks: Sequence[Row[Any]]
    """Reception's accounts: id and ref."""
    browsers: dict[int, Browser]
    """By account id."""

    @classmethod
    def of(cls, hospital: Hospital) -> "Audience":
        """Signs everybody in."""
        patients = hospital.rows(_PATIENTS, most=MOST)
        clinics = hospital.rows(_CLINICS, working=hospital.size.working_clinics)
        desks = hospital.rows(_DESKS, most=RECEPTIONISTS)
        everybody = {row.account_id for row in (*patients, *clinics)} | {desk.id for desk in desks}
        with Session(hospital.engine) as session:
            browsers = sign_in(hospital.app, session, everybody)
        return cls(hospital, clinics, desks, browsers)

    def patients(self) -> Sequence[Row[Any]]:
        """The same ones at each call, with the appointment that they have ahead now."""
        found = self.hospital.rows(_PATIENTS, most=MOST)
        # As time passes, somebody's second appointment comes close, and they join the list too.
        return [row for row in found if row.account_id in self.browsers]

    def stay(self) -> None:
        """Keeps everybody signed in, as if they had just been seen."""
        self.hospital.execute("UPDATE sign_in_session SET last_seen_at = UTC_TIMESTAMP(6)")
