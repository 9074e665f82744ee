"""What is inside, under which licence: every part has a name, a version, a licence and its text."""

from __future__ import annotations

import email.message
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pydantic
import pytest

pytestmark = pytest.mark.qt  # Qt is asked for its version


def test_files_of_a_package_make_it_a_part_with_its_licence() -> None:
    import parts

    found = {part.name: part for part in parts.find([("pydantic/main.pyc", str(Path(pydantic.__file__)))])}
    assert found["pydantic"].version == metadata.version("pydantic")
    assert found["pydantic"].licence == "MIT"
    assert found["pydantic"].purl == f"pkg:pypi/pydantic@{found['pydantic'].version}"
    assert "Permission is hereby granted" in found["pydantic"].texts[0].read_text(encoding="utf-8")
    assert "PSF-2.0" in found["CPython"].licence
    assert found["CPython"].texts, "Python's licence was not found"
    assert "regex" not in found, "nothing of it is inside"


def test_qt_and_the_libraries_in_its_wheel_are_named() -> None:
    import parts
    import PySide6

    inside = [(path.name, str(path)) for path in Path(PySide6.__path__[0]).glob("QtCore.*")]
    found = {part.name: part for part in parts.find(inside)}
    assert found["pyside6-essentials"].licence == found["Qt"].licence == "LGPL-3.0-only"
    assert found["Qt"].of == "pyside6-essentials"
    assert int(found["ICU"].version.split(".")[0]) > 60


def test_the_list_for_people_and_all_texts_are_written(tmp_path: Path) -> None:
    import parts
    import PySide6

    inside = [
        ("a", str(Path(pydantic.__file__))),
        ("b", str(next(Path(PySide6.__path__[0]).glob("QtCore.*")))),
    ]
    found = parts.find(inside)
    (tmp_path / "licences").mkdir()
    (tmp_path / "licences" / "left-over.txt").touch()
    parts.write_licences(found, tmp_path / "licences")
    names = {
        path.relative_to(tmp_path / "licences").as_posix() for path in (tmp_path / "licences").rglob("*.txt")
    }
    assert names >= {
        "LGPL-3.0.txt",
        "GPL-3.0.txt",
        "Qt.txt",
        "Apache-2.0.txt",
        "parts.txt",
        "pydantic/LICENSE.txt",
    }
    assert "left-over.txt" not in names
    listed = (tmp_path / "licences" / "parts.txt").read_text(encoding="utf-8")
    for part in found:
        assert f"{part.name} {part.version}" in listed
    parts.write_copyright(found, tmp_path / "copyright")
    assert "License: Apache-2.0" in (tmp_path / "copyright").read_text(encoding="utf-8")


def test_the_notice_on_qt_says_where_its_sources_are() -> None:
    import parts

    text = (parts.HERE / "licences" / "Qt.txt").read_text(encoding="utf-8")
    for said in ("LGPL-3.0.txt", "https://download.qt.io/", "dynamically", "put a version of your own"):
        assert said in text
    for name in ("LGPL-3.0.txt", "GPL-3.0.txt"):
        assert "GNU" in (parts.HERE / "licences" / name).read_text(encoding="utf-8")[:200]


def distribution(name: str, *files: str, **fields: str) -> Any:
    about = email.message.Message()
    for key, value in fields.items():
        about[key.replace("_", "-")] = value
    return SimpleNamespace(
        name=name, version="1", metadata=about, files=list(map(Path, files)), locate_file=Path
    )


def test_a_package_of_unknown_licence_stops_the_build() -> None:
    import parts

    with pytest.raises(ValueError, match="the licence of odd is not clear"):
        parts._python_part(distribution("odd", "odd-1.dist-info/LICENSE", License="ask me"))


def test_a_package_without_its_text_stops_the_build() -> None:
    import parts

    with pytest.raises(ValueError, match="odd brings no licence text"):
        parts._python_part(distribution("odd", "odd/__init__.py", License="MIT"))


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        ({"License_Expression": "MIT AND 0BSD"}, "MIT AND 0BSD"),
        ({"License": "BSD-2-Clause"}, "BSD-2-Clause"),
        ({"License": "The MIT License", "Classifier": "License :: OSI Approved :: MIT License"}, "MIT"),
    ],
)
def test_licences_are_read_from_what_metadata_says(fields: dict[str, str], licence: str) -> None:
    import parts

    assert parts._python_part(distribution("x", "x-1.dist-info/COPYING", **fields)).licence == licence
