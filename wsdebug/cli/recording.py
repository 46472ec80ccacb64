"""The options of a recording, of every command that makes one."""

import argparse
from typing import Any

from wsdebug.cli.options import to_bytes
from wsdebug.engine.options import RecordOptions
from wsdebug.errors import UsageError

__all__ = ["READ_ONLY", "add_recording", "record_options", "remember_recording"]

READ_ONLY = "archives are only read; write without .gz, then gzip it"


def add_recording(parser: argparse.ArgumentParser, *flags: str, has_usual: bool = False) -> None:
    """Add the options of a recording; `flags` name its file, `--record` if there are none.

    Where there is a usual place for recordings, `--record` alone is True.
    """
    add = parser.add_argument_group("recording").add_argument
    flags = flags or ("--record",)
    usual: dict[str, Any] = {"nargs": "?", "const": True, "type": _no_url} if has_usual else {}
    words = "; without FILE, where recordings usually go" if has_usual else ""
    add(*flags, dest="output", metavar="FILE", help=f"an existing file is refused{words}", **usual)
    add("--append", action="store_true", help="go on in the file")
    add("--force", action="store_true", help="begin the file anew")
    add("--no-wire", action="store_true", help="keep only the length of compressed payloads")
    add("--max-payload", type=to_bytes, metavar="BYTES", help="keep so much of each payload")
    add("--rotate", type=to_bytes, metavar="SIZE", help="go on in NAME.2 … past this size")
    add("--keep-secrets", action="store_true", help="mask nothing")


def record_options(arguments: argparse.Namespace, *, needs_file: bool = True) -> RecordOptions:
    """Where the recording goes. Raises UsageError naming the field.

    Without `needs_file` there will be a file of some name anyway.
    """
    if arguments.append and arguments.force:
        raise UsageError("--append and --force exclude each other", field="append")
    for name in ("append", "force", "rotate") if needs_file else ("append", "force"):
        if getattr(arguments, name) and arguments.output is None:
            raise UsageError(f"--{name} needs a file to record to", field=name)
    if isinstance(arguments.output, str):
        _check_name(arguments.output)
    if arguments.output is not None or getattr(arguments, "json", False):
        _keep_own_secrets()
    return RecordOptions(
        path=arguments.output,
        append=arguments.append,
        force=arguments.force,
        keeps_wire=not arguments.no_wire,
        keep_secrets=arguments.keep_secrets,
        max_payload=arguments.max_payload,
        rotate=arguments.rotate,
    )


def remember_recording(record: RecordOptions) -> None:
    """Remember a file that is begun here: what it says of its connection need not be asked about.

    One that is gone on in may be somebody else's.
    """
    if record.path is not None and not record.append:
        from pathlib import Path

        from wsdebug.workspace.own import remember_own

        remember_own(Path(record.path))


def _check_name(path: str) -> None:
    words = {"": "the file to record to has no name", "-": "stdout has other data; name a file"}
    if path in words:
        raise UsageError(words[path], field="output")
    if path.lower().endswith(".gz"):
        raise UsageError(f"{path}: {READ_ONLY}", field="output")


def _keep_own_secrets() -> None:
    """What the configuration keeps secret is in no recording. Raises UsageError for a wrong one."""
    from wsdebug.payload.redact import keep_secret
    from wsdebug.workspace.config import load_config
    from wsdebug.workspace.folders import config_file

    redaction = load_config(config_file()).redaction
    keep_secret(headers=redaction.headers, query=redaction.query)


def _no_url(text: str) -> str:
    if "://" in text:
        raise argparse.ArgumentTypeError(f"{text} is no file; with none, write the URL first")
    return text
