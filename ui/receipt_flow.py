"""The page of the last receipt: shown after an export, or read again from the folder of the dataset."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from desktop.errors import UserError
from desktop.store import queries
from ui.list_page import PageFlow
from ui.words import tr

if TYPE_CHECKING:
    from desktop.receipts import Told
    from ui.receipt_page import ReceiptPage
    from ui.window import MainWindow


class ReceiptFlow(PageFlow["ReceiptPage"]):
    """`told` is the last receipt of the project that is open, as far as it was looked at."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.told: Told | None = None

    def _make_page(self) -> ReceiptPage:
        from ui.receipt_page import ReceiptPage  # the formats are not needed to show the window  # noqa: PLC0415

        page = ReceiptPage(self._window.theme)
        page.add_tool(tr("Open folder"), self._open_folder, tr("Show the files of the dataset"))
        page.add_tool(
            tr("Copy command line"),
            self._copy_command,
            tr("What does the same without the window, to be pasted"),
        )
        page.opened.connect(self._open_place)
        return page

    def opened(self) -> None:
        """Another project is shown: its receipt is another one."""
        self.told = None

    def show(self, told: Told) -> None:
        """After an export."""
        self.told = told
        self._window.resume.dataset = str(told.folder)
        self._lay()

    def open(self) -> None:
        """Show the last receipt of the project."""
        if self.told:
            self._lay()
            return
        folder = self._window.resume.dataset
        if not folder:
            self._window.messages.info(
                tr("There is no receipt yet: it comes with the first export."),
                (tr("Export…"), self._window.transfer.exporting.ask),
            )
            return
        self._window.work.beside(lambda: _read(Path(folder)), self._read, self._failed)

    def _read(self, told: Told) -> None:
        if self._window.project and str(told.folder) == self._window.resume.dataset:
            self.told = told
            self._lay()

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self._window.say_error(error)
        else:
            self._window.work.failed.emit(error)

    def _lay(self) -> None:
        window = self._window
        assert self.told
        titles = {line.id: line.title for line in window.browsing.lines.values()}
        self.page.show_told(self.told, window.scheme, titles)
        window.pages.lay(self.page)

    def _open_place(self, entry: Mapping[str, Any]) -> None:
        article, span = entry["article"], entry.get("span", "")
        self._window.work.read(
            queries.place_of, article, span, then=lambda place: self._go(article, span, place)
        )

    def _go(self, article: str, span: str, place: tuple[int, int, int, str] | None) -> None:
        window = self._window
        key = place[0] if place else window.going.key(article)
        back = window.actions_.key_of("receipt")
        said = tr("{key} leads back to the receipt.", key=back) if back else ""
        if key is None:
            window.messages.info(tr("That article is no longer there."))
            return
        if place:
            window.going.go(*place, span=span)
        else:
            window.going.go(key, 0, 0)
            if span:
                said = f"{tr('That label is no longer there.')} {said}"
        if said:
            window.messages.info(said.strip())

    def _open_folder(self) -> None:
        if self.told:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.told.folder)))

    def _copy_command(self) -> None:
        from desktop import receipts  # noqa: PLC0415

        project = self._window.project
        if self.told and project:
            QGuiApplication.clipboard().setText(receipts.command(project.shown, self.told))
            self._window.messages.info(tr("The command line is copied. It writes beside this folder."))


def _read(folder: Path) -> Told:
    from desktop import receipts  # noqa: PLC0415
    from ui import receipt_page  # loaded here, so that the window need not wait for it  # noqa: F401, PLC0415

    return receipts.read(folder)
