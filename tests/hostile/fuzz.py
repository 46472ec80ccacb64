"""A coverage-guided fuzzer on what takes bytes from strangers; needs the extra `fuzz` (atheris).

    pip install -e '.[fuzz]'
    python -m tests.hostile.fuzz decoder                        until it finds something, or Ctrl-C
    python -m tests.hostile.fuzz session -max_total_time=600    with options of libFuzzer

Targets are `decoder`, `inflater`, `handshake` and `session`. Each starts from its seeds in
`corpus/`; what it learns is kept in a folder that is named after them, if one is.
"""

import sys
import tempfile
from pathlib import Path

__all__ = ["CORPUS", "main"]

CORPUS = Path(__file__).with_name("corpus")


def main(arguments: list[str]) -> None:
    """Run a target; atheris ends the process."""
    try:
        import atheris
    except ImportError:
        sys.exit("the fuzzer needs atheris: pip install -e '.[fuzz]'")
    with atheris.instrument_imports(include=["wsdebug"]):
        from tests.hostile.fuzz_targets import TARGETS
    name, *options = arguments or [""]
    if name not in TARGETS:
        sys.exit(f"no such target: {name!r}; there are {', '.join(TARGETS)}")
    folders = [option for option in options if not option.startswith("-")]
    learnt = folders[0] if folders else tempfile.mkdtemp(prefix="wsdebug-fuzz-")
    rest = [option for option in options if option.startswith("-")]
    command = [sys.argv[0], learnt, str(CORPUS / name), f"-artifact_prefix={learnt}/", *rest]
    atheris.Setup(command, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
