"""Small encrypted files on the shared file system. The owner of the mount can't read or forge them."""

import json
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import InvalidToken

from portal.errors import NotFound
from portal.settings import keys
from portal.shared_files import Missing, SharedFiles


class Box:
    """Stores JSON values by name, encrypted with keys derived from the portal's secrets."""

    def __init__(self, store: SharedFiles, secrets: Sequence[str]) -> None:
        self.store = store
        self._fernet = keys.fernet(secrets, "downtime lists")

    def put(self, name: str, value: Any) -> None:
        """Raises `Unavailable` when the shared file system is unavailable."""
        self.store.put(name, self._fernet.encrypt(json.dumps([name, value]).encode()))

    def get(self, name: str) -> Any:
        """Raises `NotFound` if the file is missing or not written by the portal, `Unavailable` as `put`."""
        try:
            sealed_name, value = json.loads(self._fernet.decrypt(self.store.get(name)))
        except (Missing, InvalidToken, ValueError):
            raise NotFound from None
        if sealed_name != name:
            # One file was copied over another.
            raise NotFound
        return value
