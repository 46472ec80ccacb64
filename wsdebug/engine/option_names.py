"""The connection options by their long names on the command line, and what kind each is."""

from dataclasses import fields
from typing import Any

from wsdebug.engine.options import ConnectOptions, DeflateOffer

__all__ = ["DEFAULTS", "FLAGS", "LISTS", "NAMES"]

FIELDS = [
    field
    for kind in (ConnectOptions, DeflateOffer)
    for field in fields(kind)
    if field.name != "url"
]
DEFAULTS: dict[str, Any] = {field.name.replace("_", "-"): field.default for field in FIELDS} | {
    "compression": True
}
NAMES = list(DEFAULTS)
LISTS = [name for name, default in DEFAULTS.items() if default == ()]
FLAGS = {name: default for name, default in DEFAULTS.items() if isinstance(default, bool)}
