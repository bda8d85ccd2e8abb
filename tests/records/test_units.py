"""The units of panels and vital signs are units of UCUM, by a reader of UCUM that is not ours."""

import pytest
from lark.exceptions import LarkError
from ucumvert import get_ucum_parser

from portal.records.observations.rules import BMI, VITALS
from portal.records.panels.rules import UNITS

OURS = sorted({unit for _, unit in UNITS} | {vital.unit for vital in (*VITALS, BMI)})
PARSER = get_ucum_parser()


@pytest.mark.parametrize("unit", OURS)
def test_each_unit_is_one_of_ucum(unit: str) -> None:
    assert PARSER.parse(unit)


@pytest.mark.parametrize("unit", ["lbs", "mmHg", "mcg", "mmol per L"])
def test_what_only_looks_like_a_unit_is_refused(unit: str) -> None:
    with pytest.raises(LarkError):
        PARSER.parse(unit)
