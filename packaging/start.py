"""The first lines of the built program: `tagline`, the window, and `tagline-cli`, the same for scripts and with a console on Windows."""

from __future__ import annotations

import os
import sys
from pathlib import Path

APP_ID = "org.tagline.tagline"  # as in identity.py, which is not part of the built program


def main() -> int:
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415

        # One entry in the taskbar, with our icon.
        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(APP_ID)
    for stream in ("stdout", "stderr"):
        if getattr(sys, stream) is None:  # a Windows program without a console
            setattr(sys, stream, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  (as long as the program)
    from ui.__main__ import main as run  # noqa: PLC0415

    alone = len(sys.argv) == 1 and Path(sys.argv[0]).stem == "tagline-cli"
    return run(["--help"] if alone else None)


if __name__ == "__main__":
    sys.exit(main())
