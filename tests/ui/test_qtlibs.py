"""What the machine lacks is named before Qt is imported. Nothing here needs Qt."""

from __future__ import annotations

import ctypes
import itertools
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from ui import qtlibs

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has libraries to install")
NUMBERS = itertools.count(4000)  # far from the numbers of real X servers


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A Linux machine whose loader finds nothing."""

    def no_library(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", no_library)
    return monkeypatch


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A socket's path has room for about 100 letters only."""
    with tempfile.TemporaryDirectory(dir="/tmp" if sys.platform == "linux" else None) as folder:
        yield Path(folder)


def test_a_bare_machine_lacks_everything(bare: pytest.MonkeyPatch) -> None:
    missing = qtlibs.missing_libraries("offscreen")
    assert missing["libGL.so.1"] == "libgl1"
    assert missing["libglib-2.0.so.0"] == missing["libgthread-2.0.so.0"] == "libglib2.0-0"
    assert set(missing) == {library.name for library in qtlibs.BASE}


def test_a_screen_needs_more(bare: pytest.MonkeyPatch) -> None:
    offscreen = qtlibs.missing_libraries("offscreen")
    assert set(qtlibs.missing_libraries("xcb")) - set(offscreen) == {library.name for library in qtlibs.XCB}
    assert set(qtlibs.missing_libraries("wayland")) - set(offscreen) == {lib.name for lib in qtlibs.WAYLAND}


def test_the_packages_to_ask_for(bare: pytest.MonkeyPatch) -> None:
    """As tried in bare installations of Debian 12 and 13: with these Qt starts, without any one of them it does not."""
    offscreen = ["libgl1", "libegl1", "libglib2.0-0", "libxkbcommon0", "libfontconfig1", "libdbus-1-3"]
    more = ["libxcb-cursor0", "libxkbcommon-x11-0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0"]
    packages = qtlibs.packages_for(qtlibs.missing_libraries("xcb"))
    assert [name for name in packages if name in offscreen] == offscreen
    assert [name for name in packages if name in more] == more
    assert set(packages) - set(offscreen) - set(more) == {"libzstd1", "zlib1g"}  # of every Debian


def test_what_another_package_brings_is_asked_for_when_it_alone_is_missing() -> None:
    assert qtlibs.packages_for({"libX11.so.6": "libx11-6"}) == ["libx11-6"]
    assert qtlibs.packages_for({"libX11.so.6": "libx11-6", "libGL.so.1": "libgl1"}) == ["libgl1"]


def test_explain_is_one_line_with_the_command() -> None:
    line = qtlibs.explain({"libGL.so.1": "libgl1", "libEGL.so.1": "libegl1"})
    assert line.endswith("sudo apt install libgl1 libegl1")
    assert "libGL.so.1, libEGL.so.1, which" in line
    assert "\n" not in line
    assert qtlibs.explain({}) == ""


def test_explain_counts_a_long_list(bare: pytest.MonkeyPatch) -> None:
    missing = qtlibs.missing_libraries("xcb")
    assert f" and {len(missing) - 3} more," in qtlibs.explain(missing)


def test_the_loader_has_the_last_word(bare: pytest.MonkeyPatch) -> None:
    bare.setattr(ctypes, "CDLL", lambda name: object())
    assert qtlibs.missing_libraries("xcb") == {}


@linux
def test_a_library_that_this_python_has_loaded_is_found() -> None:
    assert zlib.ZLIB_VERSION  # Python itself needs it
    assert qtlibs._loads("libc.so.6")
    assert "libz.so.1" not in qtlibs.missing_libraries("offscreen")
    assert not qtlibs._loads("libnot-there.so.9")


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_other_systems_lack_nothing(bare: pytest.MonkeyPatch, system: str) -> None:
    bare.setattr(sys, "platform", system)
    assert qtlibs.missing_libraries("xcb") == {}
    assert qtlibs.screen() == "native"


@linux
@pytest.mark.parametrize(
    "display", ["", ":", "nonsense", ":99999999", ":4999", "localhost:59000", "unix:4999.0"]
)
def test_a_display_that_does_not_answer_is_no_screen(monkeypatch: pytest.MonkeyPatch, display: str) -> None:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert qtlibs.screen() is None


@linux
@pytest.mark.parametrize("name", [":{}", ":{}.0", "unix:{}", "somewhere/unix:{}.1"])
def test_an_x_server_on_its_socket(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    number = next(NUMBERS)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", name.format(number))
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0/tmp/.X11-unix/X{number}")  # the name without a file, which X servers listen at too
        server.listen()
        assert qtlibs.screen() == "xcb"
    assert qtlibs.screen() is None


@linux
@pytest.mark.parametrize("name", ["localhost:{}", "localhost:{}.0", "[127.0.0.1]:{}", ":{}"])
def test_an_x_server_over_tcp(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("DISPLAY", name.format(server.getsockname()[1] - 6000))
        assert qtlibs.screen() == "xcb"
    assert qtlibs.screen() is None


@linux
@pytest.mark.parametrize("absolute", [False, True])
def test_wayland(monkeypatch: pytest.MonkeyPatch, short_folder: Path, absolute: bool) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "" if absolute else str(short_folder))
    monkeypatch.setenv("WAYLAND_DISPLAY", str(short_folder / "wayland-0") if absolute else "wayland-0")
    assert qtlibs.screen() is None
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(short_folder / "wayland-0"))
        server.listen()
        assert qtlibs.screen() == "wayland"
    monkeypatch.setenv("XDG_RUNTIME_DIR", "")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert qtlibs.screen() is None


@linux
@pytest.mark.outside("readelf")
@pytest.mark.parametrize(
    ("files", "table"),
    [
        ("lib/libQt6Core.so.6 lib/libQt6Gui.so.6 lib/libQt6Widgets.so.6 lib/libQt6Svg.so.6 lib/libQt6DBus.so.6 "
         "plugins/platforms/libqoffscreen.so", qtlibs.BASE),
        ("plugins/platforms/libqxcb.so lib/libQt6XcbQpa.so.6", qtlibs.BASE + qtlibs.XCB),
        ("plugins/platforms/libqwayland.so lib/libQt6WaylandClient.so.6", qtlibs.BASE + qtlibs.WAYLAND),
    ],
)  # fmt: skip
def test_the_tables_name_all_that_the_wheel_links_to(files: str, table: tuple[qtlibs.Library, ...]) -> None:
    qt = next(Path(folder, "PySide6/Qt") for folder in sys.path if Path(folder, "PySide6/Qt").is_dir())
    readelf = shutil.which("readelf") or ""
    text = subprocess.run(
        [readelf, "-d", *(qt / name for name in files.split())], capture_output=True, text=True, check=True
    ).stdout
    needed = set(re.findall(r"NEEDED.*\[(.+)\]", text))
    own = re.compile(r"libQt6|libicu|lib(c|m|dl|rt|pthread|gcc_s|stdc\+\+)\.so|ld-linux")
    assert {name for name in needed if not own.match(name)} - {lib.name for lib in table} == set()
