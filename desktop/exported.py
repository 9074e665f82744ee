"""Folders that an export made: which part of them is read back, and which files only go along with it."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

# Every format of a dataset holds the same articles: the one is read that keeps most.
_BEST = (
    "jsonl", "csv", "parquet", "huggingface", "labelstudio", "cas", "brat", "prodigy", "doccano", "spacy", "conll", "gliner",
)  # fmt: skip
SCHEME = "scheme.json"
_MANIFEST = "manifest.json"
# What programs put beside their data, Tagline among them: read by people or by the program that made it.
_PAPERS = frozenset((
    SCHEME, _MANIFEST, "receipt.json", "croissant.json", "guidelines.md", "tagline-names.json", "labeling-config.xml",
    "config.cfg", "base_config.cfg", "meta.json", "annotation.conf", "visual.conf", "tools.conf", "kb_shortcuts.conf",
    "typesystem.xml", "dataset_infos.json", "dataset_info.json", "state.json", "exportedproject.json", "event.log", "thumbs.db", "desktop.ini",
))  # fmt: skip
# The journal of a project that is open; what INCEpTION keeps for itself.
_ENDINGS = (".tagline-journal", ".ser")
_STEMS = ("readme", "license", "licence", "copying", "notice", "citation", "changelog")


def goes_along(path: Path) -> bool:
    """Whether a file lies beside articles and is none: never imported from a folder, never reported."""
    name = path.name.lower()
    return name in _PAPERS or path.stem.lower() in _STEMS or name.endswith(_ENDINGS)


def part_to_read(folder: Path) -> tuple[Path, Path | None]:
    """The folder inside `folder` that holds every article once, and the scheme that goes with it.

    `folder` is a dataset, one of its format folders, or holds nothing but a dataset, as an archive of one does; any other
    folder is read as it is.
    """
    entries = [folder, *(path for path in islice(folder.iterdir(), 2) if path.is_dir())]
    dataset = next((path for path in entries[:2] if _best(path)), None)
    part = (dataset and _best(dataset)) or folder
    return _spans_of_spacy(part), dataset / SCHEME if dataset else _scheme_above(folder)


def _best(folder: Path) -> Path | None:
    """The format folder to read of a dataset; None where `folder` is none."""
    if not (folder / SCHEME).is_file() or not ((folder / _MANIFEST).is_file() or (folder / "jsonl").is_dir()):
        return None
    return next((folder / name for name in _BEST if (folder / name).is_dir()), None)


def _scheme_above(folder: Path) -> Path | None:
    """The scheme of the dataset that a format folder was taken from."""
    above = folder.absolute().parent
    return above / SCHEME if folder.name in _BEST and _best(above) else None


def _spans_of_spacy(folder: Path) -> Path:
    # `ents` holds parts of the same spans once more, without their attributes.
    spans = folder / "spans"
    return spans if spans.is_dir() and (folder / "ents").is_dir() and any(spans.rglob("*.spacy")) else folder
