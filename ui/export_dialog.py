"""Exporting a dataset: the choices, the progress, and the receipt, one after the other in the same place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
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

from desktop.formats import find
from desktop.formats.receipt import Entry, Receipt, totals
from ui.export_form import ExportForm, Problem, heading, muted
from ui.parts import number, theme_of
from ui.theme import LIGHT, Theme, icon
from ui.words import plural, tr

if TYPE_CHECKING:
    from desktop.datasets.options import ExportOptions

Start = Callable[[Path, "ExportOptions"], None]
ASKING, RUNNING, DONE = range(3)


class ExportDialog(QDialog):
    """Calls `start` with the choices; then hears `progress`, and at the end `finished` or `failed`."""

    cancel_asked = Signal()

    def __init__(
        self, layers: Mapping[str, int], folder: Path, start: Start, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Export dataset"))
        self._start, self._theme = start, theme_of(parent)
        self.form = ExportForm(layers, folder)
        self.form.changed.connect(self._enable)
        self.failure = Problem()
        self.pages = QStackedWidget()
        self.receipts = ReceiptPage(self._theme)
        for page in (_scrolled(self.form), self._running_page(), _scrolled(self.receipts)):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 14)
        column.setSpacing(10)
        column.addWidget(self.pages, 1)
        inset = QVBoxLayout()
        inset.setContentsMargins(22, 0, 22, 0)
        inset.addWidget(self.failure)
        inset.addLayout(self._buttons())
        column.addLayout(inset)
        self.setStyleSheet(_sheet(self._theme))
        self.resize(560, 640)
        self._show(ASKING)

    def _running_page(self) -> QWidget:
        self.count, self.bar = QLabel(), QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress of the export"))
        page = QWidget()
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

    def _buttons(self) -> QHBoxLayout:
        self.export, self.cancel = QPushButton(tr("Export")), QPushButton(tr("Cancel"))
        self.open_folder, self.close_button = QPushButton(tr("Open folder")), QPushButton(tr("Close"))
        for button in (self.cancel, self.open_folder):
            button.setAutoDefault(False)
        self.export.clicked.connect(self._begin)
        self.cancel.clicked.connect(self.reject)
        self.open_folder.clicked.connect(self._open_folder)
        self.close_button.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in (self.open_folder, self.close_button, self.cancel, self.export):
            row.addWidget(button)
        return row

    def _show(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self.export.setVisible(page == ASKING)
        self.cancel.setVisible(page != DONE)
        self.cancel.setEnabled(True)
        self.open_folder.setVisible(page == DONE)
        self.close_button.setVisible(page == DONE)
        self._enable()
        # Hiding a button that has the focus would leave it nowhere.
        first = {ASKING: self.export, RUNNING: self.cancel, DONE: self.close_button}[page]
        if page != RUNNING:
            first.setDefault(True)
        if self.isVisible():
            first.setFocus()

    def _enable(self) -> None:
        if hasattr(self, "export"):
            self.export.setEnabled(self.form.good)
            self.export.setToolTip("" if self.form.good else tr("Something above does not fit yet"))

    def _begin(self) -> None:
        if not self.form.good:
            return
        self.failure.say("")
        self.progress(0, 0)
        self._show(RUNNING)
        self._start(self.form.place(), self.form.options())

    def progress(self, done: int, total: int) -> None:
        """How far it is; `total` 0 while it is not known."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        if total:
            self.count.setText(tr("Exporting: {done} of {total}", done=number(done), total=number(total)))
        else:
            self.count.setText(
                plural("Exporting: {n} article looked at", "Exporting: {n} articles looked at", done)
                if done
                else tr("Exporting…")
            )

    def finished(self, receipts: Sequence[Receipt], folder: Path) -> None:  # type: ignore[override]
        """All is written: show the account of each format."""
        self._folder = folder
        self.receipts.show_receipts(receipts, folder)
        self._show(DONE)

    def failed(self, message: str, hint: str) -> None:
        """Nothing was written; the choices are shown again with the reason."""
        sentence = message[:1].upper() + message[1:].rstrip(".") + "."
        self.failure.say(f"{sentence} {hint[:1].upper()}{hint[1:].rstrip('.')}." if hint else sentence)
        self._show(ASKING)

    def reject(self) -> None:
        """Esc and Cancel: while it runs they ask to stop, and the window stays until that is answered."""
        if self.pages.currentIndex() == RUNNING:
            self.cancel.setEnabled(False)
            self.count.setText(tr("Stopping…"))
            self.cancel_asked.emit()
        else:
            super().reject()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))


class ReceiptPage(QWidget):
    """What each format took, left out and changed, and whether it was read back."""

    def __init__(self, theme: Theme = LIGHT) -> None:
        super().__init__()
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(22, 20, 22, 8)
        self._column.setSpacing(10)

    def show_receipts(self, receipts: Sequence[Receipt], folder: Path) -> None:
        while item := self._column.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        self._column.addWidget(heading(tr("Written to")))
        place = QLabel(str(folder))
        place.setWordWrap(True)
        place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._column.addWidget(place)
        for receipt in receipts:
            self._column.addWidget(self._card(receipt))
        self._column.addStretch(1)

    def _card(self, receipt: Receipt) -> QWidget:
        card = QFrame()
        card.setObjectName("receipt")
        column = QVBoxLayout(card)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(4)
        column.addWidget(heading(_format_name(receipt.format)))
        column.addWidget(
            muted(
                tr(
                    "{articles} · {labels} in · {spans_out} out",
                    articles=plural("{n} article", "{n} articles", receipt.articles),
                    labels=plural("{n} label", "{n} labels", receipt.spans_in),
                    spans_out=number(receipt.spans_out),
                )
            )
        )
        for title, entries in ((tr("Left out"), receipt.left_out), (tr("Changed"), receipt.changed)):
            for sentence in sentences(entries):
                column.addWidget(_wrapped(f"{title}: {sentence}"))
        column.addLayout(self._verdict(receipt))
        return card

    def _verdict(self, receipt: Receipt) -> QHBoxLayout:
        good, theme = receipt.verified, self._theme
        mark, words = QLabel(), QLabel(tr("read back and compared") if good else tr("not read back"))
        colour = theme.ok if good else theme.warning
        mark.setPixmap(icon("done" if good else "warning", colour).pixmap(16, 16))
        words.setStyleSheet(f"color: {colour};")
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(mark)
        row.addWidget(words, 1)
        return row


def sentences(entries: Sequence[Entry]) -> list[str]:
    """One line for each reason, with the labels it befell."""
    reasons: dict[str, list[tuple[str, int]]] = {}
    for row in totals(entries):
        reasons.setdefault(row["reason"], []).append((row["label"], row["count"]))
    return [
        f"{number(sum(count for _, count in rows))} {reason} ({', '.join(f'{label} {number(count)}' for label, count in rows)})"
        for reason, rows in reasons.items()
    ]


def _format_name(name: str) -> str:
    return find(name).name


def _wrapped(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    return label


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(widget)
    return area


def _sheet(theme: Theme) -> str:
    return f"""
    QLabel[heading="true"] {{ font-weight: 600; }}
    QLabel[problem="true"] {{ color: {theme.danger}; }}
    #receipt {{ background: {theme.panel}; border: 1px solid {theme.border}; border-radius: 9px; }}
    """
