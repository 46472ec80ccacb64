"""What the first word of a command line is."""

__all__ = ["is_url"]


def is_url(word: str) -> bool:
    """CLI.md: `://`, a dot or a colon in it, or `localhost`."""
    if word.startswith("-"):
        return False
    return "://" in word or "." in word or ":" in word or word == "localhost"
