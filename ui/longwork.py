"""Long work other than import and export: the window shows how far it is, Esc stops it, nothing else is changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ui.parts import number
from ui.words import tr

if TYPE_CHECKING:
    from ui.window import MainWindow


class LongWork:
    """`busy` while something runs. What it calls gets `work.report_progress` as its last argument."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._said = ""
        self.busy = False
        window.work.progressed.connect(self._show_progress)

    def run(
        self, said: str, function: Callable[..., Any], *args: Any,
        then: Callable[[Any], object] | None = None, failed: Callable[[BaseException], object] | None = None,
    ) -> None:  # fmt: skip
        """Call `function(session, …, progress)`; `said` is what the status line says is done."""
        if self.busy:
            return

        def done(result: Any) -> None:
            self._set(False)
            if then:
                then(result)

        def wrong(error: BaseException) -> None:
            self._set(False)
            (failed or self._window.work.failed.emit)(error)

        self._said = said
        self._set(True)
        work = self._window.work
        work.do(function, *args, work.report_progress, then=done, failed=wrong, writing=True)

    def _set(self, busy: bool) -> None:
        self.busy = busy
        self._window.busy_changed(busy)

    def _show_progress(self, done: int, total: int) -> None:
        if self.busy:
            far = tr("{done} of {total}", done=number(done), total=number(total)) if total else number(done)
            self._window.status.show_progress(tr("{said}: {far} … (Esc stops)", said=self._said, far=far))
