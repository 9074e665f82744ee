"""What goes into the bundle and what does not, on all systems; icons; what is asked of a system."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "path",
    [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
        "PySide6/plugins/platforms/qwindows.dll",
        r"PySide6\plugins\platforms\qwindows.dll",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
        "PySide6/Qt/plugins/wayland-shell-integration/libxdg-shell.so",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/Qt/lib/libQt6Gui.so.6",
        "PySide6/Qt/lib/libicudata.so.73",
        "PySide6/QtGui.abi3.so",
        "libpng16.so.16",
        "libexpat.so.1",
        "libbrotlidec.so.1",
        "babel/locale-data/root.dat",
        "thinc/backends/_custom_kernels.cu",
        "spacy/cli/templates/quickstart_training.jinja",
        "justext/stoplists/English.txt",
        "docx/templates/default.docx",
        "numpy.libs/libscipy_openblas64_-56d6093b.so",
        "spacy-3.8.18.dist-info/METADATA",
        "spacy-3.8.18.dist-info/entry_points.txt",
    ],
)
def test_what_is_needed_stays(path: str) -> None:
    import contents

    assert contents.wanted(path)


@pytest.mark.parametrize(
    "path",
    [
        "numpy-2.2.6.dist-info/RECORD",  # tells the paths of the build
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6/Qt/plugins/platforms/libqvnc.so",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/tls/libqopensslbackend.so",
        "PySide6/Qt/plugins/imageformats/libqwebp.so",
        "PySide6/plugins/imageformats/qwebp.dll",
        "PySide6/plugins/tls/qschannelbackend.dll",
        "PySide6/Qt/plugins/sqldrivers/libqsqlite.so",
        "PySide6/Qt/translations/qt_help_de.qm",
        "PySide6/Qt/translations/qtbase_fi.qm",
        "PySide6/Qt/lib/libQt6Network.so.6",
        "libQt6EglFsKmsSupport.so.6",
        "libQt6EglFSDeviceIntegration.so.6",
        "PySide6/Qt6Network.dll",
        "PySide6/opengl32sw.dll",
        "PySide6/Qt/lib/QtNetwork.framework/Versions/A/QtNetwork",
        "libssl.so.3",
        "libcrypto.so.3",
        "libgtk-3.so.0",
        "libcairo.so.2",
        "babel/locale-data/de_AT.dat",
        "spacy/tokens/doc.pyx",
        "certifi/cacert.pem",
    ],
)
def test_what_is_not_is_left_out(path: str) -> None:
    import contents

    assert not contents.wanted(path)


def test_no_way_to_speak_tls_is_taken_in() -> None:
    import contents

    assert {"ssl", "_ssl", "_hashlib", "PySide6.QtNetwork"} <= set(contents.EXCLUDED)


def test_files_beside_the_modules_are_found_and_a_missing_one_stops_the_build(tmp_path: Path) -> None:
    import contents

    pairs = dict(contents.shipped(ROOT, ROOT))
    assert pairs[str(ROOT / "desktop" / "store" / "schema" / "001_start.sql")] == "desktop/store/schema"
    assert pairs[str(ROOT / "resources" / "fonts")] == "resources/fonts"
    assert not [source for source in pairs if source.endswith((".py", ".pyc"))]
    with pytest.raises(FileNotFoundError, match="guide"):
        contents.shipped(ROOT, tmp_path)


@pytest.mark.qt
def test_the_icons_of_windows_and_macos_hold_every_size() -> None:
    import icons
    from PySide6.QtGui import QImage

    data = icons.ico()
    kind, count = struct.unpack_from("<HH", data, 2)
    assert (kind, count) == (1, len(icons.ICO))
    for number, edge in enumerate(icons.ICO):
        width, _, _, _, _, bits, length, offset = struct.unpack_from("<BBBBHHII", data, 6 + 16 * number)
        image = QImage.fromData(data[offset : offset + length])
        assert (width or 256, bits, image.width(), image.height()) == (edge, 32, edge, edge)
    assert offset + length == len(data)

    data = icons.icns()
    assert data[:4] == b"icns"
    assert struct.unpack(">I", data[4:8])[0] == len(data)
    found, at = {}, 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at + 4)
        found[data[at : at + 4]] = QImage.fromData(data[at + 8 : at + length]).width()
        at += length
    assert found == icons.ICNS


@pytest.mark.qt
def test_an_icon_is_drawn_not_blank() -> None:
    import icons
    from PySide6.QtGui import QImage

    for edge in (16, 256):
        image = QImage.fromData(icons.png(edge))
        assert image.pixelColor(0, 0).alpha() == 0, "round corners"
        colours = {image.pixelColor(x, y).name() for x in range(edge) for y in range(edge)}
        assert len(colours) >= 3


@pytest.mark.outside("readelf")
def test_what_libraries_ask_of_a_system_is_read(tmp_path: Path) -> None:
    import elf
    import wrap

    shutil.copy(Path("/bin/sh").resolve(), tmp_path)
    (tmp_path / "not-elf.so").write_text("text", encoding="utf-8")
    found = elf.needs(tmp_path)
    assert "libc.so.6" in found.missing
    assert found.missing.keys() <= wrap.OF_THE_SYSTEM.keys()
    assert (2, 2) < found.glibc < (3,)


@pytest.mark.outside("strip")
@pytest.mark.outside("gcc")
def test_debug_data_is_taken_out_and_the_library_still_loads(tmp_path: Path) -> None:
    import elf

    inner = tmp_path / "_internal"
    inner.mkdir()
    (tmp_path / "a.c").write_text("int answer(void) { return 42; }\n", encoding="utf-8")
    library = inner / "liba.so"
    subprocess.run(["gcc", "-g3", "-shared", "-fPIC", "-o", str(library), str(tmp_path / "a.c")], check=True)
    before = library.stat().st_size
    assert elf.strip(tmp_path) == before - library.stat().st_size > 0
    code = f"import ctypes; print(ctypes.CDLL({str(library)!r}).answer())"
    assert (
        subprocess.run(["python3", "-c", code], capture_output=True, text=True, check=True).stdout == "42\n"
    )


def test_times_and_rights_depend_on_neither_day_nor_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import wrap

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    (tmp_path / "run").touch(0o711)
    (tmp_path / "read").touch(0o600)
    wrap.settle(tmp_path)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("run", "read")] == [0o755, 0o644]
    assert {path.stat().st_mtime for path in (*tmp_path.iterdir(), tmp_path)} == {1000000000}
