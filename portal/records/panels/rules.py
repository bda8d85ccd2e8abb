"""The panels that can be entered: their analytes, units and LOINC codes. Pure.

The codes are from LOINC (http://loinc.org), copyright Regenstrief Institute, Inc., and are used under
its licence. Units are in UCUM. Mass and substance concentrations have different codes.
"""

from typing import NamedTuple

LOINC = "http://loinc.org"


class Unit(NamedTuple):
    """A unit for a value. Values outside `possible` are refused; those outside `usual` need confirmation."""

    code: str
    unit: str
    shown_unit: str
    possible: tuple[str, str]
    usual: tuple[str, str]


class Analyte(NamedTuple):
    """An analyte. Its value is a number in one of its units, or one of its answers."""

    field: str
    name: str
    units: tuple[Unit, ...] = ()
    answers: tuple[str, ...] = ()
    answer_code: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        return (self.answer_code,) if self.answers else tuple({one.code: 1 for one in self.units})


class Panel(NamedTuple):
    key: str
    name: str
    code: str
    """LOINC; empty when no code fits exactly this panel."""
    analytes: tuple[Analyte, ...]


def _unit(code: str, unit: str, shown: str, possible: str, usual: str) -> Unit:
    low, high = possible.split()
    least, most = usual.split()
    return Unit(code, unit, shown, (low, high), (least, most))


def _one(field: str, name: str, *units: tuple[str, str, str, str, str]) -> Analyte:
    return Analyte(field, name, tuple(_unit(*one) for one in units))


def _strip(field: str, name: str, code: str, answers: tuple[str, ...]) -> Analyte:
    return Analyte(field, name, answers=answers, answer_code=code)


_AMOUNTS = ("Negative", "Trace", "1+", "2+", "3+", "4+")
_YES_OR_NO = ("Negative", "Positive")

BLOOD_COUNT = Panel(
    "blood-count",
    "Blood count",
    "58410-2",
    (
        _one(
            "haemoglobin",
            "Haemoglobin",
            ("718-7", "g/L", "g/L", "5 300", "70 190"),
            ("718-7", "g/dL", "g/dL", "0.5 30", "7 19"),
        ),
        _one("haematocrit", "Haematocrit", ("4544-3", "%", "%", "1 90", "20 60")),
        _one("leucocytes", "White cells", ("6690-2", "10*9/L", "× 10⁹/L", "0 1500", "1 50")),
        _one("erythrocytes", "Red cells", ("789-8", "10*12/L", "× 10¹²/L", "0.1 15", "2 8")),
        _one("mcv", "Mean cell volume (MCV)", ("787-2", "fL", "fL", "30 200", "55 130")),
        _one("mch", "Mean cell haemoglobin (MCH)", ("785-6", "pg", "pg", "5 80", "15 45")),
        _one("platelets", "Platelets", ("777-3", "10*9/L", "× 10⁹/L", "0 10000", "20 1000")),
    ),
)
METABOLIC = Panel(
    "kidneys-and-salts",
    "Kidneys, salts and glucose",
    "24321-2",
    (
        _one("sodium", "Sodium", ("2951-2", "mmol/L", "mmol/L", "80 220", "120 160")),
        _one("potassium", "Potassium", ("2823-3", "mmol/L", "mmol/L", "0.5 15", "2.5 6.5")),
        _one("chloride", "Chloride", ("2075-0", "mmol/L", "mmol/L", "40 180", "80 125")),
        _one("bicarbonate", "Total CO₂", ("2028-9", "mmol/L", "mmol/L", "1 80", "10 40")),
        _one(
            "urea",
            "Urea",
            ("22664-7", "mmol/L", "mmol/L", "0.1 150", "0.5 40"),
        ),
        _one(
            "creatinine",
            "Creatinine",
            ("14682-9", "umol/L", "µmol/L", "1 5000", "15 600"),
            ("2160-0", "mg/dL", "mg/dL", "0.01 60", "0.2 7"),
        ),
        _one(
            "glucose",
            "Glucose",
            ("14749-6", "mmol/L", "mmol/L", "0.1 150", "2.5 30"),
            ("2345-7", "mg/dL", "mg/dL", "2 2700", "45 540"),
        ),
        _one(
            "calcium",
            "Calcium",
            ("2000-8", "mmol/L", "mmol/L", "0.5 6", "1.6 3.5"),
            ("17861-6", "mg/dL", "mg/dL", "2 24", "6.5 14"),
        ),
    ),
)
LIPIDS = Panel(
    "lipids",
    "Cholesterol and other lipids",
    "24331-1",
    (
        _one(
            "cholesterol",
            "Total cholesterol",
            ("14647-2", "mmol/L", "mmol/L", "0.1 60", "1.5 12"),
            ("2093-3", "mg/dL", "mg/dL", "5 2300", "60 460"),
        ),
        _one(
            "hdl",
            "HDL cholesterol",
            ("14646-4", "mmol/L", "mmol/L", "0.05 10", "0.4 4"),
            ("2085-9", "mg/dL", "mg/dL", "2 390", "15 155"),
        ),
        _one(
            "ldl",
            "LDL cholesterol, calculated",
            ("39469-2", "mmol/L", "mmol/L", "0.05 50", "0.5 9"),
            ("13457-7", "mg/dL", "mg/dL", "2 1900", "20 350"),
        ),
        _one(
            "triglycerides",
            "Triglycerides",
            ("14927-8", "mmol/L", "mmol/L", "0.05 150", "0.2 11"),
            ("2571-8", "mg/dL", "mg/dL", "5 13000", "20 1000"),
        ),
    ),
)
HBA1C = Panel(
    "hba1c",
    "HbA1c (glucose over the last months)",
    "",
    (
        _one(
            "hba1c",
            "HbA1c",
            ("59261-8", "mmol/mol", "mmol/mol", "5 250", "18 150"),
            ("4548-4", "%", "%", "2.5 25", "3.8 16"),
        ),
    ),
)
THYROID = Panel(
    "thyroid",
    "Thyroid",
    "",
    (
        _one("tsh", "TSH", ("3016-3", "m[IU]/L", "mIU/L", "0 1000", "0.01 50")),
        _one(
            "free-t4",
            "Free T4",
            ("14920-3", "pmol/L", "pmol/L", "0.1 200", "4 60"),
            ("3024-7", "ng/dL", "ng/dL", "0.01 16", "0.3 5"),
        ),
    ),
)
LIVER = Panel(
    "liver",
    "Liver",
    "24325-3",
    (
        _one("alt", "ALT", ("1742-6", "U/L", "U/L", "0 30000", "3 1000")),
        _one("ast", "AST", ("1920-8", "U/L", "U/L", "0 30000", "3 1000")),
        _one("alp", "Alkaline phosphatase", ("6768-6", "U/L", "U/L", "0 10000", "10 1000")),
        _one(
            "bilirubin",
            "Total bilirubin",
            ("14631-6", "umol/L", "µmol/L", "0 1500", "1 400"),
            ("1975-2", "mg/dL", "mg/dL", "0 90", "0.1 23"),
        ),
        _one(
            "albumin",
            "Albumin",
            ("1751-7", "g/L", "g/L", "2 100", "15 60"),
            ("1751-7", "g/dL", "g/dL", "0.2 10", "1.5 6"),
        ),
    ),
)
URINE = Panel(
    "urine",
    "Urine test strip",
    "24357-6",
    (
        _strip("urine-glucose", "Glucose in urine", "25428-4", _AMOUNTS),
        _strip("urine-protein", "Protein in urine", "20454-5", _AMOUNTS),
        _strip("urine-ketones", "Ketones in urine", "2514-8", _AMOUNTS),
        _strip("urine-blood", "Blood in urine", "5794-3", _AMOUNTS),
        _strip("urine-leucocytes", "White cells in urine", "5799-2", _AMOUNTS),
        _strip("urine-nitrite", "Nitrite in urine", "5802-4", _YES_OR_NO),
        _one("urine-ph", "pH of urine", ("5803-2", "[pH]", "", "3 10", "4.5 9")),
        _one("urine-gravity", "Specific gravity", ("5811-5", "1", "", "0.9 1.1", "1 1.04")),
    ),
)
PANELS = {
    panel.key: panel for panel in (BLOOD_COUNT, METABOLIC, LIPIDS, HBA1C, THYROID, LIVER, URINE)
}
BY_CODE = {
    code: analyte
    for panel in PANELS.values()
    for analyte in panel.analytes
    for code in analyte.codes
}
PANEL_OF = {
    code: panel for panel in PANELS.values() for analyte in panel.analytes for code in analyte.codes
}
UNITS = {(unit.code, unit.unit): unit for analyte in BY_CODE.values() for unit in analyte.units}


def shown_unit(code: str, unit: str) -> str:
    """The unit as people write it; the UCUM code for a unit that no panel has."""
    known = UNITS.get((code, unit))
    return known.shown_unit if known else unit
