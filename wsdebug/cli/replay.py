"""`wsdebug replay FILE [URL]`: play a session once more and compare the answers."""

import asyncio
import gc
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from wsdebug.cli.consent import confirm_sending
from wsdebug.cli.options import Parser
from wsdebug.cli.progress import Progress
from wsdebug.cli.recording import remember_recording
from wsdebug.cli.replay_arguments import Task, replay_parser, task_of
from wsdebug.cli.results import ResultOutput
from wsdebug.cli.say import say
from wsdebug.engine.live import LiveSession
from wsdebug.engine.variables import Variables, variables_of
from wsdebug.errors import PRECEDENCE, RecordingFailed, UsageError, WsdebugError
from wsdebug.payload.redact import Redactor
from wsdebug.replay.accept import accept
from wsdebug.replay.dry_run import dry_run_lines
from wsdebug.replay.exact import check_exact
from wsdebug.replay.junit import Suite, junit_xml
from wsdebug.replay.plan import Plan, make_plans
from wsdebug.replay.replay import Replay
from wsdebug.replay.report import Reporter, totals_words
from wsdebug.replay.results import Result, ResultRun, Totals
from wsdebug.session.put import put_file
from wsdebug.workspace.own import kept_own

__all__ = ["parser", "run"]

DIFFERS, ABNORMAL, INTERRUPTED = 1, 5, 130


def parser() -> Parser:
    """What this command takes."""
    return replay_parser()


def run(arguments: list[str]) -> int:
    """Replay; the exit code of CLI.md's table."""
    with _uncollected():
        task = task_of(arguments)
        variables = variables_of(task.options)
        plans = _checked_plans(task, variables)
    if task.is_dry:
        reporter = Reporter(Redactor(variables.secrets))
        lines = dry_run_lines(plans, reporter, variables.values, as_json=task.as_json)
        sys.stdout.writelines(f"{line}\n" for line in lines)
        return 0
    confirm_sending(task.script.path, task.options, task.given, partial(_sent, task, plans))
    # the lines of a record that nobody sees are told in JSON alone
    is_kept = task.record.path is not None or task.as_json
    live = LiveSession(task.options, replace(task.record, is_kept=is_kept))
    remember_recording(task.record)
    for notice in live.status.notices:
        say(notice)
    return _Run(task, live, variables.values, plans).run()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Of very many lines that are read nothing is garbage; looking for it takes as long again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _checked_plans(task: Task, variables: Variables) -> list[Plan]:
    """Everything that can be wrong before something is connected or written."""
    auto_pong = task.options.auto_pong
    plans = make_plans(task.script, task.settings, variables.values, auto_pong=auto_pong)
    if task.settings.exact_mask:
        check_exact(plans, task.script)
    if task.settings.pace == "step" and not task.is_dry and not sys.stdin.isatty():
        words = "--pace step waits for the return key; standard input is no terminal"
        raise UsageError(words, field="pace")
    if task.junit is not None and not Path(task.junit).absolute().parent.is_dir():
        words = f"cannot write {task.junit}: there is no such folder"
        raise RecordingFailed(words, path=task.junit)
    return plans


def _sent(task: Task, plans: list[Plan]) -> tuple[int, str]:
    """How much is sent, and what one of it is."""
    count = sum(plan.sends for plan in plans)
    return count * task.loop, "frame" if task.settings.frames else "message"


class _Run:
    """All rounds of one call, and what is said and written after them."""

    def __init__(
        self, task: Task, live: LiveSession, variables: Mapping[str, str], plans: list[Plan]
    ) -> None:
        self._task = task
        self._plans = plans
        self._live = live
        self._variables = variables
        self._reporter = Reporter(live.redactor)
        self._progress = Progress(self._progress_words)
        self._output = ResultOutput(
            self._reporter, as_json=task.as_json, color=task.color, before=self._progress.clear
        )
        self._suites: list[Suite] = []
        self._replays: list[Replay] = []
        self._is_interrupted = False

    def run(self) -> int:
        """Play, report, and give the exit code."""
        asyncio.run(self._play())
        self._output.finish()
        problems = [replay.failure for replay in self._replays if replay.failure is not None]
        if problem := self._live.status.recording_problem:
            words = f"not everything was recorded: {problem}"
            problems.append(RecordingFailed(words, path=self._live.path or ""))
        is_good = all(each.totals.is_good and not each.is_stopped for each in self._replays)
        if self._task.accepts and self._accept(problems):
            is_good, problems = True, []
        if not self._output.is_gone:  # a closed pipe ends in silence
            self._tell()
        if self._task.junit is not None:
            put_file(self._task.junit, junit_xml(self._suites, self._reporter))
        self._output.raise_if_gone()
        codes = [problem.exit_code for problem in problems]
        codes += [] if is_good else [DIFFERS]
        codes += [INTERRUPTED] if self._is_interrupted else []
        return _told(min(codes, key=PRECEDENCE.index, default=0), problems)

    async def _play(self) -> None:
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as tasks:

            def stop(number: int) -> None:
                self._is_interrupted = self._is_interrupted or number == signal.SIGINT
                if self._replays:
                    tasks.create_task(self._replays[-1].stop())

            for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(each, stop, each)
            if self._task.settings.pace == "step":
                sys.stderr.write("wsdebug: the return key sends the next message\n")
                loop.add_reader(sys.stdin.fileno(), self._return_key)
            showing = tasks.create_task(self._progress.run())
            for number in range(1, self._task.loop + 1):
                replay = self._next(number)
                await replay.run()
                failure = replay.failure
                if failure is not None:
                    self._suites[-1].error = str(failure)
                if replay.is_stopped or (failure and failure.exit_code != ABNORMAL):
                    break
            showing.cancel()
        self._progress.clear()
        await self._live.finish()

    def _next(self, number: int) -> Replay:
        task = self._task
        name = Path(task.script.name).name
        name += f" ({number} of {task.loop})" if task.loop > 1 else ""
        suite = Suite(name, task.script.name, datetime.now())
        keeps = task.junit is not None or task.accepts

        def take(result: Result) -> None:
            if keeps:
                suite.add(result)
            self._output.write(result)
            if self._output.is_gone:
                replay.halt()

        def take_run(run: ResultRun) -> None:
            if keeps:
                for result in run.results():
                    suite.add(result)
            self._output.write_run(run)
            if self._output.is_gone:
                replay.halt()

        self._live.options = task.options
        replay = Replay(
            task.script,
            self._live,
            task.settings,
            variables=self._variables,
            on_result=take,
            on_run=take_run,
            plans=self._plans,
        )
        self._suites.append(suite)
        self._replays.append(replay)
        return replay

    def _return_key(self) -> None:
        if sys.stdin.readline():
            self._replays[-1].step()
        else:  # nobody will press it any more
            asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
            self._replays[-1].halt()

    def _accept(self, problems: list[WsdebugError]) -> bool:
        """Whether something was written. A close that is another is accepted too, but nothing of
        a replay that was broken off.
        """
        replay = self._replays[-1]
        is_close = replay.has_other_close and problems == [replay.failure]
        if self._is_interrupted or replay.is_stopped or (problems and not is_close):
            say("nothing was accepted")
            return False
        path = self._task.script.path
        with kept_own(Path(path), Path(path)):
            count = accept(path, self._suites[-1].results, replay.variables)
        if count:
            lines = "1 line" if count == 1 else f"{count:,} lines"
            say(f"accepted: {lines} of {path} rewritten")
        return bool(count)

    def _tell(self) -> None:
        """How it went, for a person."""
        total = Totals()
        for replay in self._replays:
            total += replay.totals
        if not (total.ok or total.missing) and self._replays[-1].failure is not None:
            return  # which says it all
        rounds = f" in {len(self._replays)} rounds" if len(self._replays) > 1 else ""
        broken = ", broken off" if self._replays[-1].is_stopped else ""
        say(f"{totals_words(total)}{rounds}{broken}")

    def _progress_words(self) -> str:
        done, most = self._replays[-1].progress
        return f"{done:,} of {most:,} answers; {totals_words(self._replays[-1].totals)}"


def _told(code: int, problems: list[WsdebugError]) -> int:
    """Say what was wrong; the worst is raised, and said by who called us."""
    worst = next((problem for problem in problems if problem.exit_code == code), None)
    for problem in problems:
        if problem is not worst:
            say(str(problem))
    if worst is not None:
        raise worst
    return code
