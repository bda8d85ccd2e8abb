"""What is published becomes the portal's settings."""

import pytest
from sqlalchemy import make_url

from boot_settings.published import Unfit, database_url, published_settings
from tests.boot_settings.conftest import PATH, Hospital

SERVER = {"host": "database.internal", "name": "portal"}


def settings_of(hospital: Hospital) -> dict[str, str]:
    return published_settings(PATH, hospital.parameter_store, hospital.secrets_manager)


def test_parameters_and_secrets_become_settings(hospital: Hospital) -> None:
    settings = settings_of(hospital)
    assert settings["PORTAL_URL"] == "http://127.0.0.1:8000"
    assert settings["OIDC_CLIENT_SECRET"] == "a client secret for tests"
    assert not any("/" in name for name in settings)


def test_more_parameters_than_a_page_holds(hospital: Hospital) -> None:
    hospital.publish(**{f"SETTING_{number}": str(number) for number in range(30)})
    assert settings_of(hospital)["SETTING_29"] == "29"


def test_another_environments_parameters_are_not_taken(hospital: Hospital) -> None:
    hospital.parameter_store.put_parameter(
        Name="/medicare-hub/production/portal/HOSPITAL_NAME", Value="other", Type="String"
    )
    assert settings_of(hospital)["HOSPITAL_NAME"] == "MediCare Hub"


@pytest.mark.parametrize("password", ["plain", "p@ss:w/rd", "per%cent", "é?#&+ '\"\\"])
def test_any_password_survives_the_address(password: str) -> None:
    url = make_url(database_url({"username": "portal", "password": password}, SERVER))
    assert url.password == password
    assert (url.host, url.port, url.database) == ("database.internal", 3306, "portal")


@pytest.mark.parametrize("missing", ["host", "name"])
def test_a_database_without_an_address_is_reported_by_its_name(missing: str) -> None:
    server = {name: value for name, value in SERVER.items() if name != missing}
    with pytest.raises(Unfit, match=missing):
        database_url({"username": "portal", "password": "secret"}, server)


@pytest.mark.parametrize("text", ["not JSON", '["a list"]', '"a word"'])
def test_a_secret_that_is_no_object_is_told_without_its_text(hospital: Hospital, text: str) -> None:
    hospital.publish_secret("odd", text)
    with pytest.raises(Unfit, match="is not a JSON object") as refusal:
        settings_of(hospital)
    assert text not in str(refusal.value)
