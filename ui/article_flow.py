"""What is done to the article in view besides labelling it: its details, and what of it is outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop import details
from desktop.errors import UserError
from ui.details_dialog import DetailsDialog
from ui.report import sentence
from ui.words import tr

if TYPE_CHECKING:
    from desktop.store.queries import Reading
    from desktop.text import Bounds
    from ui.window import MainWindow


class ArticleFlow:
    """The commands on the article of a window; `dialog` is the form that is open, if one is."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.dialog: DetailsDialog | None = None

    def toggle_outside(self) -> None:
        """Take the selection, else the line of the caret, out of the article, or into it again where it is out."""
        reading = self._window.labelling.reading
        if not reading:
            return
        start, end = self._window.view.selection or _line(reading, self._window.view.caret)
        if start == end:
            self._window.messages.info(
                tr("Select what is outside the article, or put the caret into a line of it.")
            )
            return
        out = not details.is_outside(reading.article, start, end)
        self._window.work.do(details.set_outside, reading.article.key, start, end, outside=out, writing=True)

    def find_outside(self) -> None:
        """Look for page furniture in the article."""
        reading = self._window.labelling.reading
        if reading:
            before = reading.article.outside
            self._window.work.do(
                details.find_outside,
                reading.article.key,
                writing=True,
                then=lambda article: self._found(before, article.outside),
            )

    def _found(self, before: object, after: object) -> None:
        if before == after:
            self._window.messages.info(tr("No page furniture was found that is not outside already."))

    def show_details(self) -> None:
        reading = self._window.labelling.reading
        if not reading:
            return
        self.dialog = DetailsDialog(reading.article, self._window)
        self.dialog.wanted.connect(
            lambda title, language, meta: self._keep(reading.article.key, title, language, meta)
        )
        self.dialog.open()

    def _keep(self, key: int, title: str, language: str, meta: dict[str, Any]) -> None:
        dialog = self.dialog
        assert dialog

        def failed(error: BaseException) -> None:
            if isinstance(error, UserError):
                dialog.failed(sentence(error))
            else:
                self._window.work.failed.emit(error)

        self._window.work.do(
            details.set_details, key, title=title, language=language, meta=meta, writing=True,
            then=lambda _: dialog.accept(), failed=failed,
        )  # fmt: skip


def _line(reading: Reading, caret: int) -> Bounds:
    """The line of the caret without its end."""
    start = reading.text.rfind("\n", 0, caret) + 1
    end = reading.text.find("\n", caret)
    return start, end if end >= 0 else len(reading.text)
