"""A project that is damaged: the ways out of it, and the report of what could be read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from desktop import projects
from desktop.errors import Cancelled, UserError
from desktop.projects import SUFFIX
from desktop.salvage import Report
from desktop.session import Session
from desktop.store import backups
from desktop.store.backups import Backup
from ui.dialogs import copying
from ui.parts import moment, number
from ui.words import plural, retold, tr

if TYPE_CHECKING:
    from ui.window import MainWindow


class RecoveryFlow:
    """Offered where a project cannot be opened because its file is damaged. The damaged file is always kept."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.busy = False
        self.report: RecoveryReport | None = None

    def offers(self, path: Path, error: UserError) -> bool:
        """Whether there is anything to offer; if so, it is offered."""
        lost_head = error.kind == "file.not_ours" and path.suffix == SUFFIX and path.is_file()
        if error.kind != "integrity.damaged" and not lost_head:
            return False
        base = self._window.care.backups.base
        self._offer(path, error, None)
        self._window.work.beside(
            lambda: backups.first_sound(backups.of_project(base, path)),
            lambda backup: self._offer(path, error, backup) if backup else None,
        )  # fmt: skip
        return True

    def _offer(self, path: Path, error: UserError, backup: Backup | None) -> None:
        ways = [(tr("Recover what can be read"), lambda: self.recover(path))]
        if backup:
            made = moment(backup.made.isoformat())[0]
            ways.insert(0, (tr("Use the backup of {made}", made=made), lambda: self.use(path, backup)))
        self._window.messages.error(
            tr("{path}: {message}. It was left as it is.", path=path, message=retold(error.message)), *ways
        )

    def use(self, path: Path, backup: Backup) -> None:
        """Put a backup in the place of the damaged file, which is kept under another name."""
        name = self._window.settings.name
        aside: list[Path | None] = []

        def make() -> Session:
            aside.append(projects.put_in_place(path, backup.path))
            return projects.open_project(path, name)

        def told() -> None:
            self._window.messages.info(
                tr("The backup is in place. The damaged file is kept as {name}.", name=aside[0].name)
                if aside[0]
                else tr("The backup is in place.")
            )

        self._window.projects.switch(make, then=told)

    def recover(self, path: Path) -> None:
        """Read what can be read into a new project, and open it."""
        window, name = self._window, self._window.settings.name
        work, self.busy = window.work, True
        window.messages.ask(tr("Reading what is left of {name} … (Esc stops)", name=path.name))
        work.progressed.connect(self._show_progress)
        work.call(lambda: projects.recover(path, name, work.report_progress), self._recovered, self._failed)

    def _show_progress(self, done: int, total: int) -> None:
        self._window.messages.ask(
            tr(
                "Reading what is left: {done} of {total} pages … (Esc stops)",
                done=number(done),
                total=number(total),
            )
        )

    def _stop_listening(self) -> None:
        self.busy = False
        self._window.work.progressed.disconnect(self._show_progress)
        self._window.messages.hide()

    def _recovered(self, report: Report) -> None:
        self._stop_listening()
        window = self._window
        window.projects.open(report.recovered)
        lines = [f"· {retold(line)}" for line in report.lines()]
        kept = (
            tr("The damaged file is kept as {file}.", file=report.damaged)
            if report.damaged != report.recovered
            else tr("The damaged file was left as it is.")
        )
        text = "\n".join([tr("{labels} in {articles} could be read.", labels=plural("{n} label", "{n} labels", report.found['span']), articles=plural("{n} article", "{n} articles", report.found['article'])),
                          "", *lines, "", kept, tr("What could be read is in {file}.", file=report.recovered)])  # fmt: skip
        self.report = RecoveryReport(text, window)
        self.report.open()

    def _failed(self, error: BaseException) -> None:
        self._stop_listening()
        if isinstance(error, Cancelled):
            self._window.messages.info(tr("Stopped. The damaged file is as it was."))
        else:
            self._window.work.failed.emit(error)


class RecoveryReport(QDialog):
    """What was recovered and what was not, to be read and copied."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("What was recovered"))
        self.text = QLabel(text)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        copy = buttons.addButton(tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.setAutoDefault(False)
        copying(copy, lambda: text)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 14)
        column.setSpacing(16)
        column.addWidget(self.text)
        column.addStretch(1)
        column.addWidget(buttons)
        self.resize(560, self.sizeHint().height())
