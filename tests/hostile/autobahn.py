"""The Autobahn test suite's client cases, against an echo client made with the Python API.

    python -m tests.hostile.autobahn                 all 517 cases; takes some minutes
    python -m tests.hostile.autobahn '12.*' 9.1.1    those that are named

PyPI's `kosoku` runs the cases; what it does not do right is made good here.
"""

import asyncio
import contextlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from kosoku import FailureError, run_fuzzingserver
from kosoku._kosoku import CaseResult
from kosoku.cases import CASES

import wsdebug
from wsdebug.session.lines import FrameLine

__all__ = [
    "AGENT",
    "TOTAL",
    "UNLIKE",
    "Report",
    "Verdict",
    "echo",
    "mend_texts",
    "named",
    "run_cases",
    "told",
]

TOTAL = 517
AGENT = "wsdebug"
LONGEST = 480  # seconds, the suite's own bound of its longest case
# kosoku agrees to no compression in these, unless the client offers this parameter too
NO_TAKEOVER = ("13.2.", "13.5.", "13.6.")

# Where the suite's own notes allow another verdict than OK, and why it can be that.
ECHO_COMES_LATE = "failed by a frame of the same read before the application could echo"
FRAME_BY_FRAME = "text is judged once its frame is whole"
ONLY_NOTED = "the suite only takes note of what happens"
UNLIKE: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("3.2", "3.3", "3.4", "4.1.3", "4.1.4", "4.1.5", "4.2.3", "4.2.4", "4.2.5", "5.15"),
        ("NON-STRICT", ECHO_COMES_LATE),
    ),
    **dict.fromkeys(("6.4.3", "6.4.4"), ("NON-STRICT", FRAME_BY_FRAME)),
    **dict.fromkeys(("7.1.6", "7.13.1", "7.13.2"), ("INFORMATIONAL", ONLY_NOTED)),
}
MENDED: list[str] = []  # by `mend_texts`, once in a process


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the suite says of one case, and what it does not look at."""

    case: str
    behavior: str
    closing: str
    masked: bool  # every frame of ours, as the suite saw it and as the record has it
    words: str

    @property
    def is_good(self) -> bool:
        """OK, or what `UNLIKE` allows for this case."""
        allowed = {("OK", "OK")}
        if self.case in UNLIKE:
            verdict = UNLIKE[self.case][0]
            closing = "INFORMATIONAL" if verdict == "INFORMATIONAL" else "OK"
            allowed |= {(verdict, closing), (verdict, "OK")}
        return self.masked and (self.behavior, self.closing) in allowed


@dataclass(frozen=True, slots=True)
class Report:
    """The verdicts by case; `missing` were asked for, but did not run."""

    verdicts: dict[str, Verdict]
    missing: tuple[str, ...]

    @property
    def wrong(self) -> list[Verdict]:
        """The verdicts that are not good."""
        return [verdict for verdict in self.verdicts.values() if not verdict.is_good]


def named(*patterns: str) -> list[str]:
    """The cases that any of the patterns name, in the suite's order."""
    return [case for case in CASES if any(fnmatchcase(case, pattern) for pattern in patterns)]


def mend_texts() -> tuple[str, ...]:
    r"""Give texts among the 6.* cases their bytes back; the cases that were wrong.

    They were written for Python 2, where "\xce\xba" is two bytes. Taken for two characters they
    are encoded once more, and no client ever sees what the case is about.
    """
    cases: dict[str, Any] = CASES
    for name, case in cases.items():
        payload = getattr(case, "PAYLOAD", "")
        if name.startswith("6.") and isinstance(payload, str) and not payload.isascii():
            with contextlib.suppress(UnicodeError):  # these are characters
                case.PAYLOAD = payload.encode("latin-1").decode()
                MENDED.append(name)
    return tuple(MENDED)


async def run_cases(cases: Sequence[str], *, at_once: int = 1) -> Report:
    """Run cases in the suite's order, so many at a time."""
    mend_texts()
    masked: dict[str, bool] = {}
    async with run_fuzzingserver(cases, host="127.0.0.1", port=0) as server:
        url = f"ws://127.0.0.1:{server.port}"
        waiting = iter(enumerate(cases, 1))

        async def play() -> None:
            for number, case in waiting:
                offer = wsdebug.DeflateOffer(
                    client_no_context_takeover=case.startswith(NO_TAKEOVER)
                )
                address = f"{url}/runCase?case={number}&agent={AGENT}"
                masked[case] = await echo(address, offer)

        async with asyncio.TaskGroup() as tasks:
            for _ in range(at_once):
                tasks.create_task(play())
        with contextlib.suppress(wsdebug.ConnectionClosed):  # it ends this without a close
            async with wsdebug.connect(f"{url}/updateReports?agent={AGENT}") as connection:
                async for _ in connection:
                    pass
        try:
            results = await server.get_result()
        except FailureError as failure:
            results = failure.results
    verdicts = {result.case_id: _verdict(result, masked) for result in results}
    return Report(verdicts, tuple(case for case in cases if case not in verdicts))


async def echo(url: str, offer: wsdebug.DeflateOffer) -> bool:
    """Send back what comes until the end; whether every frame of ours had a mask."""
    with contextlib.suppress(wsdebug.ConnectionClosed):
        async with (
            asyncio.timeout(LONGEST),
            wsdebug.connect(url, compression=offer) as connection,
        ):
            try:
                async for message in connection:
                    await connection.send(message)
            finally:
                log = connection.log
    sent = [line.frame for line in log if isinstance(line, FrameLine) and line.sent]
    return all(frame.mask is not None for frame in sent)


def _verdict(result: CaseResult, masked: dict[str, bool]) -> Verdict:
    # ("RF", payload, opcode, fin, rsv, masked, key): a frame that the suite received
    seen = [entry for entry in result.wirelog if entry[0] == "RF"]
    return Verdict(
        case=result.case_id,
        behavior=result.behavior.value,
        closing=result.behavior_close.value,
        masked=masked.get(result.case_id, False) and all(entry[5] for entry in seen),
        words=f"{result.result} {result.result_close}",
    )


def main(patterns: Sequence[str]) -> int:
    """Run and report; 0 where every case ran and is good."""
    cases = named(*(patterns or "*"))
    if not cases:
        sys.stderr.write(f"no case is named {' '.join(patterns)}\n")
        return 2
    return told(asyncio.run(run_cases(cases)))


def told(report: Report) -> int:
    """Say what is not simply OK; 0 where every case ran and is good."""
    for verdict in report.verdicts.values():
        if (verdict.behavior, verdict.closing) != ("OK", "OK") or not verdict.is_good:
            why = UNLIKE.get(verdict.case, ("", verdict.words))[1]
            mark = " " if verdict.is_good else "!"
            sys.stdout.write(f"{mark} {verdict.case} {verdict.behavior} {verdict.closing}: {why}\n")
    for case in report.missing:
        sys.stdout.write(f"! {case} did not run\n")
    bad = len(report.wrong) + len(report.missing)
    sys.stdout.write(f"{len(report.verdicts)} of {TOTAL} cases ran, {bad} are not as they should\n")
    return 1 if bad or not report.verdicts else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
