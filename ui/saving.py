"""Whether the labels are on disk, told truly: saved, saving, cannot be saved and why; what waits, and the ways out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from desktop.errors import Cancelled, UserError
from desktop.store.store import Store
from ui.asking import ask
from ui.parts import capital
from ui.report import sentence
from ui.words import plural, retold, tr

if TYPE_CHECKING:
    from ui.window import MainWindow

_LOOK = 5_000  # ms between two looks whether the file is still there
_AGAIN = 10_000  # ms until what the disk refused is tried again by itself


class Saving:
    """What the status line says of the disk, and what a person can do when it refuses."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._trouble: UserError | None = None
        self._said = ""
        work = window.work
        work.pending_changed.connect(self._show)
        work.held_changed.connect(self._held)
        work.failed.connect(self._failed)
        work.moved.connect(window.projects.reread)
        window.status.saved_asked.connect(self.explain)
        self._look = QTimer(window, interval=_LOOK)
        self._look.timeout.connect(self.look)
        self._look.start()
        self._again = QTimer(window, interval=_AGAIN)
        self._again.timeout.connect(work.retry)

    def look(self) -> None:
        """See whether the file is still there, so that a drive that is pulled is noticed without a change."""
        work, project = self._window.work, self._window.project
        if project and not work.pending and not work.held:
            work.read(Store.still_there, then=lambda _: self._set(None), failed=self._gone)

    def _gone(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self._set(error)

    def _held(self, count: int, error: UserError | None) -> None:
        self._set(error)
        if count:
            self._again.start()
        else:
            self._again.stop()

    def _set(self, error: UserError | None) -> None:
        before, self._trouble = self._trouble, error
        self._show()
        if error:
            if not before or before.kind != error.kind or self._window.work.held:
                self.explain()
        elif before and self._window.messages.text in (
            "",
            self._said,
        ):  # else there is something more to be read
            self._window.messages.info(tr("Everything is saved again."))

    def explain(self) -> None:
        """Say what is wrong, and offer the ways out."""
        window, error = self._window, self._trouble
        if window.project and window.project.locked:
            window.messages.ask(window.project.why_locked, (tr("Save a copy…"), self.ask_copy))
        elif error:
            held = window.work.held
            said = [sentence(error, tr("Cannot save"))]
            if held:
                said.append(
                    plural(
                        "{n} change waits until it can be saved.",
                        "{n} changes wait until it can be saved.",
                        held,
                    )
                )
            self._said = " ".join(said)
            window.messages.error(
                self._said,
                (tr("Try again"), window.work.retry), (tr("Save a copy elsewhere…"), self.ask_copy),
            )  # fmt: skip

    def _show(self) -> None:
        window = self._window
        if window.project and window.project.locked:
            window.status.show_saved("read only")
        elif self._trouble:
            window.status.show_saved("not saved", retold(self._trouble.message))
        else:
            window.status.show_saved("saving" if window.work.writing else "saved")

    def _failed(self, error: BaseException) -> None:
        """An answer that nobody asked for: told to the person, or a bug of ours."""
        if isinstance(error, UserError):
            self._window.say_error(error)
        elif isinstance(error, Cancelled):
            self._window.messages.info(tr("Stopped. Nothing was changed."))
        else:
            raise error

    def opened(self) -> None:
        """Another project is shown."""
        self._trouble = None
        self._again.stop()
        self._show()

    def ask_copy(self) -> None:
        """Save everything made so far elsewhere; where the disk refuses it here, work goes on there."""
        window = self._window
        if not window.project:
            return
        path = window.projects.ask_path(tr("Save a copy"), tr("{name} copy", name=window.project.shown.stem))
        if path:
            window.work.save_copy(
                path, then=lambda moved: self._copied(path, moved=moved), failed=self._failed
            )

    def _copied(self, path: Path, *, moved: bool) -> None:
        messages = self._window.messages
        if moved:
            messages.info(tr("You now work in {name}; everything is saved there.", name=path.name))
        else:
            messages.info(
                tr("Saved a copy: {path}", path=path),
                (tr("Open it"), lambda: self._window.projects.open(path)),
            )

    def may_leave(self) -> bool:
        """Whether the project can be left; asks where changes would be lost."""
        window = self._window
        if not window.work.held:
            return True
        what = plural("{n} change is not saved", "{n} changes are not saved", window.work.held)
        why = retold(self._trouble.message) if self._trouble else tr("the disk refused it")
        if ask(window, capital(what), tr("{why}. Save a copy elsewhere to keep everything.", why=capital(why)),
               tr("Close and lose it"), tr("Stay")):  # fmt: skip
            window.work.drop_held()
            return True
        return False
