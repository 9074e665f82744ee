"""Where Python looks for garbage: in the window's thread, a little at a time, just before it waits for the next event.

Left alone it looks in the thread that happens to make the most objects, the store's, and takes down there whatever it
finds. Qt objects in it must not go in another thread than their own: Qt crashes.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QAbstractEventDispatcher, QObject

# Objects, of which 10,000 take a millisecond: so many new ones are looked at, and those that stayed of so many.
_YOUNG, _OLDER = 5_000, 25_000
_ALL = 2_000  # looks at those that stayed, before one at everything


class Garbage(QObject):
    """Looked for in this thread alone as long as this is there; what there is at the start is taken to stay."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._stayed = 0
        gc.disable()
        gc.freeze()
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher, "there is no application yet"
        dispatcher.aboutToBlock.connect(self.look)

    def look(self) -> None:
        """Look for it where enough was made since the last time."""
        young, _, looks = gc.get_count()
        if young <= _YOUNG:
            return
        self._stayed += young
        if self._stayed <= _OLDER:
            gc.collect(0)
        else:
            gc.collect(1 if looks < _ALL else 2)
            self._stayed = 0
