"""The refresh tokens that are stored."""

from dataclasses import replace

from sqlalchemy.orm import Session

from portal.signin.rechecking.tokens import opened, sealed
from tests.signin.portal_flow import Visit
from tests.signin.rechecking.rechecks import MINUTE, Worker, is_in, the_session
from tests.signin.standard_provider import StandardProvider


def test_the_stored_token_cannot_be_used_by_whoever_reads_the_database(
    doctor: Visit, worker: Worker, standard: StandardProvider, database: Session
) -> None:
    stored = the_session(database).refresh_token

    assert stored is not None
    assert not any(token in stored for token in standard.refresh_tokens)
    assert opened(stored, ("another key, and it is long enough",)) is None


def test_after_a_change_of_keys_the_older_key_still_opens_it(
    doctor: Visit, worker: Worker, standard: StandardProvider
) -> None:
    new = replace(
        worker.settings,
        secret_key="a new key, and it is long enough",
        secret_key_fallbacks=(worker.settings.secret_key,),
    )
    worker.check(after=16 * MINUTE, secrets=new.secrets)
    assert is_in(doctor)

    worker.check(after=16 * MINUTE, secrets=("a key that never sealed anything",))
    assert not is_in(doctor)


def test_a_token_that_is_too_long_is_not_stored() -> None:
    assert sealed("t" * 10_001, ("a key",)) is None
