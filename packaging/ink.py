"""Whether a picture of the window shows real letters: where no font is found Qt draws the same empty box for each of them.

python ink.py PICTURE…
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage

# A page of text has hundreds of letters in dozens of shapes. A box comes in a few widths and positions between pixels only.
LETTERS, SHAPES, SHARE = 150, 40, 0.2
_CONTRAST = 60  # of 255: what is further from its surroundings is ink
_TILE = 180  # pixels
_TALLEST = 40  # pixels; lines of text are lower than pictures, rules and frames


@dataclass(frozen=True)
class Ink:
    """`letters`: connected marks in lines of text; `shapes`: how many of them differ."""

    letters: int
    shapes: int

    @property
    def real(self) -> bool:
        return self.letters >= LETTERS and self.shapes >= max(SHAPES, SHARE * self.letters)


def measure(path: Path) -> Ink:
    """Count letters and their shapes. Raises ValueError for what is no picture."""
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_Grayscale8)
    if image.isNull():
        raise ValueError(f"{path} is no picture")
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return of_pixels(rows[:, : image.width()].astype(np.int16))


def of_pixels(grey: np.ndarray) -> Ink:
    """`grey`: rows of values from 0 to 255."""
    letters, shapes = 0, set()
    for line in _lines(grey):
        for mark in _marks(line):
            letters += 1
            shapes.add((mark.shape, np.packbits(mark).tobytes()))
    return Ink(letters, len(shapes))


def _lines(grey: np.ndarray) -> list[np.ndarray]:
    """Strips of ink, one for each line of text in a tile of the picture: panels side by side share neither lines nor ground."""
    found = []
    for top in range(0, grey.shape[0], _TILE):
        for left in range(0, grey.shape[1], _TILE):
            tile = grey[top : top + _TILE, left : left + _TILE]
            ink = np.abs(tile - np.median(tile)) > _CONTRAST
            found += [ink[start:end] for start, end in _runs(ink.any(axis=1)) if 5 <= end - start <= _TALLEST]
    return found


def _marks(line: np.ndarray) -> list[np.ndarray]:
    """What stands between two blank columns, cut to its ink."""
    found = []
    for start, end in _runs(line.any(axis=0)):
        mark = line[:, start:end]
        inked = np.flatnonzero(mark.any(axis=1))
        mark = mark[inked[0] : inked[-1] + 1]
        if mark.shape[0] >= 4 and 2 <= mark.shape[1] <= 40:
            found.append(mark)
    return found


def _runs(flags: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


if __name__ == "__main__":
    measured = {name: measure(Path(name)) for name in sys.argv[1:]}
    for name, ink in measured.items():
        print(
            f"{'ok    ' if ink.real else 'BOXES?'} {ink.letters:5} letters in {ink.shapes:4} shapes  {name}"
        )
    sys.exit(not all(ink.real for ink in measured.values()))
