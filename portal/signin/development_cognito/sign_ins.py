"""What lives only in memory: authorization codes, and the access tokens that are still good."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from authlib.oauth2.rfc6749 import TokenMixin
from authlib.oidc.core import AuthorizationCodeMixin


@dataclass(frozen=True)
class SignIn:
    """One person having proved who they are, at `auth_time` (whole seconds since 1970)."""

    sub: str
    auth_time: int
    origin_jti: str


@dataclass(frozen=True, kw_only=True)
class AuthorizationCode(AuthorizationCodeMixin):
    """What a code stands for. Good until the second `expires`."""

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
    """An access token and the code that brought it. Good until the second `expires`."""

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


class Issued:
    """Codes and access tokens in circulation, safe to use from several threads.

    `remember_for` is how many seconds a taken code is remembered after its expiry: at least as long
    as the token that it brought is good.
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
        """The code, if it is fresh and was never taken before.

        The first attempt takes it, whatever becomes of that attempt. A second one ends the access
        token that the first brought.
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
