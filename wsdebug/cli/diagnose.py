"""`wsdebug diagnose URL`: every step of getting in, with its time, its verdict and advice."""

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wsdebug.cli.color import Paint, add_color
from wsdebug.cli.options import Parser, add_connection, connect_options
from wsdebug.cli.recording import add_recording, record_options
from wsdebug.engine.advice import AdviceText, advice_of
from wsdebug.engine.diagnosis import Finding, diagnose, unreached
from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.variables import expanded, variables_of
from wsdebug.errors import ConnectionClosed, RecordingFailed, UsageError, WaitTimedOut, WsdebugError
from wsdebug.payload.escape import escape
from wsdebug.payload.numbers import duration
from wsdebug.session.lines import Event

__all__ = ["parser", "run"]

EXAMPLES = """examples:
  wsdebug diagnose wss://stream.example.com/feed
  wsdebug diagnose -x http://proxy.example:3128 wss://stream.example.com/feed
  wsdebug diagnose --json ws://127.0.0.1:9911/ | jq '.steps[] | select(.ok == false)'
"""
PONG = 5.0  # seconds to wait for a pong, unless --ping-timeout says otherwise
SIGNS = {"right": "✓", "wrong": "✗", "risky": "!", "open": "–"}
ASCII = str.maketrans("✓✗–µ“”", '+x-u""')
COLORS = {"right": "green", "wrong": "red", "risky": "yellow", "open": "muted"}
WORDS = 13  # first cell of a step's words


@dataclass(frozen=True, slots=True)
class Report:
    """What was found; `failure` is what stopped it."""

    url: str
    findings: tuple[Finding, ...]
    failure: WsdebugError | None
    advice: AdviceText | None
    notices: tuple[str, ...]

    @property
    def took_us(self) -> int:
        """Of all steps up to the opening."""
        return sum(each.duration_us or 0 for each in self.findings if each.step != "ping")


def parser() -> Parser:
    """What this command takes."""
    made = Parser("wsdebug diagnose", usage=f"wsdebug diagnose [options] URL\n\n{EXAMPLES}")
    made.add_argument("url", metavar="URL")
    made.add_argument("--json", action="store_true", help="one JSON object on stdout")
    add_color(made)
    add_connection(made)
    add_recording(made)
    return made


def run(arguments: list[str]) -> int:
    """Report on stdout; raises what stopped it, for stderr and the exit code."""
    parsed = parser().parse_intermixed_args(arguments)
    options = connect_options(parsed)
    if options.reconnect:
        raise UsageError("diagnose connects once: leave out --reconnect", field="reconnect")
    live = LiveSession(options, record_options(parsed))
    try:
        report = asyncio.run(_diagnosed(live, options))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        live.log.close()
    if isinstance(report.failure, UsageError):
        raise report.failure
    if parsed.json:
        sys.stdout.write(json.dumps(_as_json(report), ensure_ascii=False) + "\n")
    else:
        paint = Paint(parsed.color, sys.stdout)
        text = "".join(f"{line}\n" for line in _lines(report, paint))
        is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
        sys.stdout.write(text if is_unicode else text.translate(ASCII))
    sys.stdout.flush()
    if problem := live.status.recording_problem:
        raise RecordingFailed(f"not everything was recorded: {problem}", path=live.path or "")
    if report.failure is not None:
        raise report.failure
    return 0


async def _diagnosed(live: LiveSession, options: ConnectOptions) -> Report:
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # also where a shell ignores it
        loop.add_signal_handler(number, task.cancel)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(live.run())
            try:
                await live.until("open", "closing", "closed", "failed")
                ping = await _pinged(live, options.ping_timeout or PONG)
            finally:
                await live.disconnect()
    finally:
        await live.finish()
    return _report(live, options, ping)


async def _pinged(live: LiveSession, timeout: float) -> Finding | WsdebugError:
    """What came of a ping, or what stopped it."""
    with contextlib.suppress(TimeoutError):
        try:
            ping = await live.ping(b"wsdebug")
        except ConnectionClosed:
            await live.until("closed", "failed")
            return _closed(live)
        async with asyncio.timeout(timeout), asyncio.TaskGroup() as tasks:
            waits = [
                tasks.create_task(ping.answered.wait()),
                tasks.create_task(live.until("closed", "failed")),
            ]
            await asyncio.wait(waits, return_when="FIRST_COMPLETED")
            for wait in waits:
                wait.cancel()
        if ping.answered.is_set():
            took_us = (live.counters.round_trip_ns or 0) // 1000
            return Finding("ping", "right", "answered", took_us)
        return _closed(live)
    return WaitTimedOut(f"open, but no pong came in {timeout:g} s")


def _closed(live: LiveSession) -> Finding | WsdebugError:
    """What it is that the connection has ended, or never was."""
    try:
        live.raise_for_status()
    except WsdebugError as error:
        return error
    return Finding("ping", "risky", f"the server closed with {live.status.code} at once")


def _report(live: LiveSession, options: ConnectOptions, ping: Finding | WsdebugError) -> Report:
    header = live.log.header
    events = [line for line in live.log if isinstance(line, Event)]
    ends = ("open", "error", "closed")
    end = next((at for at, event in enumerate(events, 1) if event.name in ends), len(events))
    started = header.started if header is not None else None
    findings = diagnose(events[:end], started=started, insecure=options.insecure)
    dialled = expanded(options, variables_of(options))
    failure = ping if isinstance(ping, WsdebugError) else None
    if isinstance(ping, Finding):
        findings.append(ping)
    elif any(event.name == "open" for event in events):
        findings.append(Finding("ping", "wrong", str(failure)))
    else:
        findings += [Finding(name, "open") for name in unreached(dialled, findings)]
    url = live.redactor.url(dialled.url)
    advice = advice_of(failure, dialled)
    return Report(url, tuple(findings), failure, advice, live.status.notices)


def _lines(report: Report, paint: Paint) -> Iterator[str]:
    yield paint(escape(report.url), "bold")
    for notice in report.notices:
        yield paint(escape(notice), "muted")
    yield ""
    for finding in report.findings:
        yield from _finding_lines(finding, paint)
    yield ""
    if report.failure is None:
        yield f"open after {duration(report.took_us)}"
        return
    advice = report.advice
    if advice is None:
        yield paint(escape(str(report.failure)), "bold")
        return
    yield paint(advice.heading, "bold")
    for words, tone in advice.lines:
        yield f"  {paint(words, 'yellow') if tone == 'warning' else words}"


def _finding_lines(finding: Finding, paint: Paint) -> Iterator[str]:
    color: Any = COLORS[finding.verdict]
    took = duration(finding.duration_us) if finding.duration_us is not None else ""
    words = "not reached" if finding.verdict == "open" else finding.words
    start = f"{paint(SIGNS[finding.verdict], color)} {finding.step:<9.9} {took:>7}  "
    yield f"{start}{paint(escape(words), 'muted') if finding.verdict == 'open' else escape(words)}"
    for check in finding.checks:
        said = "  ".join(part for part in (check.words, check.aside, *check.more) if part)
        sign = paint(SIGNS[check.verdict], COLORS[check.verdict])  # type: ignore[arg-type]
        yield f"{'':21}{sign} {check.name}: {escape(said)}"


def _as_json(report: Report) -> dict[str, Any]:
    advice = report.advice
    return {
        "url": report.url,
        "ok": report.failure is None,
        "exit": report.failure.exit_code if report.failure is not None else 0,
        "ms": report.took_us / 1000,
        "notices": list(report.notices),
        "steps": [_step_as_json(finding) for finding in report.findings],
        "error": str(report.failure) if report.failure is not None else None,
        "advice": {"heading": advice.heading, "lines": [words for words, _ in advice.lines]}
        if advice is not None
        else None,
    }


def _step_as_json(finding: Finding) -> dict[str, Any]:
    return {
        "step": finding.step,
        "ok": {"right": True, "risky": True, "wrong": False, "open": None}[finding.verdict],
        "ms": finding.duration_us / 1000 if finding.duration_us is not None else None,
        "words": finding.words,
        "facts": dict(finding.facts),
        "checks": [
            {
                "name": check.name,
                "verdict": check.verdict,
                "words": check.words,
                "aside": check.aside,
                "more": list(check.more),
            }
            for check in finding.checks
        ],
    }
