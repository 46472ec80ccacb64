"""The Autobahn cases that are quick, and one of each family that takes minutes."""

import pytest
from kosoku.cases import CASES

from tests.hostile import autobahn
from tests.hostile.autobahn import TOTAL, UNLIKE, Verdict, mend_texts, named, run_cases

QUICK = [case for case in named("*") if case.split(".")[0] not in ("9", "12", "13")]
SAMPLES = ["9.1.1", "9.4.4", "9.7.1", "12.1.1", "12.5.11", *(f"13.{n}.1" for n in range(1, 8))]


def test_the_suite_has_all_its_cases() -> None:
    """A pattern that names none, or a release with fewer, would pass in silence."""
    assert len(named("*")) == TOTAL
    assert len(QUICK) == 247
    assert set(UNLIKE) <= set(QUICK)


def payload(case: str) -> str:
    """What a case sends."""
    return str(vars(CASES[case])["PAYLOAD"])


def test_texts_are_sent_as_the_suite_means_them() -> None:
    """Not encoded twice."""
    assert len(mend_texts()) == 61
    assert mend_texts() == mend_texts()
    assert payload("6.5.3") == "hello€world"
    assert payload("6.2.4") == "κ\u1f79σμε"
    assert payload("6.2.1") == "Hello-µ@ßöäüàá-UTF-8!!"


async def test_every_quick_case_passes() -> None:
    """All of them ran; OK, or what the suite's notes allow; and no frame of ours was unmasked."""
    report = await run_cases(QUICK, at_once=16)
    assert report.missing == ()
    assert report.wrong == []


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # kosoku leaves its data open
async def test_one_case_of_each_slow_family_passes() -> None:
    """With the compression that it is about."""
    report = await run_cases(SAMPLES, at_once=2)
    assert (report.missing, report.wrong) == ((), [])


@pytest.mark.parametrize(
    ("verdict", "is_good"),
    [
        (Verdict("1.1.1", "OK", "OK", True, ""), True),
        (Verdict("1.1.1", "OK", "OK", False, ""), False),
        (Verdict("1.1.1", "NON-STRICT", "OK", True, ""), False),
        (Verdict("3.2", "NON-STRICT", "OK", True, ""), True),
        (Verdict("3.2", "NON-STRICT", "FAILED", True, ""), False),
        (Verdict("3.2", "INFORMATIONAL", "INFORMATIONAL", True, ""), False),
        (Verdict("7.1.6", "INFORMATIONAL", "INFORMATIONAL", True, ""), True),
        (Verdict("13.2.1", "UNIMPLEMENTED", "OK", True, ""), False),
    ],
)
def test_a_verdict_is_good_only_as_allowed(verdict: Verdict, is_good: bool) -> None:
    """For each case by itself."""
    assert verdict.is_good is is_good


def test_the_command_fails_where_no_case_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """And where one is wrong; kosoku by itself ends with 0 in the first."""
    assert autobahn.main(["14.*"]) == 2
    assert autobahn.main(["1.1.1"]) == 0
    assert "1 of 517 cases ran, 0 are not" in capsys.readouterr().out
