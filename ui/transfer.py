"""Import and export from the window: off the window's thread, with progress, cancel and a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from desktop import formats
from desktop.bundle import Report
from desktop.errors import Cancelled, UserError
from desktop.projects import SUFFIX
from desktop.session import Session
from ui.dialogs import ImportReportDialog
from ui.export_flow import ExportFlow
from ui.pasting import Pasted, readable, taken
from ui.report import sentence
from ui.words import plural, tr

if TYPE_CHECKING:
    from desktop.intake import Wishes
    from desktop.preview import Preview
    from desktop.shelf import Shelf
    from ui.import_preview import ImportPreview
    from ui.window import MainWindow

Progress = Callable[[int, int], None]


class Transfer:
    """`busy` while an import or export runs: the window shows what it has and changes nothing."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.busy = False
        self.exporting: ExportFlow = ExportFlow(window, self)
        self.report: ImportReportDialog | None = None
        self.preview: ImportPreview | None = None
        self._shelf: Shelf | None = None
        self._next: Wishes | None = None
        self._pasted: Pasted | None = None
        self.ask_files: Callable[[], list[str]] = self._ask_files
        self.ask_folder: Callable[[], str] = self._ask_folder
        window.work.progressed.connect(self._show_progress)

    def paste(self) -> None:
        """The clipboard's files, text or page as articles."""
        # Some systems have nothing at all to give where nothing was copied, whatever the signature says.
        mime: QMimeData | None = QGuiApplication.clipboard().mimeData()
        if mime is None or not readable(mime):
            self._window.messages.info(tr("There is no text and no file to paste."))
            return
        self.take(mime)

    def take(self, mime: QMimeData) -> None:
        """What was pasted or dropped."""
        self._pasted = taken(mime)
        self.dropped(self._pasted.paths)

    def dropped(self, paths: Sequence[Path]) -> None:
        """A project is opened; anything else goes into the project that is open, or into a new one."""
        project = next((path for path in paths if path.suffix == SUFFIX), None)
        if project:
            self._window.projects.open(project)
        elif self._window.project:
            self.look_at(paths)
        elif paths:
            self._window.projects.new(then=lambda: self.look_at(paths))

    def ask_import(self) -> None:
        self.look_at([Path(path) for path in self.ask_files()])

    def ask_import_folder(self) -> None:
        folder = self.ask_folder()
        self.look_at([Path(folder)] if folder else [])

    def look_at(self, paths: Sequence[Path]) -> None:
        """Show what an import would bring, and do it when the person agrees."""
        if not paths or self.busy:
            return
        from desktop.intake import Wishes  # an export has no use for these  # noqa: PLC0415
        from desktop.shelf import Shelf  # noqa: PLC0415
        from ui.import_preview import ImportPreview  # noqa: PLC0415

        wishes = Wishes(list(paths), remembered=self._window.settings.columns)
        self._shelf, self._next = Shelf(labelled=True), None
        self.preview = ImportPreview(wishes, self._window)
        self.preview.looked.connect(self._look)
        self.preview.agreed.connect(self._agree)
        self.preview.rejected.connect(self._leave_preview)
        self.preview.open()
        self._look(wishes)

    def _look(self, wishes: Wishes) -> None:
        """Look at what would come in; a look that still runs with other wishes gives way."""
        dialog = self.preview
        assert dialog
        if self.busy:
            self._next = wishes
            self._window.work.cancel()
            return

        def done(preview: Preview) -> None:
            self.set_busy(False)
            if not self._look_next():
                dialog.show_preview(preview)

        def failed(error: BaseException) -> None:
            self.set_busy(False)
            if self._look_next():
                return
            if isinstance(error, UserError):
                dialog.failed(sentence(error))
            elif not isinstance(error, Cancelled):
                dialog.failed(tr("Something went wrong in Tagline."))
                self._window.work.failed.emit(error)

        self.set_busy(True)
        work = self._window.work
        work.do(
            _look,
            wishes,
            self._window.browsing.layer,
            work.report_progress,
            self._shelf,
            then=done,
            failed=failed,
            writing=True,
        )

    def _look_next(self) -> bool:
        """Look again where other wishes have come meanwhile."""
        wishes, self._next = self._next, None
        if wishes and self.preview and self.preview.isVisible():
            self._look(wishes)
        return wishes is not None

    def _agree(self, wishes: Wishes) -> None:
        if self.preview:
            self.preview.accept()
            self._remember(self.preview)
        self._import(wishes)

    def _remember(self, preview: ImportPreview) -> None:
        """What a person said of the columns of tables holds for the next ones like them."""
        if preview.tables:
            settings = self._window.settings
            for page in preview.tables.values():
                settings.remember_columns(page.header, page.fields())
            self._window.change_settings({"columns": settings.columns})

    def _leave_preview(self) -> None:
        self._next = None
        if self.busy:
            self._window.work.cancel()
        self._shelf = None

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Import files and folders as one undoable step, without asking."""
        from desktop.intake import Wishes  # noqa: PLC0415

        if paths and not self.busy:
            self._shelf = None
            self._import(Wishes(list(paths), remembered=self._window.settings.columns))

    def _import(self, wishes: Wishes) -> None:
        if self.busy:
            return
        self.set_busy(True)
        work = self._window.work
        work.do(
            _import, wishes, self._window.browsing.layer, work.report_progress, self._shelf,
            then=self._imported, failed=self._failed, writing=True,
        )  # fmt: skip

    def _imported(self, report: Report) -> None:
        self.set_busy(False)
        self._shelf = None
        self._window.show_labelled_layer()
        came = tr(
            "{articles} and {labels}",
            articles=plural("{n} article", "{n} articles", report.articles),
            labels=plural("{n} label", "{n} labels", report.spans),
        )
        self._window.messages.info(tr("Imported {came}.", came=came))
        if report.skipped or report.duplicates or report.guessed or report.cleaned or report.empty:
            self.report = ImportReportDialog(report, self._window)
            self.report.open()

    def _failed(self, error: BaseException) -> None:
        self.set_busy(False)
        self._window.work.failed.emit(error)

    def set_busy(self, busy: bool) -> None:
        """An import or export begins or has ended."""
        self.busy = busy
        self._window.busy_changed(busy)

    def _show_progress(self, done: int, total: int) -> None:
        if self.preview and self.preview.isVisible():
            self.preview.progress(done)
        elif self.busy and not (self.exporting.dialog and self.exporting.dialog.running):
            self._window.status.show_progress(
                plural("Importing: {n} article … (Esc stops)", "Importing: {n} articles … (Esc stops)", done)
            )

    def _ask_files(self) -> list[str]:
        endings = " ".join(
            f"*{suffix}" for format in formats.readable() for suffix in format.suffixes if suffix
        )
        paths, _ = QFileDialog.getOpenFileNames(
            self._window,
            tr("Import articles"),
            "",
            tr("Articles ({endings});;All files (*)", endings=endings),
        )
        return paths

    def _ask_folder(self) -> str:
        return QFileDialog.getExistingDirectory(self._window, tr("Import folder"))


def _import(session: Session, wishes: Wishes, layer: str, progress: Progress, shelf: Shelf | None) -> Report:
    from desktop.intake import bring_in  # noqa: PLC0415

    return bring_in(session, wishes, layer, lambda done: progress(done, 0), shelf)


def _look(session: Session, wishes: Wishes, layer: str, progress: Progress, shelf: Shelf | None) -> Preview:
    from desktop.intake import look  # noqa: PLC0415

    return look(session, wishes, layer, lambda done: progress(done, 0), shelf)
