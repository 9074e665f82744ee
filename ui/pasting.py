"""What is pasted or dropped, as paths that an import reads: files and folders as they are, text and pages put into a file."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path

from PySide6.QtCore import QMimeData

from ui.words import later, tr

_NAME = later("Pasted text")
_PAGE = "<html><body><article>{html}</article></body></html>"


class Pasted:
    """The files of one paste; those made for it are gone when nothing holds it any more."""

    def __init__(self, paths: list[Path], folder: str = "") -> None:
        self.paths = paths
        if folder:
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)


def readable(mime: QMimeData) -> bool:
    """Whether there is anything in it that could be an article."""
    return mime.hasUrls() or mime.hasText() or mime.hasHtml()


def taken(mime: QMimeData) -> Pasted:
    """The files in it; else its text, else its page, in a file of its own. Nothing where it holds neither."""
    files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if files:
        return Pasted(files)
    text, html = mime.text(), mime.html()
    # What a browser gives as text is what the person saw and selected; its page is made of styles.
    if text.strip():
        return _written(text, "txt")
    if html.strip():
        return _written(html if "<html" in html[:1000].lower() else _PAGE.format(html=html), "html")
    return Pasted([])


def _written(content: str, ending: str) -> Pasted:
    folder = tempfile.mkdtemp(prefix="tagline-")
    path = Path(folder, f"{tr(_NAME)}.{ending}")
    # Half a character is kept, so that the import can name it and where it stands.
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    return Pasted([path], folder)
