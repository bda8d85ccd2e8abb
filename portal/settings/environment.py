"""Reading environment variables. Each fault is a sentence that says how to fix it."""

import re
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from holidays import list_supported_countries


class Environment:
    """Collects faults instead of stopping at the first, so that one start shows them all."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self.faults: list[str] = []

    def optional(self, name: str) -> str | None:
        return self._variables.get(name, "").strip() or None

    def required(self, name: str, example: str) -> str:
        value = self.optional(name)
        if value is None:
            self.faults.append(f"{name} is not set. Set it to {example}.")
        return value or ""

    def url(self, name: str, example: str) -> str:
        """A required http or https address; empty if it is missing or not valid."""
        value = self.required(name, example)
        return value if not value or self._is_address(name, value, example) else ""

    def optional_url(self, name: str, example: str) -> str | None:
        value = self.optional(name)
        return value if value and self._is_address(name, value, example) else None

    def directory(self, name: str, example: str) -> Path:
        """A required absolute path. Not checked for existence, because that may hang."""
        value = self.required(name, f"a directory such as {example}")
        if value and not value.startswith("/"):
            self.faults.append(f"{name} is {value!r}. Set it to a full path such as {example}.")
        return Path(value)

    def optional_socket(self, name: str, example: str) -> str | None:
        """An absolute path, or host:port."""
        value = self.optional(name)
        if value and not re.fullmatch(r"/.+|[^\s:/]+:[0-9]{1,5}|\[[0-9a-f:]+\]:[0-9]{1,5}", value):
            self.faults.append(f"{name} is {value!r}. Set it to {example}, or to host:port.")
        return value

    def host_names(self, name: str) -> tuple[str, ...]:
        """Host names separated by spaces, without scheme, port or path."""
        found = tuple((self.optional(name) or "").split())
        for one in found:
            if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", one):
                self.faults.append(
                    f"{name} holds {one!r}. Write names such as portal.example.org, with spaces"
                    " between, without https:// and port."
                )
        return found

    def mail_address(self, name: str, example: str) -> str:
        """A required address for the From header, with or without a display name."""
        value = self.required(name, f"an address such as {example}")
        user, _, domain = parseaddr(value)[1].rpartition("@")
        if value and not (user and domain):
            self.faults.append(f"{name} is {value!r}. Set it to an address such as {example}.")
        return value

    def smtp_url(self, name: str) -> str:
        """A required smtp or smtps URL. It may contain a password, so faults never quote it."""
        value = self.required(name, "smtp://user:password@host:587")
        try:
            parts = urlsplit(value)
            good = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            good = False
        if value and not good:
            self.faults.append(
                f"{name} can't be read. Set it to smtp://user:password@host:587 (STARTTLS) or"
                " smtps://user:password@host:465, with signs such as / and @ in it as %2F and %40."
            )
        return value

    def _is_address(self, name: str, value: str, example: str) -> bool:
        try:
            parts = urlsplit(value)
            good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            good = False
        if not good:
            self.faults.append(f"{name} is {value!r}, not a web address. Set it to {example}.")
        return good

    def one_of(self, name: str, choices: tuple[str, ...]) -> str:
        value = self.optional(name) or choices[0]
        if value not in choices:
            self.faults.append(f"{name} is {value!r}. Set it to one of: {', '.join(choices)}.")
        return value

    def number(self, name: str, default: int, *, least: int = 0) -> int:
        value = self.optional(name) or str(default)
        if not re.fullmatch("[0-9]{1,9}", value) or int(value) < least:
            at_least = f" of at least {least}" if least else ""
            self.faults.append(
                f"{name} is {value!r}. Set it to a whole number{at_least}, such as {default}."
            )
            return default
        return int(value)

    def zone(self, name: str, default: str) -> ZoneInfo:
        value = self.optional(name) or default
        try:
            return ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.faults.append(f"{name} is {value!r}. Set it to an IANA zone, such as {default}.")
            return ZoneInfo(default)

    def region(self, name: str, default: str) -> str:
        """An ISO 3166 code of a country or region whose public holidays are known."""
        value = self.optional(name) or default
        country, _, part = value.partition("-")
        parts = list_supported_countries().get(country)
        if parts is None or (part and part not in parts):
            self.faults.append(
                f"{name} is {value!r}. Set it to an ISO 3166 code, such as {default}."
            )
            return default
        return value

    def locale(self, name: str, default: str) -> str:
        value = self.optional(name) or default
        try:
            return str(Locale.parse(value))
        except (UnknownLocaleError, ValueError):
            self.faults.append(f"{name} is {value!r}. Set it to a locale, such as {default}.")
            return default

    def dialled(self, name: str, default: str) -> str:
        """A short number that people dial."""
        value = self.optional(name) or default
        if not re.fullmatch("[0-9]{2,6}", value):
            self.faults.append(f"{name} is {value!r}. Set it to digits, such as {default}.")
            return default
        return value
