"""The icon in all sizes, made from resources/icons/app.svg: PNG files, a Windows .ico and a macOS .icns."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SVG = Path(__file__).parents[1] / "resources" / "icons" / "app.svg"
PNG = (16, 22, 24, 32, 48, 64, 128, 256, 512)
ICO = (16, 24, 32, 48, 64, 256)
# Apple's names of entries that hold PNG data, each with its edge in pixels.
ICNS = {
    b"icp4": 16, b"icp5": 32, b"icp6": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic10": 1024,
    b"ic11": 32, b"ic12": 64, b"ic13": 256, b"ic14": 512,
}  # fmt: skip


def png(edge: int) -> bytes:
    """The icon as a PNG of `edge` x `edge` pixels."""
    image = QImage(edge, edge, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        QSvgRenderer(str(SVG)).render(painter)
    finally:
        painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload]  # the stubs know paths only
        raise RuntimeError("Qt cannot write PNG")
    return bytes(data.data())


def ico() -> bytes:
    """A Windows icon: a header, a table of 16 bytes an entry (0 stands for an edge of 256), then the PNG files."""
    pictures = [(edge, png(edge)) for edge in ICO]
    table, data = b"", b""
    offset = 6 + 16 * len(pictures)
    for edge, picture in pictures:
        table += struct.pack(
            "<BBBBHHII", edge % 256, edge % 256, 0, 0, 1, 32, len(picture), offset + len(data)
        )
        data += picture
    return struct.pack("<HHH", 0, 1, len(pictures)) + table + data


def icns() -> bytes:
    """A macOS icon: entries of a name, the length with these eight bytes, and a PNG file."""
    entries = b""
    for name, edge in ICNS.items():
        picture = png(edge)
        entries += name + struct.pack(">I", len(picture) + 8) + picture
    return b"icns" + struct.pack(">I", len(entries) + 8) + entries


def make(folder: Path) -> None:
    """Write all of them to `folder`: 16.png … 512.png, tagline.ico, tagline.icns."""
    folder.mkdir(parents=True, exist_ok=True)
    for edge in PNG:
        (folder / f"{edge}.png").write_bytes(png(edge))
    (folder / "tagline.ico").write_bytes(ico())
    (folder / "tagline.icns").write_bytes(icns())


if __name__ == "__main__":
    make(Path(sys.argv[1]))
