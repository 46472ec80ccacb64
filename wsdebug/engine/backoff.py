"""When to try again after a connection failed or ended."""

import random
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from wsdebug.errors import HandshakeRefused, WsdebugError

__all__ = ["backoff", "next_delay", "retry_after"]

FIRST, LONGEST = 1.0, 30.0  # seconds: upper bounds of the first delay and of all
DOUBLINGS = 10  # more make no difference
DAY = 86_400.0  # seconds; nobody waits longer for a server


def backoff(attempt: int, jitter: float) -> float:
    """Seconds before an attempt, counted from 1; `jitter` from 0 to 1 takes a part of the bound."""
    return jitter * min(LONGEST, FIRST * 2.0 ** min(attempt - 1, DOUBLINGS))


def next_delay(
    attempt: int, failure: WsdebugError | None, jitter: Callable[[], float] | None = None
) -> float:
    """Seconds before an attempt: those that the server asked for, or else a random part."""
    if isinstance(failure, HandshakeRefused):
        asked = retry_after(failure.headers, datetime.now(UTC))
        if asked is not None:
            return asked
    return backoff(attempt, (jitter or random.random)())


def retry_after(headers: Iterable[tuple[str, str]], now: datetime) -> float | None:
    """Seconds that the server asks for, as a number or a date (RFC 9110 section 10.2.3)."""
    for name, value in headers:
        if name.lower() != "retry-after":
            continue
        if re.fullmatch(r"[0-9]{1,12}", value.strip()):
            return min(DAY, float(value))
        try:
            date = parsedate_to_datetime(value)
        except (ValueError, OverflowError):  # of a year with more digits than there will be
            continue
        moment = date if date.tzinfo else date.replace(tzinfo=UTC)
        return min(DAY, max(0.0, (moment - now).total_seconds()))
    return None
