"""Preferences: kept as far as they differ, and never in the way of the work."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop import paths, settings


@pytest.fixture(autouse=True)
def file() -> Iterator[Path]:
    path = paths.settings_file()
    yield path
    path.unlink(missing_ok=True)


def write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def test_what_is_saved_comes_back(file: Path) -> None:
    kept = settings.Settings(annotator="ب 🚀", theme="dark")
    settings.save(kept)
    assert settings.load() == kept
    assert "font_size" not in file.read_text("utf-8"), "defaults are not written"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("content", ["", "{", "[]", "7", b"\xff\xfe\x00", '{"theme": ' + "[" * 100_000])
def test_a_damaged_file_gives_the_defaults(file: Path, content: str | bytes) -> None:
    write(file, content)
    assert settings.load() == settings.Settings()


def test_a_bad_value_costs_only_itself(file: Path) -> None:
    write(file, '{"theme": "pink", "font_size": 999, "annotator": "قال", "from the future": 1}')
    assert settings.load() == settings.Settings(annotator="قال")


def test_no_file_gives_the_defaults() -> None:
    assert settings.load() == settings.Settings()


def test_a_folder_that_cannot_be_written_costs_only_the_settings(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    blocked = file.parent / "a file"
    blocked.write_text("")
    monkeypatch.setattr(settings, "settings_file", lambda: blocked / "settings.json")
    settings.save(settings.Settings(theme="dark"))
    assert settings.load() == settings.Settings()
    blocked.unlink()


def test_recent_projects_are_few_and_each_is_there_once(tmp_path: Path) -> None:
    found = settings.Settings()
    for number in [*range(12), 7]:
        found.opened(tmp_path / f"{number} 🚀.tagline")
    assert len(found.recent) == settings.RECENT
    assert [Path(path).name[0] for path in found.recent[:3]] == ["7", "1", "1"]


def test_without_a_name_the_login_name_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.Settings(annotator=" A ").name == "A"
    monkeypatch.setattr(getpass, "getuser", lambda: "me")
    assert settings.Settings(annotator="  ").name == "me"

    def unknown() -> str:
        raise KeyError

    monkeypatch.setattr(getpass, "getuser", unknown)
    assert settings.Settings().name == "annotator"


def test_a_person_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> Path:
        raise RuntimeError("could not determine the home directory")

    monkeypatch.setattr(settings, "settings_file", none)
    settings.save(settings.Settings(theme="dark"))
    assert settings.load() == settings.Settings()
