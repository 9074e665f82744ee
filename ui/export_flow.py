"""An export from the window: what the dialog asks for, done off the window's thread; then the receipt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from desktop.errors import Cancelled, UserError
from desktop.paths import projects_folder
from desktop.session import Session
from desktop.store import queries
from ui.report import sentence
from ui.words import tr

if TYPE_CHECKING:
    from desktop.datasets.options import ExportOptions
    from desktop.outlook import Inventory, Outlook
    from desktop.receipts import Told
    from desktop.store.store import Store
    from ui.check_flow import Checked
    from ui.export_dialog import ExportDialog
    from ui.transfer import Transfer
    from ui.window import MainWindow

Progress = Callable[[int, int], None]
# Projects of up to so many articles are checked as soon as the dialog opens; of more it takes a while.
SMALL = 300


class ExportFlow:
    """`dialog` while one is asked for; `last` are the choices made last in this project."""

    def __init__(self, window: MainWindow, transfer: Transfer) -> None:
        self._window, self._transfer = window, transfer
        self.dialog: ExportDialog | None = None
        self._last: tuple[Path, ExportOptions] | None = None
        self._inventory: Inventory | None = None
        self._asking = False
        # What is counted or checked for the dialog stops when a later number is here.
        self._run = 0

    def ask(self) -> None:
        project = self._window.project
        if not project or self._transfer.busy:
            return
        self._inventory = None
        self._window.work.read(_what_there_is, then=self._show)

    def _show(self, found: tuple[dict[str, int], list[str]]) -> None:
        from ui.export_dialog import ExportDialog  # not needed to show the window  # noqa: PLC0415
        from ui.export_form import Asked  # noqa: PLC0415

        window, project = self._window, self._window.project
        if not project or self._asking:
            return
        layers, names = found
        layer = window.browsing.layer
        asked = Asked(
            layers or {layer: 0}, [label.name for label in project.scheme.labels],
            layer if layer in layers else next(iter(layers), ""), names, bool(project.locked),
            self._last[1] if self._last and self._last[0] == project.path else None,
        )  # fmt: skip
        if self.dialog:
            self.dialog.deleteLater()
        self.dialog = dialog = ExportDialog(asked, free_folder(project.path.stem), self._export, window)
        dialog.cancel_asked.connect(window.work.cancel)
        window.work.progressed.connect(dialog.progress)
        dialog.considered.connect(self._consider)
        dialog.check_asked.connect(self._to_checks)
        dialog.finished.connect(lambda _: self._leave())
        form = dialog.form
        form.splits.kept_asked.connect(self._to_splits)
        form.templates.taken.connect(self._take_template)
        form.templates.saved.connect(self._save_template)
        form.templates.removed.connect(self._remove_template)
        window.work.read(_inventory, then=self._inventory_taken)
        self._asking = True
        QTimer.singleShot(0, dialog, self._open)  # a turn of its own: to make it takes long enough

    def _open(self) -> None:
        if self.dialog:
            self.dialog.open()
            self._check()

    def _leave(self) -> None:
        self._run += 1
        self._asking = False
        if self.dialog:
            self._window.work.progressed.disconnect(self.dialog.progress)

    # What would go out

    def _inventory_taken(self, found: Inventory) -> None:
        self._inventory = found
        if self.dialog:
            self.dialog.form.show_inventory(found)
            self.dialog.consider()

    def _consider(self, options: ExportOptions) -> None:
        dialog, inventory = self.dialog, self._inventory
        if not dialog or inventory is None:
            return
        self._run += 1
        run = self._run

        def tick() -> None:
            if run != self._run:
                raise Cancelled

        def done(found: Outlook) -> None:
            if run == self._run:
                dialog.show_outlook(found)

        def failed(error: BaseException) -> None:
            if not isinstance(error, Cancelled):
                self._window.work.failed.emit(error)

        dialog.show_outlook(None)
        self._window.work.read(_foresee, inventory, options, tick, then=done, failed=failed)

    # Templates

    def _take_template(self, name: str) -> None:
        def done(options: ExportOptions) -> None:
            if self.dialog:
                self.dialog.form.show_options(options)

        self._window.work.read(_load_template, name, then=done, failed=self._said_at_template)

    def _save_template(self, name: str) -> None:
        if self.dialog:
            options = self.dialog.form.options()
            said = tr("Saved. On the command line: --template “{name}”", name=name)
            self._window.work.do(
                _save_template, name, options, writing=True, failed=self._said_at_template,
                then=lambda names: self._templates_changed(names, name, said),
            )  # fmt: skip

    def _remove_template(self, name: str) -> None:
        said = tr("Removed; undo brings it back.")
        self._window.work.do(
            _remove_template, name, writing=True, failed=self._said_at_template,
            then=lambda names: self._templates_changed(names, "", said),
        )  # fmt: skip

    def _templates_changed(self, names: list[str], current: str, said: str) -> None:
        if self.dialog:
            self.dialog.form.templates.show_names(names, current)
            self.dialog.form.templates.say(said)

    def _said_at_template(self, error: BaseException) -> None:
        if isinstance(error, UserError) and self.dialog:
            self.dialog.form.templates.say(sentence(error))
        else:
            self._window.work.failed.emit(error)

    # The checks

    def _check(self) -> None:
        checking = self._window.care.check
        if not checking.stale:
            self._show_checks()
        elif len(self._window.browsing.lines) <= SMALL:
            self._window.work.read(_check, self._give_way(), then=self._checked, failed=self._not_checked)
        elif self.dialog:
            self.dialog.show_checks(tr("Not checked since the last change"), tr("Check…"))

    def _give_way(self) -> Progress:
        """Stops the check as soon as an export begins or the dialog is left."""
        dialog = self.dialog

        def progress(done: int, total: int) -> None:
            if dialog is not self.dialog or not dialog or dialog.running or not dialog.isVisible():
                raise Cancelled

        return progress

    def _checked(self, found: Checked) -> None:
        self._window.care.check.take(found)
        self._show_checks()

    def _not_checked(self, error: BaseException) -> None:
        if not isinstance(error, Cancelled):
            self._window.work.failed.emit(error)

    def _show_checks(self) -> None:
        page = self._window.care.check.page
        if self.dialog and page.problems:
            said = tr("The checks found {counts}", counts=page.counts())
            self.dialog.show_checks(said, tr("Look at them…"))
        elif self.dialog:
            self.dialog.show_checks(tr("The checks found nothing"), "")

    def _to_checks(self) -> None:
        if self.dialog:
            self.dialog.reject()
        self._window.care.check.open()

    def _to_splits(self) -> None:
        if self.dialog:
            self.dialog.reject()
        self._window.care.splits.open()

    # The export itself

    def _export(self, folder: Path, options: ExportOptions) -> None:
        dialog, window = self.dialog, self._window
        assert dialog
        self._run += 1

        def failed(error: BaseException) -> None:
            self._transfer.set_busy(False)
            if isinstance(error, UserError):
                dialog.failed(sentence(error))
            elif isinstance(error, Cancelled):
                dialog.failed(tr("Stopped. Nothing was written."))
            else:
                dialog.failed(tr("Something went wrong in Tagline. Nothing was written."))
                window.work.failed.emit(error)

        def done(told: Told) -> None:
            self._transfer.set_busy(False)
            if window.project:
                self._last = window.project.path, options
            dialog.exported()
            window.care.receipt.show(told)

        self._transfer.set_busy(True)
        work = window.work
        work.do(
            _export, folder, options, work.report_progress, then=done, failed=failed,
            writing=options.split is not None,
        )  # fmt: skip


def free_folder(stem: str) -> Path:
    """A folder for a dataset that is not there yet."""
    folder = projects_folder() / tr("{stem} dataset", stem=stem)
    number = 2
    while folder.exists():
        folder = folder.with_name(tr("{stem} dataset {number}", stem=stem, number=number))
        number += 1
    return folder


# What follows imports where it is called: what exports is not needed to show the window.


def _what_there_is(store: Store) -> tuple[dict[str, int], list[str]]:
    from desktop import templates  # noqa: PLC0415
    from ui import export_dialog  # loaded here, so that the window need not wait for it  # noqa: F401, PLC0415

    return queries.layers(store), templates.names(store)


def _inventory(store: Store) -> Inventory:
    from desktop import outlook  # noqa: PLC0415

    return outlook.take_inventory(store)


def _foresee(store: Store, inventory: Inventory, options: ExportOptions, tick: Callable[[], None]) -> Outlook:
    from desktop import outlook  # noqa: PLC0415

    tick()
    if outlook.by_counts(options):
        return outlook.foresee(inventory, options)
    return outlook.look_closely(queries.bundle(store), options, tick)


def _load_template(store: Store, name: str) -> ExportOptions:
    from desktop import templates  # noqa: PLC0415

    return templates.load(store, name)


def _save_template(session: Session, name: str, options: ExportOptions) -> list[str]:
    from desktop import templates  # noqa: PLC0415

    templates.save(session, name, options)
    return templates.names(session.store)


def _remove_template(session: Session, name: str) -> list[str]:
    from desktop import templates  # noqa: PLC0415

    templates.remove(session, name)
    return templates.names(session.store)


def _check(store: Store, progress: Progress) -> Checked:
    from ui.check_flow import check  # noqa: PLC0415

    return check(store, progress)


def _export(session: Session, folder: Path, options: ExportOptions, progress: Progress) -> Told:
    from desktop import receipts  # noqa: PLC0415
    from desktop.exporting import export_project  # noqa: PLC0415
    from ui import receipt_page  # loaded here, so that the window need not wait for it  # noqa: F401, PLC0415

    return receipts.read(export_project(session, folder, options, progress).folder)
