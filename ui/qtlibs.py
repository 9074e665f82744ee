"""What the window needs from the machine, asked before Qt is imported.

Importing PySide6 without the libraries it links to is an ImportError nobody can act on, and starting Qt without a screen
ends the process. So this file imports no Qt: it looks, and says in one line what to install.
"""

from __future__ import annotations

import ctypes
import os
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

Screen = Literal["xcb", "wayland", "native"]


class Library(NamedTuple):
    name: str  # as the dynamic loader asks for it
    package: str  # that holds it in Debian and Ubuntu
    comes_with: str = ""  # a package of this table that always brings `package` along


# The NEEDED entries of PySide6-Essentials 6.11, without Qt's own and the C library's. `libglib2.0-0` is also what Debian 13 and
# Ubuntu 24.04 understand: their libglib2.0-0t64 provides it.
BASE = (
    Library("libGL.so.1", "libgl1"),
    Library("libEGL.so.1", "libegl1"),
    Library("libglib-2.0.so.0", "libglib2.0-0"),
    Library("libgthread-2.0.so.0", "libglib2.0-0"),
    Library("libxkbcommon.so.0", "libxkbcommon0"),
    Library("libfontconfig.so.1", "libfontconfig1"),
    Library("libfreetype.so.6", "libfreetype6", "libfontconfig1"),
    Library("libdbus-1.so.3", "libdbus-1-3"),
    Library("libX11.so.6", "libx11-6", "libgl1"),
    Library("libzstd.so.1", "libzstd1"),
    Library("libz.so.1", "zlib1g"),
)
XCB = (
    Library("libxcb-cursor.so.0", "libxcb-cursor0"),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    Library("libxcb-shape.so.0", "libxcb-shape0"),
    Library("libxcb-xkb.so.1", "libxcb-xkb1", "libxkbcommon-x11-0"),
    Library("libxcb-image.so.0", "libxcb-image0", "libxcb-cursor0"),
    Library("libxcb-util.so.1", "libxcb-util1", "libxcb-cursor0"),
    Library("libxcb-render.so.0", "libxcb-render0", "libxcb-cursor0"),
    Library("libxcb-render-util.so.0", "libxcb-render-util0", "libxcb-cursor0"),
    Library("libxcb-shm.so.0", "libxcb-shm0", "libxcb-cursor0"),
    Library("libxcb-randr.so.0", "libxcb-randr0", "libgl1"),
    Library("libxcb-sync.so.1", "libxcb-sync1", "libgl1"),
    Library("libxcb-xfixes.so.0", "libxcb-xfixes0", "libgl1"),
    Library("libX11-xcb.so.1", "libx11-xcb1", "libgl1"),
    Library("libxcb.so.1", "libxcb1", "libgl1"),
)
WAYLAND = (
    Library("libwayland-client.so.0", "libwayland-client0", "libegl1"),
    Library("libwayland-cursor.so.0", "libwayland-cursor0"),
)
PLATFORMS: Mapping[str, tuple[Library, ...]] = {"xcb": BASE + XCB, "wayland": BASE + WAYLAND}

SECONDS_TO_ANSWER = 0.5


def missing_libraries(platform: str) -> dict[str, str]:
    """The libraries that Qt needs for `platform` and this machine lacks, each with the Debian package that holds it."""
    if sys.platform != "linux":
        return {}
    needed = PLATFORMS.get(platform, BASE)
    return {lib.name: lib.package for lib in needed if not _loads(lib.name)}


def explain(missing: Mapping[str, str]) -> str:
    """One line that names the packages to install; empty when nothing is missing."""
    if not missing:
        return ""
    first, rest = list(missing)[:3], len(missing) - 3
    names = ", ".join(first) + (f" and {rest} more" if rest > 0 else "")
    return f"Qt needs {names}, which this system lacks: sudo apt install {' '.join(packages_for(missing))}"


def packages_for(missing: Mapping[str, str]) -> list[str]:
    """The packages to ask for: those that another one of them brings along are left out."""
    wanted = set(missing.values())
    brought = {lib.package for lib in BASE + XCB + WAYLAND if lib.comes_with in wanted}
    return [package for package in dict.fromkeys(missing.values()) if package not in brought]


def screen() -> Screen | None:
    """The platform plugin for the screen that answers, in the order in which Qt prefers them; None without a screen."""
    if sys.platform != "linux":
        return "native"
    if _wayland_answers(os.environ.get("WAYLAND_DISPLAY", "")):
        return "wayland"
    return "xcb" if _x_answers(os.environ.get("DISPLAY", "")) else None


def _loads(name: str) -> bool:
    """Asks the loader itself, which looks everywhere. What it loads Qt loads anyway."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _wayland_answers(display: str) -> bool:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if not display or not (runtime or display.startswith("/")):
        return False
    return _answers(str(Path(runtime, display)))


def _x_answers(display: str) -> bool:
    """Whether an X server listens at a name such as `:0`, `unix:1.0`, `far:10.0` or `[::1]:0`."""
    name = re.fullmatch(r"(?:\w+/)?(?P<host>.*?):(?P<number>\d+)(?:\.\d+)?", display)
    if name is None:
        return False
    host, number = name["host"].strip("[]"), int(name["number"])
    if host not in ("", "unix"):
        return _answers((host, 6000 + number))
    path = f"/tmp/.X11-unix/X{number}"
    return _answers(path) or _answers("\0" + path) or _answers(("localhost", 6000 + number))


def _answers(address: str | tuple[str, int]) -> bool:
    """Connects to a socket file, or to a host and port, and hangs up."""
    if sys.platform == "win32":
        return False
    try:
        if not isinstance(address, str):
            socket.create_connection(address, SECONDS_TO_ANSWER).close()
            return True
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(SECONDS_TO_ANSWER)
            connection.connect(address)
    except (OSError, ValueError, OverflowError):
        return False
    return True
