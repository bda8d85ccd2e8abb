"""How the portal interprets its settings."""

import pytest

from portal.settings.configuration import Settings
from tests.foundation.config import PRODUCTION


def test_a_slash_at_the_end_of_an_issuer_is_kept_for_other_providers() -> None:
    issuer = {"OIDC_ISSUER": "https://tenant.example.org/"}

    standard = Settings.from_environment({**PRODUCTION, **issuer, "OIDC_PROVIDER": "standard"})
    cognito = Settings.from_environment({**PRODUCTION, **issuer})

    assert standard.sign_in.issuer == "https://tenant.example.org/"
    assert standard.sign_in.groups_claim == "groups"
    assert cognito.sign_in.issuer == "https://tenant.example.org"


@pytest.mark.parametrize(
    ("setting", "roles"),
    [
        ("Doctors=doctor, Nurses=nurse", {"Doctors": "doctor", "Nurses": "nurse"}),
        ("CN=Doctors,OU=Ward=doctor;", {"CN=Doctors,OU=Ward": "doctor"}),
        ("a=b=nurse", {"a=b": "nurse"}),
    ],
)
def test_groups_of_other_names(setting: str, roles: dict[str, str]) -> None:
    settings = Settings.from_environment({**PRODUCTION, "OIDC_GROUP_ROLES": setting})

    found = settings.sign_in.role_of_group
    assert {group: role.value for group, role in found.items()} == roles


def test_figures_of_the_hospital() -> None:
    hospital = Settings.from_environment(
        {**PRODUCTION, "STAFF_IDLE_MINUTES": "10", "PATIENT_SESSION_HOURS": "2"}
    ).hospital

    assert (hospital.staff_idle_minutes, hospital.patient_session_hours) == (10, 2)
