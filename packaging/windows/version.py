"""The version resource of the Windows programs, as PyInstaller reads it: python windows/version.py FILE"""

from __future__ import annotations

import sys
from pathlib import Path

import identity

_TEXT = """VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, flags=0x0, OS=0x40004, fileType=0x1, subtype=0x0, date=(0, 0)),
  kids=[
    StringFileInfo([StringTable("040904B0", [
{rows}
    ])]),
    VarFileInfo([VarStruct("Translation", [0x0409, 1200])]),
  ],
)
"""


def text() -> str:
    """Raises ValueError for a version that Windows cannot hold: it knows numbers and points only."""
    version = identity.version()
    parts = [int(part) for part in version.split(".")]
    numbers = (*parts, 0, 0, 0, 0)[:4]
    rows = {
        "CompanyName": "The Tagline maintainers",
        "FileDescription": identity.TITLE,
        "FileVersion": version,
        "InternalName": identity.NAME,
        "LegalCopyright": "The Tagline maintainers. Apache License 2.0",
        "OriginalFilename": f"{identity.NAME}.exe",
        "ProductName": identity.TITLE,
        "ProductVersion": version,
    }
    lines = "\n".join(f'      StringStruct("{name}", "{value}"),' for name, value in rows.items())
    return _TEXT.format(numbers=numbers, rows=lines)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(text(), encoding="utf-8")
