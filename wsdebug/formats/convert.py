"""From one format to another, in one pass."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wsdebug.formats.losses import Losses
from wsdebug.formats.output import STDOUT, open_output
from wsdebug.formats.source import Source
from wsdebug.formats.table import Target, reader_of, source_by_content, source_by_name
from wsdebug.payload.redact import Redactor
from wsdebug.session.checked import STDIN, open_input
from wsdebug.session.put import refuse_existing

__all__ = ["Conversion", "Report", "convert"]


@dataclass(frozen=True, slots=True)
class Conversion:
    """What is to be done. `source` and `target` are paths, `-` for stdin and stdout.

    `source_format` is a name of `SOURCES`, None to tell by suffix or content. `secrets` are
    values by name that are masked wherever they stand; `keep_secrets` masks nothing.
    """

    source: str
    target: str
    target_format: Target
    source_format: str | None = None
    force: bool = False
    keep_secrets: bool = False
    secrets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """What a person should know. `losses` are a few words each, `masked` names of secrets."""

    losses: tuple[str, ...]
    masked: tuple[str, ...]


def convert(asked: Conversion, *, shown: Callable[[bytes], bytes] | None = None) -> Report:
    """Convert; the target is whole, or nothing has changed.

    `shown` makes a line of text fit for a terminal, where stdout is one. Raises SessionUnreadable
    with its place, and RecordingFailed where the target exists or cannot be written.
    """
    redactor = Redactor(asked.secrets, keep=asked.keep_secrets)
    with open_input(asked.source) as file:
        if asked.target != STDOUT:
            refuse_existing(asked.target, force=asked.force)
        name = asked.source_format or source_by_name(asked.source)
        name = name or source_by_content(file.peek(1 << 10))
        losses = Losses(has_lines=name == "session")
        lines = reader_of(name)(file, asked.source, losses)
        masks = bool(asked.secrets) and not asked.keep_secrets
        folder = Path(asked.source).parent if asked.source != STDIN else Path()
        source = Source(lines, asked.source, redactor, losses, folder=folder, masks_payloads=masks)
        with open_output(asked.target, force=asked.force, shown=shown) as out:
            asked.target_format.write(source, out)
    return Report(tuple(losses), tuple(source.masked))
