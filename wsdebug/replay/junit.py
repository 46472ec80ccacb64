"""Results as JUnit XML, as CI servers read it: one test case for each line of the script."""

import re
import socket
from collections.abc import Sequence
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from wsdebug.payload.escape import escape
from wsdebug.replay.report import Reporter
from wsdebug.replay.results import Result

__all__ = ["Suite", "junit_xml"]

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
SPACES = re.compile(r"\s+")
SECOND = 1_000_000  # µs


class Suite:
    """The results of one replay of a file; `error` says in words what stopped it."""

    def __init__(self, name: str, file: str, started: datetime) -> None:
        self.name = name
        self.file = file
        self.started = started
        self.error = ""
        self.time_us = 0
        self._results: dict[int, Result] = {}
        self._extras: list[Result] = []

    def add(self, result: Result) -> None:
        """Take a result; a later one for the same line stands in its place."""
        self.time_us = max(self.time_us, result.time_us)
        if result.verdict == "extra":
            self._extras.append(result)
        elif result.verdict != "carried" and result.line is not None:
            self._results[result.line] = result

    @property
    def results(self) -> list[Result]:
        """In the order of the lines, extra messages after the line that they followed."""
        found = [(line, 0, result) for line, result in self._results.items()]
        found += [(result.after, 1, result) for result in self._extras]
        return [result for _, _, result in sorted(found, key=lambda each: each[:2])]


def junit_xml(suites: Sequence[Suite], reporter: Reporter) -> bytes:
    """A document that holds to the schemas of Ant and of Jenkins; failures begin with FILE:LINE."""
    root = Element("testsuites")
    for number, suite in enumerate(suites):
        _suite(root, suite, number, reporter)
    indent(root)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _suite(root: Element, suite: Suite, number: int, reporter: Reporter) -> None:
    results = suite.results
    failed = sum(_is_failure(result) for result in results)
    element = SubElement(
        root,
        "testsuite",
        name=_token(suite.name),
        package=_token(suite.file),
        id=str(number),
        timestamp=suite.started.strftime("%Y-%m-%dT%H:%M:%S"),
        hostname=_token(socket.gethostname()) or "localhost",
        tests=str(len(results) + bool(suite.error)),
        failures=str(failed),
        errors=str(int(bool(suite.error))),
        time=_seconds(suite.time_us),
    )
    SubElement(element, "properties")
    before_us = 0
    for result in results:
        took_us = max(0, result.time_us - before_us)
        before_us = max(before_us, result.time_us)
        _case(element, suite, result, took_us, reporter)
    if suite.error:
        case = SubElement(
            element, "testcase", name="connection", classname=_token(suite.file), time="0.000"
        )
        words = escape(suite.error)
        error = SubElement(case, "error", message=words, type="connection")
        error.text = _legal(f"{suite.file}: {words}")
    SubElement(element, "system-out")
    SubElement(element, "system-err")


def _case(
    suite_element: Element, suite: Suite, result: Result, took_us: int, reporter: Reporter
) -> None:
    message = result.message or result.live
    assert message is not None
    line = result.line if result.line is not None else result.after
    where = f"line {line}" if result.verdict != "extra" else f"after line {line}"
    case = SubElement(
        suite_element,
        "testcase",
        name=_token(f"{where}: {reporter.message(message)}"),
        classname=_token(suite.file),
        time=_seconds(took_us),
    )
    if _is_failure(result):
        words = reporter.words(result)
        place = f"{suite.file}:{line}"
        failure = SubElement(
            case, "failure", message=_legal(f"{place}: {words[0]}"), type=result.verdict
        )
        failure.text = "\n".join(_legal(f"{place}: {said}") for said in words)


def _is_failure(result: Result) -> bool:
    return result.counts and result.verdict != "ok"


def _seconds(time_us: int) -> str:
    return f"{time_us / SECOND:.3f}"


def _token(text: str) -> str:
    """As an attribute of the type xs:token: one line, single spaces."""
    return SPACES.sub(" ", _legal(text)).strip() or "-"


def _legal(text: str) -> str:
    """Without the characters that XML cannot hold, spelled out instead."""
    return FORBIDDEN.sub(lambda match: escape(match[0]), text)
