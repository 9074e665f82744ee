"""The first steps: one span labelled in three steps, noticed as they are done. In nobody's way, and gone for good when closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from desktop import text as texts
from desktop.session import Changed
from ui import theme as themes
from ui.parts import leading, restyle, words
from ui.theme import Theme
from ui.words import later, tr

if TYPE_CHECKING:
    from ui.window import MainWindow

TITLES = (later("Go to a word"), later("Press a label's key"), later("Take it back, or go on"))
_DISC = 24


class Step(QWidget):
    """One step: its number, or a tick once it is done, what to do, and how."""

    def __init__(self, number: int, title: str) -> None:
        super().__init__()
        self.number = number
        self.disc, self.title, self.hint = QLabel(str(number)), QLabel(title), QLabel()
        self.disc.setObjectName("stepDisc")
        self.title.setProperty("heading", True)
        self.disc.setFixedSize(_DISC, _DISC)
        self.disc.setProperty("centred", True)
        self.hint.setWordWrap(True)
        self.hint.setProperty("muted", True)
        said = QVBoxLayout()
        said.setSpacing(1)
        said.addWidget(self.title)
        said.addWidget(self.hint)
        said.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.disc, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(said, 1)

    def show_state(self, at: int, theme: Theme) -> None:
        """`at` is the number of the step whose turn it is."""
        now, done = self.number == at, self.number < at
        restyle(self.disc, turn="now" if now else "done" if done else "")
        restyle(self.title, muted=not now)
        if done:
            self.disc.setPixmap(themes.icon("check-circle", theme.ok, 22).pixmap(22, 22))
        else:
            self.disc.setText(str(self.number))


class StepsBar(QFrame):
    """The three steps side by side under the article. `at` is 1 to 3, and 4 when all is done."""

    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("firstSteps")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("First steps"))
        self.at = 1
        self.steps = [Step(number, tr(title)) for number, title in enumerate(TITLES, 1)]
        self.close_button = QToolButton(autoRaise=True)
        self.close_button.setProperty("flat", True)
        self.close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.close_button.setToolTip(tr("Close for good; Help › First steps shows them again"))
        self.close_button.setAccessibleName(tr("Close the first steps"))
        self.close_button.clicked.connect(self.closed)
        row = QHBoxLayout(self)
        row.setContentsMargins(leading(self, 18, 12, 10, 12))
        row.setSpacing(24)
        for step in self.steps:
            row.addWidget(step, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.set_theme(theme)
        self.hide()

    def show_hints(self, hints: tuple[str, str, str]) -> None:
        for step, hint in zip(self.steps, hints, strict=True):
            step.hint.setText(hint)

    def go(self, at: int) -> None:
        self.at = at
        for step in self.steps:
            step.show_state(at, self._theme)
        turn = self.steps[min(at, len(self.steps)) - 1]
        self.setAccessibleDescription(f"{turn.title.text()}. {turn.hint.text()}")

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.close_button.setIcon(themes.icon("close", theme.muted))
        self.go(self.at)


class FirstSteps:
    """Shows the bar and notices what is done: a word under the caret, a label made, undo or done."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.bar = StepsBar(window.theme)
        self._place: tuple[str, int, object] = ("", 0, None)
        self.bar.closed.connect(self.close)
        window.welcome.steps_asked.connect(self.begin)
        window.view.caret_moved.connect(lambda _: self._word_reached())
        window.view.selection_changed.connect(self._word_reached)
        window.work.step_done.connect(self._step_done)
        for name in ("undo", "done_next"):
            window.actions_.by_id[name].triggered.connect(lambda: self._on(3))

    def set_theme(self, theme: Theme) -> None:
        self.bar.set_theme(theme)

    def begin(self) -> None:
        """Show them, from the first one on; where no project is open, in a new sample."""
        window = self._window
        if not window.project:
            window.projects.make_sample(
                window.projects.free_path(tr("Sample")), labels=False, then=self.begin
            )
            return
        keys = ", ".join(
            f"{label.key.upper()} {words(label.name)}" for label in window.scheme.labels if label.key
        )
        key_of = window.actions_.key_of
        self.bar.show_hints((
            tr("Click one, or press Ctrl with an arrow key."),
            tr("{keys}. The label is stored at once.", keys=keys),
            tr("{undo} undoes it. {done} marks the article done and opens the next.", undo=key_of("undo"), done=key_of("done_next")),
        ))  # fmt: skip
        self.bar.go(1)
        self.bar.show()
        window.pages.leave()
        window.view.setFocus()

    def close(self) -> None:
        """Not offered again, but by Help."""
        self.bar.hide()
        self._window.change_settings({"first_steps": False})
        self._window.view.setFocus()

    def leave(self) -> None:
        """The project is closed."""
        self.bar.hide()

    def _on(self, step: int) -> None:
        """A step was done, if it was its turn."""
        if not self.bar.isHidden() and self.bar.at == step:
            self.bar.go(step + 1)
            if step == len(TITLES):
                keys = self._window.actions_.key_of("keys")
                self.bar.steps[-1].hint.setText(
                    tr(
                        "That is all. Drag over more words for a longer span; {keys} lists all keys.",
                        keys=keys,
                    )
                )
                self._window.change_settings({"first_steps": False})

    def _word_reached(self) -> None:
        view, before = self._window.view, self._place
        self._place = view.text, view.caret, view.selection
        moved = before[0] is view.text and before != self._place  # else it is another article that is shown
        if moved and self.bar.at == 1 and (view.selection or texts.word_at(view.text, view.caret)):
            self._on(1)

    def _step_done(self, changed: Changed) -> None:
        if "span" in changed.kinds and self.bar.at < 3:
            self._on(1)
            self._on(2)
