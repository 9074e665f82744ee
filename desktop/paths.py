"""Where things lie: what the program ships, and the person's own folders."""

from __future__ import annotations

import tempfile
from pathlib import Path

import platformdirs

_NAME = "Tagline"


def shipped(*parts: str) -> Path:
    """A file of the program itself: the same line in a checkout, a wheel and a frozen build."""
    return Path(__file__).parents[1].joinpath(*parts)


def release_notes() -> Path | None:
    """The changelog: in a checkout at the top, else among the resources; None where it was not brought along."""
    places = (shipped("CHANGELOG.md"), shipped("resources", "CHANGELOG.md"))
    return next((path for path in places if path.is_file()), None)


def settings_file() -> Path:
    return platformdirs.user_config_path(_NAME, appauthor=False) / "settings.json"


def places_file() -> Path:
    """Where this person was in each project."""
    return platformdirs.user_state_path(_NAME, appauthor=False) / "places.json"


def skips_file() -> Path:
    """What this person has marked as not meant in searches."""
    return platformdirs.user_state_path(_NAME, appauthor=False) / "skips.json"


def copies_folder() -> Path:
    """Private copies of projects that are open elsewhere, as long as they are looked at."""
    return platformdirs.user_state_path(_NAME, appauthor=False) / "copies"


def backups_folder() -> Path:
    """Where backups go unless the person chose another place."""
    return platformdirs.user_data_path(_NAME, appauthor=False) / "backups"


def log_folder() -> Path:
    try:
        return platformdirs.user_log_path(_NAME, appauthor=False)
    except RuntimeError:  # no home
        return Path(tempfile.gettempdir()) / _NAME


def projects_folder() -> Path:
    """Where new projects are offered to be kept: Documents/Tagline."""
    try:
        return platformdirs.user_documents_path() / _NAME
    except RuntimeError:  # no home
        return Path.cwd()
