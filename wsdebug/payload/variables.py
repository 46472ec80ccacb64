"""Placeholders: `{{name}}` stands for a declared variable, and for itself where there is none."""

import re
from collections.abc import Iterator, Mapping

__all__ = ["expand", "is_template", "is_variable_name", "placeholders"]

PLACEHOLDER = re.compile(r"\{\{([^{}=\s]+)\}\}")
NAME = r"[^{}=\s]+"
TEMPLATE = r"(?i)(?:(?:Basic|Bearer|Token) )?(?:\{\{[^{}=\s]+\}\}[:;=&, ]*)+"


def is_variable_name(name: str) -> bool:
    """Whether a placeholder can have this name."""
    return re.fullmatch(NAME, name) is not None


def is_template(text: str) -> bool:
    """Whether a text is made of placeholders alone, and tells nothing of their values."""
    return re.fullmatch(TEMPLATE, text) is not None


def expand(text: str, values: Mapping[str, str]) -> str:
    """The text with the placeholders of declared names replaced; values are not looked at again."""
    if "{{" not in text or not values:
        return text
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def placeholders(text: str) -> Iterator[str]:
    """The names that placeholders in a text have."""
    for found in PLACEHOLDER.finditer(text):
        yield found[1]
