"""When two names mean the same substance, and which medicines an allergy rules out. Pure."""

import re
from dataclasses import dataclass

from portal.records.rules import folded, key_of
from portal.vocabulary import AllergyCategory, ClinicalStatus, Severity, VerificationStatus

SAME = {
    "acetaminophen": "paracetamol",
    "albuterol": "salbutamol",
    "amoxycillin": "amoxicillin",
    "asa": "aspirin",
    "acetylsalicylic acid": "aspirin",
    "benzylpenicillin": "penicillin",
    "epinephrine": "adrenaline",
    "frusemide": "furosemide",
    "lignocaine": "lidocaine",
    "meperidine": "pethidine",
    "norepinephrine": "noradrenaline",
    "penicillin g": "penicillin",
    "penicillin v": "penicillin",
    "penicilin": "penicillin",
    "phenoxymethylpenicillin": "penicillin",
    "rubber latex": "latex",
    "natural rubber latex": "latex",
}
"""Other names of a substance: international and US names (WHO INN, USAN) and common spellings."""

FAMILIES = {
    "penicillin": (
        *("amoxicillin", "ampicillin", "co amoxiclav", "co fluampicil", "flucloxacillin"),
        *("dicloxacillin", "piperacillin", "pivmecillinam", "temocillin", "ticarcillin"),
    ),
    "nsaid": (
        *("aspirin", "ibuprofen", "naproxen", "diclofenac", "ketoprofen", "indometacin"),
        *("mefenamic acid", "meloxicam", "piroxicam", "etoricoxib", "celecoxib", "ketorolac"),
    ),
    "sulfonamide": ("co trimoxazole", "sulfadiazine", "sulfamethoxazole", "sulfasalazine"),
}
"""Groups of medicines: an allergy to one rules out the others. From the British National Formulary,
"Penicillins", "Non-steroidal anti-inflammatory drugs", "Sulfonamides"."""

_SPELLINGS = (("sulph", "sulf"), ("cephal", "cefal"), ("oestr", "estr"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AllergyDetails:
    """The fields of an allergy that may be changed: all except the substance."""

    category: AllergyCategory
    reaction: str
    severity: Severity | None
    verification_status: VerificationStatus
    clinical_status: ClinicalStatus
    onset: str
    note: str


def canonical(text: str) -> str:
    """One spelling for all names of a substance."""
    words = folded(text)
    for old, new in _SPELLINGS:
        words = words.replace(old, new)
    words = re.sub(r"\b(allergy|allergic to|intolerance)\b", "", words).strip() or words
    words = SAME.get(words, words)
    if len(words) > 3 and words.endswith("s") and not words.endswith("ss"):
        words = words[:-1]
    return SAME.get(words, words)


def substance_key(text: str) -> str:
    """A key that is equal for all names and spellings of a substance."""
    return key_of(canonical(text) or text)


def speaks_against(substance: str, medication: str) -> bool:
    """Whether this allergy requires a warning about the medicine."""
    allergen, medicine = canonical(substance), canonical(medication)
    if not allergen or not medicine:
        return allergen == medicine and substance.strip().lower() == medication.strip().lower()
    return _names(medicine, allergen) or any(
        _belongs(allergen, family) and _belongs(medicine, family) for family in FAMILIES
    )


def _belongs(name: str, family: str) -> bool:
    return any(_names(name, member) for member in (family, *FAMILIES[family]))


def _names(text: str, name: str) -> bool:
    """Whether the text contains the name as whole words; synonyms must be replaced before."""
    words = " ".join(SAME.get(word, word) for word in text.split())
    return f" {name} " in f" {words} "
