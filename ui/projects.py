"""Opening, making and closing projects from the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from desktop import projects
from desktop.errors import UserError
from desktop.model import Scheme
from desktop.paths import projects_folder
from desktop.session import Session
from desktop.store import queries
from desktop.store.store import Store

if TYPE_CHECKING:
    from ui.window import MainWindow

_FILTER = "Tagline projects (*.tagline)"


@dataclass(frozen=True)
class Overview:
    """What the window reads of a project when it opens it."""

    path: Path
    scheme: Scheme
    guidelines: str
    layers: dict[str, int]
    born: str = ""


def overview(store: Store) -> Overview:
    return Overview(
        store.path,
        queries.scheme(store),
        queries.guidelines(store),
        queries.layers(store),
        queries.born(store),
    )


class Projects:
    """The File menu's first half. The file dialogs can be replaced in tests."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.ask_save_path: Callable[[str, Path], str] = self._ask_save_path
        self.ask_open_path: Callable[[], str] = self._ask_open_path

    def ask_open(self) -> None:
        path = self.ask_open_path()
        if path:
            self.open(Path(path))

    def open(self, path: Path) -> None:
        name = self._window.settings.name
        self._switch(lambda: projects.open_project(path, name))

    def new(self) -> None:
        path = self._new_path("New project", "Articles")
        if path:
            name = self._window.settings.name
            self._switch(lambda: projects.create(path, name))

    def new_sample(self, *, labels: bool) -> None:
        path = self._new_path("Sample project", "Sample")
        if path:
            self.make_sample(path, labels=labels)

    def make_sample(self, path: Path, *, labels: bool) -> None:
        """A new project at `path` with the five seed articles."""
        name = self._window.settings.name

        def make() -> Session:
            session = projects.create(path, name)
            projects.add_sample(session, labels=labels)
            return session

        self._switch(make)

    def close(self) -> None:
        self._window.inspector.commit()
        self._window.work.close_project(lambda _: self._window.show_welcome())

    def _new_path(self, title: str, stem: str) -> Path | None:
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
        path = self.ask_save_path(title, offered)
        if not path:
            return None
        chosen = Path(path)
        return chosen if chosen.suffix == projects.SUFFIX else chosen.with_name(chosen.name + projects.SUFFIX)

    def _switch(self, make: Callable[[], Session]) -> None:
        window = self._window
        window.inspector.commit()  # what is typed belongs to the project that is open
        window.work.open(
            make, then=lambda _: window.work.read(overview, then=self._opened), failed=self._failed
        )

    def _opened(self, found: Overview) -> None:
        self._window.settings.opened(found.path)
        self._window.change_settings({})
        self._window.show_project(found)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self._window.say_error(error)
        else:
            self._window.work.failed.emit(error)

    def _ask_save_path(self, title: str, offered: Path) -> str:
        path, _ = QFileDialog.getSaveFileName(self._window, title, str(offered), _FILTER)
        return path

    def _ask_open_path(self) -> str:
        path, _ = QFileDialog.getOpenFileName(self._window, "Open project", str(projects_folder()), _FILTER)
        return path
