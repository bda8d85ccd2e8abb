"""The accounts of the user pool: the named people, and those whom an administrator created."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from threading import RLock

from portal.development.cognito.people import NAMED_PEOPLE, NamedPerson
from portal.development.cognito.state import KeptState

# The named people were "created" at this second, so that their accounts are the same at every
# start.
BEGINNING = 1_700_000_000.0


@dataclass(frozen=True)
class Account:
    """One user of the pool. As in a pool that signs people in by email, the username is the `sub`.

    `created` and `modified` are seconds since 1970; `status` is one of Cognito's words.
    """

    sub: str
    attributes: dict[str, str]
    groups: tuple[str, ...] = ()
    enabled: bool = True
    status: str = "CONFIRMED"
    created: float = BEGINNING
    modified: float = BEGINNING
    software_token: str | None = None
    """The verified key of an authenticator app, in Base32."""
    second_step: bool = False
    """Signing in asks for the app's code; without an app the second step is skipped."""

    @property
    def asks_for_code(self) -> bool:
        return self.second_step and self.software_token is not None

    @property
    def username(self) -> str:
        return self.sub

    @property
    def email(self) -> str:
        return self.attributes["email"]

    @property
    def name(self) -> str:
        return self.attributes.get("name") or self.email


class UsernameTaken(Exception):
    """Another account has this email address already."""


class Accounts:
    """All accounts, safe to use from several threads. Changes are kept in the state file."""

    def __init__(self, state: KeptState, now: Callable[[], float]) -> None:
        self._state = state
        self._now = now
        self._lock = RLock()
        self._accounts = {person.sub: _account_of(person) for person in NAMED_PEOPLE}
        kept = [_account_kept_as(record) for record in state.get("accounts") or []]
        self._changed = {account.sub: account for account in kept}
        self._accounts.update(self._changed)

    def all(self) -> list[Account]:
        """Named people first, then the others in the order of creation."""
        with self._lock:
            return list(self._accounts.values())

    def find(self, username: str) -> Account | None:
        """The account with this username or email address (in any case)."""
        with self._lock:
            if username in self._accounts:
                return self._accounts[username]
            email = username.casefold()
            return next((a for a in self._accounts.values() if a.email.casefold() == email), None)

    def create(self, email: str, attributes: dict[str, str]) -> Account:
        """A new account that must choose its password at first sign-in. Raises UsernameTaken."""
        with self._lock:
            if self.find(email):
                raise UsernameTaken(email)
            sub, now = str(uuid.uuid4()), self._now()
            account = Account(
                sub=sub,
                attributes={"sub": sub, **attributes, "email": email},
                status="FORCE_CHANGE_PASSWORD",
                created=now,
                modified=now,
            )
            self._keep(account)
            return account

    def enable(self, sub: str, *, enabled: bool) -> None:
        self._change(sub, lambda account: replace(account, enabled=enabled))

    def set_status(self, sub: str, status: str) -> None:
        self._change(sub, lambda account: replace(account, status=status))

    def set_software_token(self, sub: str, key: str) -> None:
        self._change(sub, lambda account: replace(account, software_token=key))

    def set_second_step(self, sub: str, *, wanted: bool) -> None:
        self._change(sub, lambda account: replace(account, second_step=wanted))

    def add_to_group(self, sub: str, group: str) -> None:
        self._change(sub, lambda a: replace(a, groups=_in_order({*a.groups, group})))

    def remove_from_group(self, sub: str, group: str) -> None:
        self._change(sub, lambda a: replace(a, groups=_in_order({*a.groups} - {group})))

    def _change(self, sub: str, how: Callable[[Account], Account]) -> None:
        with self._lock:
            before = self._accounts[sub]
            after = how(before)
            if after != before:
                self._keep(replace(after, modified=self._now()))

    def _keep(self, account: Account) -> None:
        self._accounts[account.sub] = self._changed[account.sub] = account
        self._state.keep("accounts", [asdict(changed) for changed in self._changed.values()])


def _in_order(groups: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(groups))


def _account_of(person: NamedPerson) -> Account:
    return Account(
        sub=person.sub,
        attributes={
            "sub": person.sub,
            "email": person.email,
            "email_verified": "true",
            "name": person.name,
            "given_name": person.given_name,
            "family_name": person.family_name,
        },
        groups=(person.group,) if person.group else (),
        # Staff without one would only ever see its set-up page, which is no way to try a hospital.
        second_step=person.group is not None,
    )


def _account_kept_as(record: dict[str, object]) -> Account:
    return Account(**{**record, "groups": tuple(record["groups"])})  # type: ignore[arg-type]
