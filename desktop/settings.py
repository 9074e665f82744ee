"""Every preference, its default and its sentence. The file keeps only what differs from the default."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from desktop.paths import backups_folder, settings_file

RECENT = 8
TABLES = 50
Width = Annotated[int, Field(ge=100, le=4000)]


def login_name() -> str:
    """The name of the person at this machine, "annotator" where the system knows none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "annotator"


class Settings(BaseModel):
    """Preferences of one person on one machine."""

    model_config = ConfigDict(extra="ignore", validate_assignment=True)

    annotator: str = Field(default="", description="The name your labels carry; empty: your login name.")
    theme: Literal["system", "light", "dark"] = Field(default="system", description="Colours of the window.")
    font_size: int = Field(default=17, ge=10, le=40, description="Size of the article text in pixels.")
    font: Literal["serif", "sans"] = Field(default="serif", description="Typeface of the article text.")
    line_length: int = Field(
        default=70, ge=40, le=120, description="Characters to a full line of the article text."
    )
    line_spacing: int = Field(
        default=180, ge=150, le=260, description="From line to line, in percent of the size of the letters."
    )
    leave_out_leading_words: bool = Field(
        default=False,
        description="Selecting leaves out a leading number or article, in the language of the text (the, der, les).",
    )
    backup_folder: str = Field(
        default="", description="Folder for backups; empty: the usual place of your system."
    )
    keys: dict[str, list[str]] = Field(
        default={}, description="Keys of actions, as far as they were changed: the action's id and its keys."
    )
    columns: dict[str, dict[str, str]] = Field(
        default={}, description="Which column is which field, for tables imported before."
    )
    first_steps: bool = Field(default=True, description="Whether the first steps are offered.")
    recent: list[str] = Field(default=[], description="Projects opened last, newest first.")
    panel_widths: tuple[Width, Width] = Field(
        default=(290, 310), description="Pixels of the list of articles and of the inspector."
    )
    hidden_panels: list[Literal["articles", "inspector"]] = Field(
        default=[], description="Panels that are not shown."
    )
    window: str = Field(default="", description="Place and size of the window, as Qt stores them.")

    @field_validator("columns", mode="before")
    @classmethod
    def _sound_columns(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        kept = {
            name: fields
            for name, fields in given.items()
            if isinstance(fields, dict) and all(isinstance(field, str) for field in fields.values())
        }
        return dict(list(kept.items())[-TABLES:])

    @field_validator("keys", mode="before")
    @classmethod
    def _sound_keys(cls, given: Any) -> Any:
        """A damaged entry costs only itself."""
        if not isinstance(given, dict):
            return given
        return {
            name: keys
            for name, keys in given.items()
            if isinstance(keys, list) and all(isinstance(key, str) for key in keys)
        }

    @property
    def name(self) -> str:
        return self.annotator.strip() or login_name()

    @property
    def backups(self) -> Path:
        """The folder that holds the backups of all projects."""
        return Path(self.backup_folder or backups_folder())

    def remember_columns(self, header: Sequence[str], fields: Mapping[str, str]) -> None:
        """What the columns of a table are, for the next one like it."""
        from desktop import columns  # noqa: PLC0415

        name = columns.signature(header)
        self.columns = {
            **{old: kept for old, kept in self.columns.items() if old != name},
            name: dict(fields),
        }

    def opened(self, path: Path) -> None:
        """Put a project on top of the recent ones."""
        here = str(path.absolute())
        self.recent = [here, *(other for other in self.recent if other != here)][:RECENT]

    def forget(self, path: Path) -> None:
        """Take a project out of the recent ones."""
        here = str(path.absolute())
        self.recent = [other for other in self.recent if other != here]


def load() -> Settings:
    """The settings as stored; a missing or damaged file, or a bad value in it, gives the default."""
    try:
        given = json.loads(settings_file().read_text(encoding="utf-8"))
    except (OSError, ValueError, RuntimeError):  # RuntimeError: nested too deeply, or a person without a home
        return Settings()
    settings = Settings()
    for name, value in given.items() if isinstance(given, dict) else ():
        if name in Settings.model_fields:
            try:
                setattr(settings, name, value)
            except ValidationError:
                continue
    return settings


def save(settings: Settings) -> None:
    """Written to a file beside and renamed. A folder that cannot be written costs the settings, not the work."""
    try:
        path = settings_file()
        beside = path.with_name(f"{path.name}.{os.getpid()}.new")
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(
            json.dumps(settings.model_dump(exclude_defaults=True), ensure_ascii=False, indent=1), "utf-8"
        )
        beside.replace(path)
    except (OSError, RuntimeError):
        return
