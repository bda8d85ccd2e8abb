"""Reads the portal's settings from Parameter Store and Secrets Manager.

Under `/<hub>/<environment>/portal/`:

- `<SETTING>`: a setting, named as in docs/settings.md
- `database/host`, `database/port`, `database/name`: where the database is
- `secrets/database`: ARN of the portal's database account, `{"username": …, "password": …}`
- `secrets/<other>`: ARN of a JSON object of settings by their names
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

SETTING = re.compile("[A-Z][A-Z0-9_]*")
SECRETS, DATABASE = "secrets/", "database/"


class Unfit(Exception):
    """What is published can't be used. The message says where it is and how to fix it, never a value."""


def published_settings(path: str, parameter_store: Any, secrets_manager: Any) -> dict[str, str]:
    """All settings under `path`, which ends with a slash. Clients are boto3's.

    Raises `Unfit`, and botocore's errors while AWS does not answer.
    """
    parameters = _parameters(path, parameter_store)
    settings = {name: value for name, value in parameters.items() if SETTING.fullmatch(name)}
    database = _under(DATABASE, parameters)
    for name, identity in _under(SECRETS, parameters).items():
        secret = _secret(identity, secrets_manager)
        if name == "database":
            settings["DATABASE_URL"] = database_url(secret, database)
        else:
            settings |= secret
    return settings


def database_url(account: Mapping[str, str], server: Mapping[str, str]) -> str:
    """SQLAlchemy's URL for an account with `username` and `password` on a server."""
    try:
        user, password = (quote(account[name], safe="") for name in ("username", "password"))
        host, database = server["host"], server["name"]
    except KeyError as missing:
        raise Unfit(
            f"Of the database {missing} is not published. An account's secret has username and"
            " password; database/host and database/name are parameters."
        ) from None
    port = server.get("port", "3306")
    return f"mysql+pymysql://{user}:{password}@{host}:{port}/{database}?charset=utf8mb4"


def _parameters(path: str, parameter_store: Any) -> dict[str, str]:
    pages = parameter_store.get_paginator("get_parameters_by_path").paginate(
        Path=path, Recursive=True, WithDecryption=True
    )
    found = (parameter for page in pages for parameter in page["Parameters"])
    return {parameter["Name"].removeprefix(path): parameter["Value"] for parameter in found}


def _under(folder: str, parameters: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(folder): value
        for name, value in sorted(parameters.items())
        if name.startswith(folder)
    }


def _secret(identity: str, secrets_manager: Any) -> dict[str, str]:
    text = secrets_manager.get_secret_value(SecretId=identity)["SecretString"]
    try:
        fields = json.loads(text)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise Unfit(f"The secret {identity} is not a JSON object.")
    return {name: str(value) for name, value in fields.items()}
