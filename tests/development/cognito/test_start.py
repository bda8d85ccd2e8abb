"""Where the provider starts, what a restart keeps, and how it simulates an outage."""

import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from portal.development.cognito import create_development_cognito
from portal.development.cognito.people import AMINA_OKAFOR, NAMED_PEOPLE
from portal.development.cognito.pool import EXTENSION
from portal.development.cognito.settings import DevelopmentCognitoSettings, RefusedToStart
from tests.development.cognito.provider import CALLBACK, SIGNED_OUT, PlainClient, running_provider

PROJECT = Path(__file__).resolve().parents[3]


def settings(**changes: Any) -> DevelopmentCognitoSettings:
    return DevelopmentCognitoSettings(
        **{
            "environment": "development",
            "callback_urls": (CALLBACK,),
            "logout_urls": (SIGNED_OUT,),
            **changes,
        }
    )


@pytest.mark.parametrize("environment", ["production", "", "Development", "staging"])
def test_it_starts_in_development_only(environment: str) -> None:
    with pytest.raises(RefusedToStart, match="set PORTAL_ENVIRONMENT=development"):
        create_development_cognito(settings(environment=environment))


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "::", "hospital.example.org", ""])
def test_it_listens_on_loopback_only(host: str) -> None:
    with pytest.raises(RefusedToStart, match="loopback"):
        create_development_cognito(settings(host=host))


def test_it_answers_this_machine_only() -> None:
    here = create_development_cognito(settings()).test_client()
    path = f"/{settings().pool_id}/.well-known/jwks.json"
    base = "http://127.0.0.1:8001"
    assert here.get(path, base_url=base).status_code == 200
    from_elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert here.get(path, base_url=base, environ_base=from_elsewhere).status_code == 403


@pytest.mark.parametrize("text", ["", "not json", "[]", "\x00"])
def test_an_unreadable_state_file_stops_the_start_and_says_what_to_do(
    tmp_path: Path, text: str
) -> None:
    file = tmp_path / "state.json"
    file.write_text(text)
    with pytest.raises(RefusedToStart, match="Remove it to start afresh"):
        create_development_cognito(settings(state_file=file))


def test_a_restart_keeps_people_groups_keys_and_sessions(tmp_path: Path) -> None:
    file = tmp_path / "kept" / "state.json"
    with running_provider(state_file=file) as first:
        caller = PlainClient(first)
        caller.code_for(AMINA_OKAFOR)
        published = caller.published_keys().as_dict(private=False)
    accounts = create_development_cognito(settings(state_file=file)).extensions[EXTENSION].accounts
    created = accounts.create("new@example.org", {"name": "Nadia Petrova"})
    accounts.add_to_group(created.sub, "nurse")
    accounts.enable(AMINA_OKAFOR.sub, enabled=False)

    with running_provider(state_file=file) as second:
        again = PlainClient(second)
        assert again.published_keys().as_dict(private=False) == published
        page = again.get("/login", again.question()).text
        assert "Nadia Petrova — nurse" in page
        assert "Sign in as Amina Okafor" not in page
    kept = json.loads(file.read_text())
    assert [account["sub"] for account in kept["accounts"]] == [created.sub, AMINA_OKAFOR.sub]
    assert file.stat().st_mode & 0o077 == 0
    assert list(file.parent.iterdir()) == [file]


def test_a_restart_at_the_same_address_keeps_the_hosted_session(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with running_provider(state_file=file) as first:
        caller = PlainClient(first)
        caller.code_for(AMINA_OKAFOR)
    with running_provider(state_file=file) as second:
        caller.settings = second
        assert "code" in caller.answer(caller.authorize())


def test_away_means_503_everywhere_until_back(caller: PlainClient) -> None:
    domain = caller.settings.domain
    code = caller.code_for(AMINA_OKAFOR)
    assert requests.post(f"{domain}/development/away", timeout=60).status_code == 204
    for path in (
        "/oauth2/authorize",
        "/login",
        f"/{caller.settings.pool_id}/.well-known/jwks.json",
    ):
        assert caller.get(path).status_code == 503
    assert caller.exchange(code).status_code == 503
    assert requests.post(domain, timeout=60).status_code == 503
    assert requests.post(f"{domain}/development/back", timeout=60).status_code == 204
    assert caller.exchange(code).status_code == 200


def test_away_may_hang_and_requests_are_answered_when_it_ends(caller: PlainClient) -> None:
    domain = caller.settings.domain
    requests.post(f"{domain}/development/away", data={"hang": "yes"}, timeout=60)
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{domain}/login", timeout=0.3)
    with ThreadPoolExecutor(20) as crowd:
        waiting = [crowd.submit(caller.get, "/login") for _ in range(20)]
        time.sleep(0.2)
        assert not any(request.done() for request in waiting)
        assert requests.post(f"{domain}/development/back", timeout=60).status_code == 204
        assert {request.result().status_code for request in waiting} == {503}


def test_a_crowd_signs_in_at_once(caller: PlainClient) -> None:
    def sign_in(number: int) -> bool:
        person = NAMED_PEOPLE[number % len(NAMED_PEOPLE)]
        one = PlainClient(caller.settings)
        token = one.exchange(one.code_for(person)).json()["id_token"]
        return one.claims_of(token)["sub"] == person.sub

    with ThreadPoolExecutor(32) as crowd:
        assert list(crowd.map(sign_in, range(200))) == [True] * 200


def test_one_code_sent_many_times_at_once_gives_one_token(caller: PlainClient) -> None:
    code = caller.code_for(AMINA_OKAFOR)
    with ThreadPoolExecutor(16) as crowd:
        answers = list(crowd.map(lambda _: caller.exchange(code).status_code, range(16)))
    assert sorted(answers) == [200] + [400] * 15


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "portal.development.cognito", *arguments],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], **environment},
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_command_serves_until_it_is_told_to_end_and_logs_no_query(tmp_path: Path) -> None:
    portal = "http://127.0.0.1:9123"
    process = start(
        *("--port", "0", "--portal-url", f"{portal}/", "--state", str(tmp_path / "state.json")),
        PORTAL_ENVIRONMENT="development",
    )
    assert process.stderr
    ready = process.stderr.readline()
    issuer = re.search(r"ready at (\S+)", ready)
    assert issuer, ready
    found = requests.get(f"{issuer[1]}/.well-known/openid-configuration?secret=code", timeout=60)
    assert found.json()["issuer"] == issuer[1]
    process.terminate()
    _, log = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "GET /local_MediCareHub/.well-known/openid-configuration 200" in log
    assert "secret" not in log


@pytest.mark.parametrize(
    ("arguments", "environment", "reason"),
    [
        ([], "production", "The development sign-in lets anybody in as anybody"),
        (["--host", "0.0.0.0"], "development", "The development sign-in listens on loopback only"),
        (["--port", "BUSY"], "development", "Cannot listen at http://127.0.0.1:"),
    ],
)
def test_the_command_refuses_with_the_reason(
    provider: DevelopmentCognitoSettings, arguments: list[str], environment: str, reason: str
) -> None:
    arguments = [argument.replace("BUSY", str(provider.port)) for argument in arguments]
    process = start(*arguments, PORTAL_ENVIRONMENT=environment)
    _, log = process.communicate(timeout=60)
    assert process.returncode == 1
    assert log.startswith(reason)
