"""Opening, making and closing projects from the window."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from desktop import commands, projects
from desktop.errors import UserError
from desktop.model import Scheme
from desktop.paths import projects_folder
from desktop.session import Session
from desktop.store import drives, queries
from desktop.store.store import Store
from ui.report import sentence
from ui.words import later, retold, tr

if TYPE_CHECKING:
    from ui.new_dialog import NewDialog
    from ui.window import MainWindow

_FILTER = later("Tagline projects (*.tagline)")


@dataclass(frozen=True)
class Overview:
    """What the window reads of a project when it opens it."""

    path: Path
    scheme: Scheme
    guidelines: str
    layers: dict[str, int]
    born: str = ""
    shown: Path = Path()
    locked: str = ""
    id: str = ""
    upgraded: bool = False
    private: bool = False

    @property
    def why_locked(self) -> str:
        """Why nothing can be changed, as a sentence; "" where it can."""
        return tr("Nothing can be changed here: {locked}.", locked=retold(self.locked)) if self.locked else ""


def overview(store: Store) -> Overview:
    return Overview(
        store.path,
        queries.scheme(store),
        queries.guidelines(store),
        queries.layers(store),
        queries.born(store),
        store.shown,
        store.locked,
        store.id,
        store.upgraded,
        queries.private(store),
    )


def _drive(store: Store) -> str:
    return drives.warning(drives.drive_of(store.path))


class Projects:
    """The File menu's first half. The file dialogs can be replaced in tests."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.ask_save_path: Callable[[str, Path], str] = self._ask_save_path
        self.ask_open_path: Callable[[], str] = self._ask_open_path
        self.dialog: NewDialog | None = None
        welcome = window.welcome
        welcome.new_asked.connect(self.new)
        welcome.open_asked.connect(self.ask_open)
        welcome.sample_asked.connect(lambda labels: self.new_sample(labels=labels))
        welcome.recent_chosen.connect(lambda path: self.open(Path(path)))
        welcome.name_changed.connect(lambda name: window.change_settings({"annotator": name}))

    def ask_open(self) -> None:
        path = self.ask_open_path()
        if path:
            self.open(Path(path))

    def open(self, path: Path) -> None:
        """Open a project, for reading only where it cannot be written; offer a copy of one that is open elsewhere."""
        name = self._window.settings.name
        self.switch(
            lambda: projects.open_anyhow(path, name), failed=lambda error: self._not_opened(path, error)
        )

    def _not_opened(self, path: Path, error: BaseException) -> None:
        if isinstance(error, UserError) and error.kind == "file.in_use":
            self._window.messages.error(
                sentence(error),
                (tr("Open a copy to read"), lambda: self.open_snapshot(path)), (tr("Work in a copy…"), lambda: self.open_copy(path)),
            )  # fmt: skip
        elif not (isinstance(error, UserError) and self._window.care.recovery.offers(path, error)):
            self._failed(error)

    def open_snapshot(self, path: Path) -> None:
        """Read a project that is open elsewhere, as it is now."""
        name = self._window.settings.name
        self.switch(lambda: projects.open_snapshot(path, name))

    def open_copy(self, path: Path) -> None:
        """Work in a copy of a project that is open elsewhere."""
        target, name = (
            self.ask_path(tr("Work in a copy"), tr("{name} copy", name=path.stem)),
            self._window.settings.name,
        )
        if target:
            self.switch(lambda: projects.open_copy(path, target, name))

    def reread(self) -> None:
        """The project was opened anew, perhaps elsewhere."""
        self._window.work.read(overview, then=self._opened)

    def new(self, then: Callable[[], object] | None = None) -> None:
        """Ask for a place and a scheme, and make a project; `then` is done when it is open."""
        from ui.new_dialog import NewDialog  # noqa: PLC0415

        dialog = NewDialog(self.free_path(tr("Articles")), self.ask_save_path, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.made.connect(
            lambda path, scheme: self._make(path, scheme, then, private=dialog.private.isChecked())
        )
        self.dialog = dialog
        dialog.open()

    def _make(
        self,
        path: Path,
        scheme: Path | projects.Start,
        then: Callable[[], object] | None = None,
        *,
        private: bool,
    ) -> None:
        name = self._window.settings.name
        self.switch(lambda: projects.create(path, name, scheme, private=private), then=then)

    def new_sample(self, *, labels: bool) -> None:
        path = self.ask_path(tr("Sample project"), tr("Sample"))
        if path:
            self.make_sample(path, labels=labels)

    def make_sample(self, path: Path, *, labels: bool, then: Callable[[], object] | None = None) -> None:
        """A new project at `path` with the five seed articles."""
        name = self._window.settings.name

        def make() -> Session:
            session = projects.create(path, name)
            projects.add_sample(session, labels=labels)
            return session

        self.switch(make, then=then)

    def close(self) -> None:
        if not self._window.saving.may_leave():
            return
        self._window.inspector.commit()
        self._window.work.close_project(lambda _: self._window.show_welcome())

    def ask_path(self, title: str, stem: str) -> Path | None:
        """Where a new file is to be; None where the person does not want it."""
        path = self.ask_save_path(title, self.free_path(stem))
        return projects.with_ending(Path(path)) if path else None

    @staticmethod
    def free_path(stem: str) -> Path:
        """A file that is not there yet, where projects are offered to be kept."""
        folder = projects_folder()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            folder = Path.home()
        offered = folder / f"{stem}{projects.SUFFIX}"
        number = 2
        while offered.exists():
            offered = folder / f"{stem} {number}{projects.SUFFIX}"
            number += 1
        return offered

    def switch(
        self, make: Callable[[], Session], failed: Callable[[BaseException], None] | None = None,
        then: Callable[[], object] | None = None,
    ) -> None:  # fmt: skip
        """Show what `make` opens in place of the project that is open."""
        window = self._window
        if not window.saving.may_leave():
            return
        window.inspector.commit()  # what is typed belongs to the project that is open

        def prepared() -> Session:
            importlib.import_module("ui.care")  # which the window would otherwise wait for when it is open
            return make()

        def opened(found: Overview) -> None:
            self._opened(found)
            if then:
                then()

        window.work.open(
            prepared, then=lambda _: window.work.read(overview, then=opened), failed=failed or self._failed
        )

    def _opened(self, found: Overview) -> None:
        window = self._window
        self.note_recent(found)
        window.first_steps.leave()
        window.show_project(found)
        window.saving.opened()
        window.care.opened()
        if found.upgraded:
            window.messages.info(
                tr(
                    "This project was made with an older Tagline and was upgraded. A backup from before is kept."
                ),
                (tr("Backups…"), window.care.backups.open),
            )
        if found.locked:
            window.saving.explain()
        else:
            window.work.read(_drive, then=self._warn_of_drive)

    def note_recent(self, found: Overview) -> None:
        """Put a project on top of the recent ones, or take it out where it is private."""
        settings = self._window.settings
        (settings.forget if found.private else settings.opened)(found.shown)
        self._window.change_settings({})
        self._window.actions_.fill_recent(settings.recent)

    def toggle_private(self) -> None:
        """Keep the project out of the recent list, or let it in again."""
        window = self._window
        if not window.project:
            return
        private = not window.project.private
        said = (
            tr("This project is private now: no list of recent projects shows it, here or elsewhere.")
            if private
            else tr("This project is no longer private: it is in the list of recent projects.")
        )
        window.work.do(commands.set_private, private, writing=True, then=lambda _: window.messages.info(said))

    def _warn_of_drive(self, said: str) -> None:
        if said:
            self._window.messages.info(said, (tr("Save a copy elsewhere…"), self._window.saving.ask_copy))

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self._window.say_error(error)
        else:
            self._window.work.failed.emit(error)

    def _ask_save_path(self, title: str, offered: Path) -> str:
        path, _ = QFileDialog.getSaveFileName(self._window, title, str(offered), tr(_FILTER))
        return path

    def _ask_open_path(self) -> str:
        path, _ = QFileDialog.getOpenFileName(
            self._window, tr("Open project"), str(projects_folder()), tr(_FILTER)
        )
        return path
