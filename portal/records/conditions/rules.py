"""When two problems are the same, and which dates are valid. Pure."""

from dataclasses import dataclass
from datetime import date

from portal.errors import Unfit
from portal.records.rules import check_order, check_partial
from portal.vocabulary import ClinicalStatus, Severity, VerificationStatus

ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemDetails:
    """The fields of a problem that may be changed: all except name and code."""

    clinical_status: ClinicalStatus
    verification_status: VerificationStatus
    severity: Severity | None
    onset: str
    abatement: str
    note: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A code with its title, or free text without a code."""

    name: str
    code: str | None = None


def check(details: ProblemDetails, born: date, today: date) -> None:
    """Raises `Unfit` for impossible dates, and for an end date of an active problem."""
    for field in ("onset", "abatement"):
        try:
            check_partial(getattr(details, field), born, today)
        except ValueError as fault:
            raise Unfit(field, str(fault)) from None
    try:
        check_order(details.onset, details.abatement)
    except ValueError as fault:
        raise Unfit("abatement", str(fault)) from None
    if details.abatement and details.clinical_status is ClinicalStatus.ACTIVE:
        raise Unfit(
            "abatement", "An active problem has not ended. Change its status, or leave this empty"
        )
