"""How long nothing must have come or gone for the screen to call it a silence."""

from typing import Any

__all__ = ["SILENCE", "silence_of"]

SILENCE = 10_000_000  # microseconds


def silence_of(app: Any) -> int:
    """Microseconds, as the person chose; 0 for never."""
    silence = getattr(app, "silence_us", SILENCE)
    assert isinstance(silence, int)
    return silence
