"""Authorization codes, access tokens, and refresh tokens. Only the last are kept in the state file."""

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from threading import Lock

from authlib.oauth2.rfc6749 import TokenMixin
from authlib.oidc.core import AuthorizationCodeMixin

from portal.development.cognito.state import KeptState


@dataclass(frozen=True)
class SignIn:
    """That a person signed in, at `auth_time` (whole seconds since 1970)."""

    sub: str
    auth_time: int
    origin_jti: str


@dataclass(frozen=True, kw_only=True)
class AuthorizationCode(AuthorizationCodeMixin):
    """What a code stands for. Valid until the second `expires`."""

    code: str
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str
    code_challenge_method: str
    sign_in: SignIn
    expires: float

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.sign_in.auth_time


@dataclass(frozen=True, kw_only=True)
class AccessToken(TokenMixin):
    """An access token and the code that it was given for. Valid until the second `expires`."""

    token: str
    code: str
    sub: str
    scope: str
    expires: float
    now: Callable[[], float]

    def get_scope(self) -> str:
        return self.scope

    def is_expired(self) -> bool:
        return self.now() >= self.expires

    def is_revoked(self) -> bool:
        # Revoked tokens are forgotten, so one that is found is not revoked.
        return False


@dataclass(frozen=True, kw_only=True)
class RefreshToken:
    """For new tokens of the same sign-in, until the second `expires`."""

    sign_in: SignIn
    scope: str
    expires: float

    def get_scope(self) -> str:
        return self.scope

    def check_client(self, _client: object) -> bool:
        """The pool has one client."""
        return True


class RefreshTokens:
    """Safe for several threads."""

    def __init__(self, state: KeptState, now: Callable[[], float], *, lifetime: int) -> None:
        self._state, self._now, self._lifetime = state, now, lifetime
        self._lock = Lock()
        self._tokens = {
            token: RefreshToken(
                sign_in=SignIn(**kept["sign_in"]), scope=kept["scope"], expires=kept["expires"]
            )
            for token, kept in (state.get("refresh_tokens") or {}).items()
        }

    def add(self, sign_in: SignIn, scope: str) -> str:
        token, now = secrets.token_urlsafe(32), self._now()
        with self._lock:
            self._tokens[token] = RefreshToken(
                sign_in=sign_in, scope=scope, expires=now + self._lifetime
            )
            self._keep(lambda one: one.expires > now)
        return token

    def find(self, token: str) -> RefreshToken | None:
        with self._lock:
            found = self._tokens.get(token)
        return found if found and self._now() < found.expires else None

    def revoke_of(self, sub: str) -> None:
        with self._lock:
            self._keep(lambda one: one.sign_in.sub != sub)

    def _keep(self, chosen: Callable[[RefreshToken], bool]) -> None:
        self._tokens = {key: one for key, one in self._tokens.items() if chosen(one)}
        self._state.keep("refresh_tokens", {key: asdict(one) for key, one in self._tokens.items()})


class Issued:
    """Codes and access tokens that are in use. Safe for several threads.

    `remember_for`: how many seconds a used code is remembered after it expires. That must be at
    least as long as its token is valid.
    """

    def __init__(self, now: Callable[[], float], *, remember_for: int) -> None:
        self._now = now
        self._remember_for = remember_for
        self._lock = Lock()
        self._codes: dict[str, AuthorizationCode] = {}
        self._taken: set[str] = set()
        self._replayed: set[str] = set()
        self._tokens: dict[str, AccessToken] = {}

    def add_code(self, code: AuthorizationCode) -> None:
        with self._lock:
            self._forget_what_is_over()
            self._codes[code.code] = code

    def take_code(self, code: str) -> AuthorizationCode | None:
        """The code, if it is valid and was never used before.

        The first attempt uses it up, even if it fails. A second attempt revokes the access token of
        the first.
        """
        with self._lock:
            found = self._codes.get(code)
            if not found:
                return None
            if code in self._taken:
                self._replayed.add(code)
                self._revoke(lambda token: token.code == code)
                return None
            self._taken.add(code)
            return found if self._now() < found.expires else None

    def add_token(self, token: AccessToken) -> None:
        with self._lock:
            if token.code not in self._replayed:
                self._tokens[token.token] = token

    def token(self, token: str) -> AccessToken | None:
        with self._lock:
            return self._tokens.get(token)

    def revoke_tokens_of(self, sub: str) -> None:
        with self._lock:
            self._revoke(lambda token: token.sub == sub)

    def _revoke(self, chosen: Callable[[AccessToken], bool]) -> None:
        self._tokens = {key: token for key, token in self._tokens.items() if not chosen(token)}

    def _forget_what_is_over(self) -> None:
        oldest = self._now() - self._remember_for
        self._codes = {key: code for key, code in self._codes.items() if code.expires > oldest}
        self._taken &= self._codes.keys()
        self._replayed &= self._codes.keys()
        self._revoke(AccessToken.is_expired)
