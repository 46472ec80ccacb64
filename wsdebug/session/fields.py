"""Fields of a line, each checked as it is taken."""

import binascii
from base64 import b64decode
from typing import Any

__all__ = ["LONGEST", "Wrong", "base64_bytes", "seconds", "typed", "whole"]

LONGEST = 1e10  # seconds, some three centuries: what clocks and calendars can still show


class Wrong(ValueError):
    """Why a line is damaged, in words."""


def typed(value: dict[str, Any], key: str, kind: type, default: Any) -> Any:
    """A value of this kind, or the default; raises Wrong for any other."""
    found = value.get(key, default)
    if found is not default and not isinstance(found, kind):
        raise Wrong(f"{key} is not of the right type")
    return found


def whole(value: dict[str, Any], key: str, *, least: int = 0) -> int | None:
    """A whole number that 64 bits hold, None if it is not there; raises Wrong for any other."""
    found = value.get(key)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int) or not least <= found < 1 << 64:
        raise Wrong(f"{key} is not a whole number from {least} on")
    return found


def seconds(value: dict[str, Any], key: str) -> float | int | None:
    """A number of seconds from 0 on, None if it is not there; raises Wrong for any other."""
    found = value.get(key)
    if found is None:
        return None
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    if not is_number or not 0 <= found < LONGEST:
        raise Wrong(f"{key} is not a number of seconds")
    return found  # type: ignore[no-any-return]


def base64_bytes(value: Any, key: str) -> bytes:
    """The bytes of a value in base64; raises Wrong where it is not."""
    try:
        return b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise Wrong(f"{key} is not base64") from None
