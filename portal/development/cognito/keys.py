"""The signing keys: one signs; older ones stay published until their tokens have expired."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from threading import RLock

from joserfc.jwk import KeySet, KeySetSerialization, RSAKey

from portal.development.cognito.state import KeptState


@dataclass(frozen=True)
class SigningKey:
    """An RSA key pair with its `kid`, and the second since which it signs."""

    jwk: RSAKey
    since: float


class SigningKeys:
    """RS256 keys, newest first, kept in the state file.

    `rotate_after` and `publish_for` are seconds: when the signing key is replaced, and how long its
    public part stays published after that.
    """

    def __init__(
        self, state: KeptState, now: Callable[[], float], *, rotate_after: int, publish_for: int
    ) -> None:
        self._state = state
        self._now = now
        self._rotate_after = rotate_after
        self._publish_for = publish_for
        self._lock = RLock()
        self._keys = [
            SigningKey(RSAKey.import_key(kept["jwk"]), kept["since"])
            for kept in state.get("keys") or []
        ]

    def rotate(self) -> None:
        """Sign with a fresh key from now on."""
        with self._lock:
            jwk = RSAKey.generate_key(2048, {"kid": uuid.uuid4().hex, "use": "sig", "alg": "RS256"})
            self._keys = [SigningKey(jwk, self._now()), *self._keys]
            self._forget_retired_keys()
            self._state.keep(
                "keys",
                [{"jwk": key.jwk.as_dict(private=True), "since": key.since} for key in self._keys],
            )

    def signing_kid(self) -> str:
        """The id of the key that signs now, after a rotation if one is due."""
        with self._lock:
            if not self._keys or self._now() - self._keys[0].since >= self._rotate_after:
                self.rotate()
            return str(self._keys[0].jwk.kid)

    def private_keys(self) -> KeySet:
        """All keys; a token's `kid` header chooses the one that signs it."""
        self.signing_kid()
        return KeySet([key.jwk for key in self._keys])

    def published(self) -> KeySetSerialization:
        """The public JSON Web Key Set."""
        with self._lock:
            self.signing_kid()
            self._forget_retired_keys()
            return self.private_keys().as_dict(private=False)

    def _forget_retired_keys(self) -> None:
        # A key is retired when its successor begins to sign.
        oldest = self._now() - self._publish_for
        retired = [float("inf"), *(key.since for key in self._keys)]
        self._keys = [
            key for key, since in zip(self._keys, retired, strict=False) if since > oldest
        ]
