"""Small encrypted files on the shared file system: the mount's owner can't read or forge them."""

import base64
import hmac
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from portal.errors import NotFound
from portal.shared_files import Missing, SharedFiles


class Box:
    """JSON values under names, each under a key that is derived from the portal's secret."""

    def __init__(self, store: SharedFiles, secret_key: str) -> None:
        self.store = store
        key = hmac.digest(secret_key.encode(), b"downtime lists", "sha256")
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def put(self, name: str, value: Any) -> None:
        """Raises `Unavailable` when the shared files are away."""
        self.store.put(name, self._fernet.encrypt(json.dumps([name, value]).encode()))

    def get(self, name: str) -> Any:
        """Raises `NotFound` for what is not there or not ours, `Unavailable` as above."""
        try:
            sealed_name, value = json.loads(self._fernet.decrypt(self.store.get(name)))
        except (Missing, InvalidToken, ValueError):
            raise NotFound from None
        if sealed_name != name:
            # Somebody put one clinic's file in the place of another's.
            raise NotFound
        return value
