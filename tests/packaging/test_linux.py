"""Menu entry, file type and description agree with the program and with each other, and their checkers have nothing to say."""

from __future__ import annotations

import configparser
import os
import re
import sqlite3
import subprocess
import sys
import xml.etree.ElementTree as Xml
from pathlib import Path

import pytest

from desktop.cli import main
from desktop.store.header import MAGIC
from desktop.store.migrate import APPLICATION_ID

ROOT = Path(__file__).parents[2]
LINUX = ROOT / "packaging" / "linux"
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


def test_one_identity_everywhere() -> None:
    import identity

    start = (ROOT / "packaging" / "start.py").read_text(encoding="utf-8")
    app = (ROOT / "ui" / "app.py").read_text(encoding="utf-8")
    assert f'APP_ID = "{identity.APP_ID}"' in start
    assert f'setDesktopFileName("{identity.APP_ID}")' in app
    for suffix in ("desktop", "metainfo.xml", "xml"):
        assert (LINUX / f"{identity.APP_ID}.{suffix}").is_file()


def test_the_menu_entry_opens_projects() -> None:
    import identity

    entry = configparser.ConfigParser(interpolation=None)
    entry.read(LINUX / f"{identity.APP_ID}.desktop", encoding="utf-8")
    values = entry["Desktop Entry"]
    assert values["Exec"] == "tagline %f"
    assert values["Icon"] == identity.APP_ID
    assert identity.MIME_TYPE in values["MimeType"].split(";")


def test_the_file_type_is_found_by_name_and_by_what_the_program_writes() -> None:
    import identity

    kind = Xml.parse(LINUX / f"{identity.APP_ID}.xml").getroot().find(f"{MIME}mime-type")
    assert kind is not None
    assert kind.get("type") == identity.MIME_TYPE
    outer = kind.find(f"{MIME}magic/{MIME}match")
    assert outer is not None
    inner = outer.find(f"{MIME}match")
    assert inner is not None
    assert (outer.get("value"), outer.get("offset")) == (MAGIC.decode().replace("\0", r"\0"), "0")
    assert (int(inner.get("value", ""), 16), inner.get("type"), inner.get("offset")) == (
        APPLICATION_ID, "big32", "68",
    )  # fmt: skip
    glob = kind.find(f"{MIME}glob")
    assert glob is not None
    assert glob.get("pattern") == f"*{identity.SUFFIX}"


def test_the_description_names_this_version() -> None:
    import identity

    release = Xml.parse(LINUX / f"{identity.APP_ID}.metainfo.xml").getroot().find("releases/release")
    assert release is not None
    assert release.get("version") == identity.version()
    assert re.search(
        rf"^## {re.escape(identity.version())}\b", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M
    )


@pytest.mark.outside("desktop-file-validate")
def test_desktop_file_validate() -> None:
    silent("desktop-file-validate", *LINUX.glob("*.desktop"))


@pytest.mark.outside("appstreamcli")
def test_appstreamcli() -> None:
    result = subprocess.run(
        ["appstreamcli", "validate", "--no-net", "--pedantic", *LINUX.glob("*.metainfo.xml")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("script", sorted(ROOT.glob("packaging/**/*.sh")), ids=lambda path: path.name)
def test_shell_scripts_can_be_read(script: Path) -> None:
    silent("sh", "-n", script)


@pytest.mark.outside("shellcheck")
@pytest.mark.parametrize("script", sorted(ROOT.glob("packaging/**/*.sh")), ids=lambda path: path.name)
def test_shellcheck(script: Path) -> None:
    silent("shellcheck", script)


@pytest.mark.outside("update-mime-database")
@pytest.mark.outside("update-desktop-database")
def test_a_folder_is_added_to_the_menu_and_taken_out_again(tmp_path: Path) -> None:
    import identity
    import wrap

    folder = tmp_path / "Programme für mich" / "tagline & co"
    folder.mkdir(parents=True)
    work = tmp_path / "work"
    (work / "icons").mkdir(parents=True)
    for edge in wrap.SIZES:
        (work / "icons" / f"{edge}.png").write_bytes(b"")
    wrap.lay_out_share(work, folder / "share")
    (folder / "add-to-menu.sh").write_bytes((LINUX / "add-to-menu.sh").read_bytes())
    home = tmp_path / "data"
    (home / "applications").mkdir(parents=True)
    (home / "applications" / "other.desktop").touch()
    run(folder, home)
    entry = home / "applications" / f"{identity.APP_ID}.desktop"
    assert f'Exec="{folder}/tagline" %f\n' in entry.read_text(encoding="utf-8")
    silent("desktop-file-validate", entry)
    run(folder, home, "--remove")
    left = [path for path in home.rglob("*") if path.is_file() and "tagline" in path.name]
    assert not left
    assert (home / "applications" / "other.desktop").exists()


def run(folder: Path, home: Path, *arguments: str) -> None:
    subprocess.run(
        ["sh", str(folder / "add-to-menu.sh"), *arguments], check=True, env={"XDG_DATA_HOME": str(home), "PATH": "/usr/bin:/bin"}
    )  # fmt: skip


def silent(*command: str | Path) -> None:
    result = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert not (result.stdout + result.stderr).strip()


DETECT = """
import sys
from PySide6.QtCore import QMimeDatabase
print(*(QMimeDatabase().mimeTypeForFile(path).name() for path in sys.argv[1:]))
"""


@pytest.mark.qt
@pytest.mark.outside("update-mime-database")
def test_a_project_is_recognised_by_its_name_and_by_what_is_in_it(tmp_path: Path) -> None:
    import identity

    packages = tmp_path / "mime" / "packages"
    packages.mkdir(parents=True)
    for source in (LINUX / f"{identity.APP_ID}.xml", Path("/usr/share/mime/packages/freedesktop.org.xml")):
        (packages / source.name).write_bytes(source.read_bytes())
    subprocess.run(["update-mime-database", str(tmp_path / "mime")], check=True)
    assert main(["new", str(tmp_path / "a.tagline")]) == 0
    (tmp_path / "without-ending").write_bytes((tmp_path / "a.tagline").read_bytes())
    (tmp_path / "empty.tagline").touch()
    sqlite3.connect(tmp_path / "other").execute("CREATE TABLE t (c)").connection.close()
    names = [str(tmp_path / name) for name in ("a.tagline", "without-ending", "empty.tagline", "other")]
    said = subprocess.run(
        [sys.executable, "-c", DETECT, *names], capture_output=True, text=True, check=True,
        env={**os.environ, "XDG_DATA_DIRS": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "none")},
    )  # fmt: skip
    ours = identity.MIME_TYPE
    assert said.stdout.split() == [ours, ours, ours, "application/vnd.sqlite3"]
