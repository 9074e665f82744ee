"""Exporting a dataset: the choices with what they would take, then the progress, in the same place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.export_form import Asked, ExportForm
from ui.fields import Problem, muted
from ui.parts import theme_of
from ui.words import number, plural, retold, tr

if TYPE_CHECKING:
    from desktop.datasets.options import ExportOptions
    from desktop.outlook import Outlook

Start = Callable[[Path, "ExportOptions"], None]
ASKING, RUNNING = range(2)
# What would go out is counted when nothing was chosen for so many milliseconds.
_PAUSE = 120


class ExportDialog(QDialog):
    """Calls `start` with the choices; then hears `progress`, and at the end `exported` or `failed`.

    `considered` asks what these choices would take, which `show_outlook` then says; `check_asked` wants to see the checks.
    """

    cancel_asked = Signal()
    considered = Signal(object)
    check_asked = Signal()

    def __init__(self, asked: Asked, folder: Path, start: Start, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Export dataset"))
        self._start, self._theme = start, theme_of(parent)
        self.failure = Problem()
        self.pages = QStackedWidget(self)
        for page in (self._asking_page(asked, folder), self._running_page()):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 14)
        column.setSpacing(10)
        column.addWidget(self.pages, 1)
        inset = QVBoxLayout()
        inset.setContentsMargins(22, 0, 22, 0)
        inset.addWidget(self.failure)
        inset.addWidget(self._buttons())
        column.addLayout(inset)
        self.resize(780, min(740, parent.height() - 40) if parent else 740)
        self._later = QTimer(self, singleShot=True, interval=_PAUSE)
        self._later.timeout.connect(self.consider)
        self.form.changed.connect(self._changed)
        self._show(ASKING)
        self._later.start()

    def _asking_page(self, asked: Asked, folder: Path) -> QWidget:
        page = QWidget(self.pages)
        area = _scrolling(page)
        self.form = ExportForm(asked, folder, self._theme, area.viewport())
        area.setWidget(self.form)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(area, 1)
        column.addWidget(self._foot(page))
        return page

    def _foot(self, page: QWidget) -> QWidget:
        """What would go out, what the checks say, and where to."""
        self.outlook, self.left_out, self.checks = QLabel(), muted(""), muted("")
        self.outlook.setProperty("heading", True)
        self.outlook.setWordWrap(True)
        self.look = QPushButton()
        self.look.setAutoDefault(False)
        self.look.clicked.connect(self.check_asked)
        self.show_checks("", "")
        checks = QHBoxLayout()
        checks.addWidget(self.checks, 1)
        checks.addWidget(self.look)
        foot = QFrame(page)
        foot.setProperty("foot", True)
        lines = QVBoxLayout(foot)
        lines.setContentsMargins(22, 10, 22, 10)
        lines.setSpacing(3)
        for widget in (self.outlook, self.left_out):
            lines.addWidget(widget)
        lines.addLayout(checks)
        lines.addSpacing(4)
        lines.addWidget(self.form.folder_row(foot))
        return foot

    def _running_page(self) -> QWidget:
        self.count, self.bar = QLabel(), QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress of the export"))
        page = QWidget(self.pages)
        column = QVBoxLayout(page)
        column.setContentsMargins(22, 20, 22, 8)
        column.setSpacing(10)
        column.addStretch(2)
        column.addWidget(self.count)
        column.addWidget(self.bar)
        column.addWidget(
            muted(
                tr(
                    "Each file is written, read back and compared. Until all is well, the folder stays as it is."
                )
            )
        )
        column.addStretch(3)
        return page

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        self.export = buttons.addButton(tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.cancel = buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.cancel.setAutoDefault(False)
        self.export.clicked.connect(self._begin)
        buttons.rejected.connect(self.reject)
        return buttons

    @property
    def running(self) -> bool:
        return self.pages.currentIndex() == RUNNING

    def _show(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self.export.setVisible(page == ASKING)
        self.cancel.setEnabled(True)
        self._enable()
        # Hiding a button that has the focus would leave it nowhere.
        self.export.setDefault(page == ASKING)
        if self.isVisible():
            (self.export if page == ASKING else self.cancel).setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # What is usual is chosen: Enter exports.
        self.export.setFocus()

    def _changed(self) -> None:
        self._enable()
        self._later.start()

    def _enable(self) -> None:
        self.export.setEnabled(self.form.good)
        self.export.setToolTip("" if self.form.good else tr("Something above does not fit yet"))

    def consider(self) -> None:
        """Ask what the choices would take."""
        if not self.running and self.form.chosen_well:
            self.considered.emit(self.form.options())

    def _begin(self) -> None:
        if not self.form.good or self.running:
            return
        self._later.stop()
        self.failure.say("")
        self.progress(0, 0)
        self._show(RUNNING)
        self._start(self.form.place(), self.form.options())

    # What would go out

    def show_outlook(self, found: Outlook | None) -> None:
        """What the choices take; None while it is being counted."""
        if found is None:
            self.outlook.setText(tr("Counting…"))
            return
        articles = plural("{n} article", "{n} articles", found.articles)
        if found.examples != found.articles:
            parts = plural("{n} example", "{n} examples", found.examples)
            articles = tr("{articles} as {examples}", articles=articles, examples=parts)
        labels = plural("{n} label", "{n} labels", found.spans)
        kinds = plural("{n} kind", "{n} kinds", len(found.labels))
        self.outlook.setText(tr("{articles}, {labels} of {kinds} would go out", articles=articles, labels=labels, kinds=kinds)
                             if found.articles else tr("No article would go out"))  # fmt: skip
        left = []
        if gone := found.articles_left_out.total():
            left.append(
                plural(
                    "{n} article ({why})", "{n} articles ({why})", gone, why=_reasons(found.articles_left_out)
                )
            )
        if lost := found.spans_left_out.total():
            left.append(
                plural("{n} label ({why})", "{n} labels ({why})", lost, why=_reasons(found.spans_left_out))
            )
        self.left_out.setText(
            tr("Left out: {what}", what=", ".join(left)) if left else tr("Nothing is left out")
        )

    def show_checks(self, said: str, offer: str) -> None:
        """What the checks have found, and what the button beside it says."""
        self.checks.setText(said)
        self.checks.setVisible(bool(said))
        self.look.setText(offer)
        self.look.setVisible(bool(offer))

    # While it runs

    def progress(self, done: int, total: int) -> None:
        """How far it is; `total` 0 while it is not known."""
        if not self.cancel.isEnabled():
            return
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        if total:
            self.count.setText(tr("Exporting: {done} of {total}", done=number(done), total=number(total)))
        elif done:
            self.count.setText(
                plural("Exporting: {n} article looked at", "Exporting: {n} articles looked at", done)
            )
        else:
            self.count.setText(tr("Exporting…"))

    def exported(self) -> None:
        """All is written and read back."""
        self.pages.setCurrentIndex(ASKING)
        self.accept()

    def failed(self, reason: str) -> None:
        """Nothing was written; the choices are shown again with the reason."""
        self.failure.say(reason)
        self._show(ASKING)

    def reject(self) -> None:
        """Esc and Cancel: while it runs they ask to stop, and the window stays until that is answered."""
        if self.running:
            self.cancel.setEnabled(False)
            self.count.setText(tr("Stopping…"))
            self.cancel_asked.emit()
        elif self.isVisible():  # a key that comes after the one that closed it leaves nothing twice
            super().reject()


def _reasons(counts: dict[str, int]) -> str:
    kinds = sorted(reason for reason, count in counts.items() if count)
    if len(kinds) == 1:
        return retold(kinds[0])
    return ", ".join(f"{number(counts[reason])} {retold(reason)}" for reason in kinds)


def _scrolling(parent: QWidget) -> QScrollArea:
    area = QScrollArea(parent)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
