"""Which answers may come after how many steps."""

from wsdebug.replay.plan import Plan
from wsdebug.replay.steps import Pause, Send, SendRun

__all__ = ["unlocks"]


def unlocks(plan: Plan) -> list[int]:
    """By the number of steps that are done, the number of messages that may come by then: those
    before the next step. Of steps in a row the first may be answered before the others are done.
    """
    spans = [_span(step) for step in plan.steps]
    lasts = [-1, *(last for _, _, last in spans)]
    found = [len(plan.expected)]
    for last, (first, second, _) in zip(lasts[-2::-1], spans[::-1], strict=True):
        found.append(first if first != last else found[-1] if second is None else second)
    return found[::-1]


def _span(step: Send | SendRun | Pause) -> tuple[int, int | None, int]:
    """How many expected messages stand before its first message, before the first for which it
    is another number, and before its last.
    """
    if not isinstance(step, SendRun):
        return step.before, None, step.before
    befores = step.befores
    second = next((before for before in befores if before != befores[0]), None)
    return befores[0], second, befores[-1]
