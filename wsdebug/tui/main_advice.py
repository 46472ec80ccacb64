"""What the main screen says about a connection that did not come to be."""

from dataclasses import replace
from typing import Any

from wsdebug.tui.advice import Advice, advice_of
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.main_dialogs import MainDialogs
from wsdebug.tui.session_words import public_url

__all__ = ["MainAdvice"]


class MainAdvice(MainDialogs):
    """Shows advice under the rows of the log, and connects with what its form was given."""

    def rearrange(self) -> None:
        """Give each region its place."""
        raise NotImplementedError

    def advise(self) -> None:
        """What to do about a connection that did not come to be; its form takes the focus, unless
        the person is writing something.
        """
        status, options = self.session.status, self.session.options
        advice = self.query_one(Advice)
        failure = status.failure if status.state == "failed" else None
        text = advice_of(failure, options) if options is not None else None
        if text == advice.text:
            return
        had_focus = advice.has_focus_within
        advice.show(text)
        self.rearrange()
        if text is None and had_focus:
            self.query_one(LogRegion).view.focus()
        elif self.focused in (None, self.query_one(LogRegion).view) or had_focus:
            advice.call_after_refresh(advice.focus_form)

    def on_advice_retry(self, event: Advice.Retry) -> None:
        """Try again with a name and a password."""
        self._with(user=f"{event.user}:{event.password}", bearer=None)

    def on_advice_retry_bearer(self, event: Advice.RetryBearer) -> None:
        """Try again with a token."""
        self._with(user=None, bearer=event.token)

    def _with(self, **changes: Any) -> None:
        options = self.session.options
        assert options is not None
        url = public_url(options.url) or options.url
        self.session.change(replace(options, url=url, **changes))
        self.connect()

    async def on_advice_pressed(self, event: Advice.Pressed) -> None:
        """Its keys are buttons, and do what they do anywhere."""
        actions = {"F5": "toggle_connection", "F2": "settings"}
        await self.run_action(actions.get(event.key, "edit_url"))
