"""Which places of a search a person has marked as not meant, so that the same search leaves them out again.

Like the place where they were, this is the person's and not the project's: one file in their state folder holds the last
searches, and losing it costs nothing but those marks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pydantic import ValidationError

from desktop import paths
from desktop.model import Model
from desktop.places import Mark, keep, read

# The article's id, and the stretch.
Skip = tuple[str, int, int]
# Searches, and places of each: about a megabyte.
KEPT, MOST = 200, 1_000


class _Skipped(Model):
    project: Mark
    query: str
    places: tuple[Skip, ...] = ()


def recall(project: Mark, query: str) -> frozenset[Skip]:
    """What was marked as not meant in this search of that project."""
    return frozenset(
        place for one in _load() if one.query == query and one.project.means(project) for place in one.places
    )


def remember(project: Mark, query: str, places: Collection[Skip]) -> None:
    """Put these in place of what was marked in this search."""
    others = [one for one in _load() if one.query != query or not one.project.means(project)]
    mine = [_Skipped(project=project, query=query, places=tuple(sorted(places))[:MOST])] if places else []
    keep(paths.skips_file, [one.model_dump(mode="json") for one in [*mine, *others][:KEPT]])


def _load() -> Iterator[_Skipped]:
    for entry in read(paths.skips_file):
        try:
            yield _Skipped.model_validate(entry)
        except ValidationError:
            continue
