"""Backups from the window: made on opening, during the work and on closing; listed, compared and put in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog

from desktop import projects
from desktop.errors import Cancelled, UserError
from desktop.session import Session
from desktop.store import backups, copying
from desktop.store.backups import REASONS, Backup, Contents, Shelf
from desktop.store.compare import Difference, compare
from desktop.store.copying import Progress
from desktop.store.store import Store
from ui.list_page import Deed, ListPage, PageFlow
from ui.parts import isolate, moment, number, one_line, size, words
from ui.report import sentence
from ui.rows import ListRow
from ui.words import plural, retold, tr

if TYPE_CHECKING:
    from ui.window import MainWindow

_SETTLED = 3_000  # ms after opening until a backup is made
_OFTEN = 20 * 60_000  # ms of work between two backups
_MOST = 12  # articles named in a comparison


class BackupFlow(PageFlow[ListPage]):
    """Nobody waits for a backup: it is copied between other calls and checked on a thread of its own."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._steps = 0
        self._shown: dict[Path, Backup] = {}
        self._contents: dict[Path, Contents | str] = {}
        self.ask_folder: Callable[[], str] = self._ask_folder
        self._settled = QTimer(window, singleShot=True, interval=_SETTLED)
        self._settled.timeout.connect(lambda: self._make("open"))
        self._often = QTimer(window, interval=_OFTEN)
        self._often.timeout.connect(self._make_if_worked)
        self._often.start()
        window.work.step_done.connect(self._worked)
        window.work.before_closing = self._before_closing

    @property
    def base(self) -> Path:
        """The folder that holds the backups of all projects."""
        return self._window.settings.backups

    def _make_page(self) -> ListPage:
        page = ListPage(tr("Backups"), "", self._window.theme)
        page.add_tool(tr("Back up now"), lambda: self._make("hand"))
        page.add_tool(
            tr("Change folder…"),
            self._change_folder,
            tr("Where the next backups go; those that are there stay"),
        )
        page.chosen.connect(self._choose)
        return page

    # Making

    def opened(self) -> None:
        """A project is shown: back it up if it has changed since, when the window has come to rest."""
        self._steps = 0
        self._settled.start()

    def _worked(self) -> None:
        self._steps += 1

    def _make_if_worked(self) -> None:
        if self._steps:
            self._make("work")

    def _make(self, reason: str) -> None:
        window = self._window
        if window.project and not window.project.locked and not window.work.held:
            self._steps = 0
            window.work.do(_copy, self.base, reason == "hand", window.work.yielding, alone=True,
                           then=lambda half: self._check(half, reason), failed=self._failed)  # fmt: skip

    def _check(self, half: tuple[Shelf, Path] | None, reason: str) -> None:
        if half:
            shelf, part = half
            self._window.work.beside(
                lambda: shelf.finish(part, reason), lambda _: self._made(reason), self._failed
            )

    def _made(self, reason: str) -> None:
        self._read()
        if reason == "hand":
            self._window.messages.info(tr("The backup is made and checked."))

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self._window.messages.error(
                tr("No backup could be made. {error}", error=sentence(error)), (tr("Backups…"), self.open)
            )
        elif not isinstance(error, Cancelled):  # it gave way, and will be made when the project is closed
            self._window.work.failed.emit(error)

    def _before_closing(self, session: Session) -> Callable[[], object] | None:
        """On the store thread: the last backup is copied now, and checked when the project is closed."""
        if session.store.locked or not session.store.is_there():
            return None
        try:
            half = _copy(session, self.base, False, copying.silent)
        except (UserError, Cancelled):  # said when it is next opened: it is tried again then
            return None
        if half is None:
            return None
        shelf, part = half
        return lambda: shelf.finish(part, "close")

    # The page

    def open(self) -> None:
        self._window.messages.hide()
        self._window.pages.lay(self.page)
        self._read()

    def _read(self) -> None:
        window, project, base = self._window, self._window.project, self.base
        if self._page is None or not project:
            return
        self._page.about.setText(
            tr(
                "Kept in {folder}: the last {last}, then one a day for {days} days and one a week for {weeks} weeks."
                " Each was opened and checked.",
                folder=isolate(str(base)),
                last=backups.LAST,
                days=backups.DAYS,
                weeks=backups.WEEKS,
            )
        )
        self._page.tools[0].setEnabled(not project.locked)
        path, id = project.shown, project.id
        window.work.beside(lambda: backups.of_project(base, path, id), self._show)

    def _show(self, found: list[Backup]) -> None:
        self._shown = {backup.path: backup for backup in found}
        rows = [self._row(backup) for backup in found]
        self.page.show_rows(
            rows,
            tr("There are no backups yet. One is made soon after opening, and when the project is closed."),
            afresh=False,
        )
        for backup in found:
            if backup.path not in self._contents:
                self._window.work.beside(
                    lambda path=backup.path: (path, _contents(path)), then=self._show_contents  # type: ignore[misc]
                )  # fmt: skip

    def _show_contents(self, answer: tuple[Path, Contents | str]) -> None:
        path, held = answer
        self._contents[path] = held
        if path in self._shown:
            self.page.list.show_rows([self._row(backup) for backup in self._shown.values()])
            if self.page.list.picked == path:
                self._choose(path)

    def _row(self, backup: Backup) -> ListRow:
        held = self._contents.get(backup.path)
        labels = (
            plural("{n} label", "{n} labels", sum(held.labels.values())) if isinstance(held, Contents) else ""
        )
        return ListRow(_when(backup), backup.path, f"{_reason(backup)} · {size(backup.size)}",
                       right=labels, icon="saved", muted=isinstance(held, str))  # fmt: skip

    def _choose(self, path: Path | None) -> None:
        backup = self._shown.get(path) if path else None
        if backup is None:
            self.page.show_detail("", "")
            return
        deeds: list[Deed] = [
            (tr("Compare with the project now"), lambda: self._compare(backup), False),
            (tr("Save as a project of its own…"), lambda: self._save_as(backup), False),
        ]
        if not (self._window.project and self._window.project.locked):
            deeds.append((tr("Put it in the place of the project…"), lambda: self._ask_restore(backup), True))
        self.page.show_detail(_when(backup), self._told(backup), deeds)

    def _told(self, backup: Backup) -> str:
        held = self._contents.get(backup.path)
        if isinstance(held, str):
            return held
        if held is None:
            return "…"
        labels = [f"{words(name)} {number(count)}" for name, count in held.labels.items()]
        return "\n\n".join((
            tr("Made {reason}, {size}.", reason=_reason(backup), size=size(backup.size)),
            plural("{n} article; {labels}.", "{n} articles; {labels}.", held.articles, labels=", ".join(labels) or tr("no labels")),
            isolate(str(backup.path)),
        ))  # fmt: skip

    def _compare(self, backup: Backup) -> None:
        self.page.detail.setText(tr("Comparing …"))
        self._window.work.do(_compare, backup.path, self._window.work.yielding, alone=True,
                             then=lambda found: self._show_comparison(backup, found), failed=self._not_compared)  # fmt: skip

    def _not_compared(self, error: BaseException) -> None:
        self.page.detail.setText(
            tr("Not compared: something else came first.")
            if isinstance(error, Cancelled)
            else sentence(error)
            if isinstance(error, UserError)
            else str(error)
        )

    def _show_comparison(self, backup: Backup, found: list[Difference]) -> None:
        if self.page.list.picked == backup.path:
            self.page.detail.setText(comparison(found))

    def _save_as(self, backup: Backup) -> None:
        window = self._window
        made = backup.made.astimezone().strftime("%Y-%m-%d")
        path = window.projects.ask_path(
            tr("Save the backup as a project"),
            f"{window.project.shown.stem if window.project else ''} {made}".strip(),
        )
        if path:
            window.work.beside(
                lambda: projects.copy_to(backup.path, path),
                then=lambda _: window.messages.info(tr("Saved: {path}", path=path), (tr("Open it"), lambda: window.projects.open(path))),
            )  # fmt: skip

    def _ask_restore(self, backup: Backup) -> None:
        self.page.question.ask(
            tr("Put this backup, made {when}, in the place of the project? The project as it is now is kept beside it, under another name.", when=_when(backup)), tr("Put it in place"), lambda _: self._restore(backup), danger=True,
        )  # fmt: skip

    def _restore(self, backup: Backup) -> None:
        window, project = self._window, self._window.project
        if not project or not window.saving.may_leave():
            return
        window.inspector.commit()
        aside: list[Path | None] = []

        def make() -> Session:
            aside.append(projects.put_in_place(project.path, backup.path))
            return projects.open_project(project.path, window.settings.name)

        def done(_: object) -> None:
            window.projects.reread()
            window.work.do(lambda session: None, then=lambda _: self._restored(aside[0]))

        window.work.replace(make, then=done)

    def _restored(self, aside: Path | None) -> None:
        self._window.messages.info(
            tr("The backup is in place. The one before it is kept as {name}.", name=aside.name)
            if aside
            else tr("The backup is in place.")
        )

    def _change_folder(self) -> None:
        folder = self.ask_folder()
        if folder:
            self._window.change_settings({"backup_folder": folder})
            self._read()

    def _ask_folder(self) -> str:
        return QFileDialog.getExistingDirectory(self._window, tr("Folder for backups"), str(self.base))


def comparison(found: list[Difference]) -> str:
    """What sets the project apart from a backup, in a few lines."""
    if not found:
        return tr("The project holds the same as this backup.")
    lines = []
    for name, what in (
        ("more", tr("Only in the project")),
        ("less", tr("Only in the backup")),
        ("changed", tr("Changed since")),
    ):
        sums: Counter[str] = sum((getattr(one, name) for one in found), Counter())
        if sums:
            lines.append(
                f"{what}: {', '.join(f'{words(label)} {number(count)}' for label, count in sorted(sums.items()))}."
            )
    where = Counter(one.where for one in found)
    if where["now"]:
        lines.append(
            plural("{n} article only in the project.", "{n} articles only in the project.", where["now"])
        )
    if where["then"]:
        lines.append(
            plural("{n} article only in the backup.", "{n} articles only in the backup.", where["then"])
        )
    names = [f"· {one_line(one.title, 60)}" for one in found[:_MOST]]
    if len(found) > _MOST:
        names.append(plural("… and {n} more article", "… and {n} more articles", len(found) - _MOST))
    differ = plural("{n} article differs:", "{n} articles differ:", len(found))
    return "\n".join([*lines, "", differ, *names])


def _reason(backup: Backup) -> str:
    return retold(REASONS.get(backup.reason, backup.reason))


def _when(backup: Backup) -> str:
    made = moment(backup.made.isoformat())[0]
    return tr("today, {time}", time=made) if len(made) == len("14:02") else made


def _contents(path: Path) -> Contents | str:
    try:
        return backups.contents(path)
    except UserError as error:
        return sentence(error)


def _copy(session: Session, base: Path, always: bool, progress: Progress) -> tuple[Shelf, Path] | None:
    """On the store thread: the first half of a backup; None where the latest one holds the same."""
    store = session.store
    shelf = Shelf(base, store.shown, store.id)
    if not always and not shelf.is_new(store.state()):
        return None
    return shelf, shelf.copy(store, progress)


def _compare(session: Session, path: Path, progress: Progress) -> list[Difference]:
    other = Store.open(path, read_only=True)
    try:
        return list(compare(session.store, other, progress))
    finally:
        other.close()
