"""Exports tell the time by the wall clock, also where that jumped during the session."""

import csv
import io
import json
from datetime import datetime

import pytest

from tests.formats.conftest import Convert
from tests.formats.test_pcapng import packets

SLEPT = """{"wsdebug":1,"url":"ws://h/","started":"2026-08-03T12:00:00.000000Z"}
{"t":0,"event":"connecting","url":"ws://h/"}
{"t":1,"recv":"before"}
{"t":2,"event":"clock","wall":"2026-08-03T20:00:02.000000Z"}
{"t":3,"recv":"after"}
{"t":4,"c":2,"event":"connecting","url":"ws://h/"}
{"t":5,"event":"clock","wall":"not a time"}
{"t":6,"event":"clock","wall":"2026-08-03T12:00:00.000000Z"}
{"t":7,"c":2,"recv":"set back"}
"""
TIMES = ["12:00:01", "20:00:03", "12:00:01"]
EPOCHS = [datetime.fromisoformat(f"2026-08-03T{time}+00:00").timestamp() for time in TIMES]


def test_csv_has_them_beside_the_time_that_stood_still(converted: Convert) -> None:
    """`time` counts on as it does in the session."""
    data, report = converted(SLEPT, "csv")
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    assert [row["wall_time"] for row in rows] == [f"2026-08-03T{time}.000000Z" for time in TIMES]
    assert [row["time"] for row in rows] == ["1.000000", "3.000000", "7.000000"]
    assert not any("clock" in loss for loss in report.losses)


def test_har_has_them_for_messages_and_connections(converted: Convert) -> None:
    """The timings are durations, without the jump."""
    data, report = converted(SLEPT, "har")
    entries = json.loads(data)["log"]["entries"]
    messages = [message for entry in entries for message in entry["_webSocketMessages"]]
    assert [message["time"] for message in messages] == EPOCHS
    began = [entry["startedDateTime"][11:19] for entry in entries]
    assert began == ["12:00:00", "20:00:04"]
    assert [entry["timings"]["receive"] for entry in entries] == [3000, 3000]
    assert not any("clock" in loss for loss in report.losses)


def test_packets_have_them(converted: Convert) -> None:
    """In microseconds."""
    data, report = converted(SLEPT, "pcapng")
    assert [packet.epoch_us / 1_000_000 for packet in packets(data)] == EPOCHS
    assert not any("clock" in loss for loss in report.losses)


@pytest.mark.parametrize("wall", ['"0001-01-01T00:00:00Z"', "5", "null", '"9999-12-31T23:59:59Z"'])
def test_a_wall_clock_that_cannot_be_breaks_nothing(converted: Convert, wall: str) -> None:
    """Each format writes some time."""
    text = SLEPT.replace('"not a time"', wall)
    for target in ("csv", "har", "pcapng"):
        assert converted(text, target)[0]


def test_without_a_start_there_are_none(converted: Convert) -> None:
    """As everywhere else; what a jump says is not looked at."""
    text = SLEPT.replace(',"started":"2026-08-03T12:00:00.000000Z"', "")
    data, _ = converted(text, "csv")
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    assert {row["wall_time"] for row in rows} == {""}
