"""Where Python looks for garbage: in the window's thread, a little at a time, just before it waits for the next event.

Left alone it looks in the thread that happens to make the most objects, the store's, and takes down there whatever it
finds. Qt objects in it must not go in another thread than their own: Qt crashes.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QAbstractEventDispatcher

_YOUNG = 5_000  # objects: about a millisecond
# After so many looks at the young ones, those that stayed are looked at; after so many of these, all there are.
_OLDER, _ALL = 5, 2_000


def collect_here() -> None:
    """Do so from now on; what there is already is taken to stay. To be called in the window's thread."""
    gc.disable()
    gc.freeze()
    dispatcher = QAbstractEventDispatcher.instance()
    assert dispatcher, "there is no application yet"
    dispatcher.aboutToBlock.connect(look)


def look() -> None:
    """Collect what garbage there is, where enough was made since the last time."""
    young, older, oldest = gc.get_count()
    if young > _YOUNG:
        gc.collect(0 if older < _OLDER else 1 if oldest < _ALL else 2)
