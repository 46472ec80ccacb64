"""The one place that replaces secrets by `***`, before anything is recorded."""

import re
from collections.abc import Sequence

__all__ = ["MASK", "Redactor"]

MASK = "***"
HEADERS = frozenset(("authorization", "proxy-authorization", "cookie", "set-cookie"))
QUERY = (
    r"(?:access[-_]?token|refresh[-_]?token|id[-_]?token|auth[-_]?token|token|api[-_]?key|key"
    r"|client[-_]?secret|secret|password|passwd|pwd|sig|signature|auth|jwt|session|ticket)"
)
QUERY_VALUE = re.compile(rf"([?&]({QUERY})=)([^&#\s]+)", re.IGNORECASE)
USER_INFO = re.compile(r"(://)([^/?#@\s]+)@")


class Redactor:
    """Masks URLs, headers and raw heads; `names` lists what was replaced, without repeats.

    `secrets` are values that are masked wherever they stand; with `keep` nothing is.
    """

    def __init__(self, secrets: Sequence[str] = (), *, keep: bool = False) -> None:
        self._secrets = sorted(filter(None, secrets), key=len, reverse=True)
        self._keep = keep
        self.names: list[str] = []

    def url(self, url: str) -> str:
        """A URL or request target without user info and without secret query values."""
        if self._keep:
            return url
        masked, count = USER_INFO.subn(rf"\1{MASK}@", url)
        if count:
            self._note("user")
        return self._values(self._query(masked))

    def headers(self, pairs: Sequence[tuple[str, str]]) -> list[list[str]]:
        """Header pairs with secret values masked; names and order stay."""
        return [[name, self._header(name, value)] for name, value in pairs]

    def head(self, raw: bytes) -> bytes:
        """A raw request or response head with the same values masked, all else byte for byte."""
        if self._keep:
            return raw
        lines = raw.decode("latin-1").split("\r\n")
        masked = [self._values(self._query(lines[0]))]
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            masked.append(
                f"{name}: {self._header(name, value.strip())}"
                if colon and self._is_secret(name)
                else self._values(line)
            )
        return "\r\n".join(masked).encode("latin-1", "replace")

    def _header(self, name: str, value: str) -> str:
        if self._keep:
            return value
        if self._is_secret(name):
            self._note(name)
            return MASK
        return self._values(self._query(value) if name.lower() == "location" else value)

    @staticmethod
    def _is_secret(name: str) -> bool:
        return name.strip().lower() in HEADERS

    def _query(self, text: str) -> str:
        def mask(found: re.Match[str]) -> str:
            self._note(found[2])
            return found[1] + MASK

        return QUERY_VALUE.sub(mask, text)

    def _values(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return text

    def _note(self, name: str) -> None:
        if name not in self.names:
            self.names.append(name)
