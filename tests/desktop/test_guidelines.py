from __future__ import annotations

from pathlib import Path

import pytest

from desktop import guidelines
from desktop import projects as core
from desktop.errors import UserError
from desktop.store import queries

TEXT = "# Guidelines\n\n## Actor\n\nWho acts: café, “قال”, 👩‍👩‍👧, no\u00a0break.\n"


def test_a_text_in_any_encoding_is_read(tmp_path: Path) -> None:
    for number, data in enumerate(
        (TEXT.encode(), b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode(), TEXT.encode("utf-16"))
    ):
        path = tmp_path / f"{number}.md"
        path.write_bytes(data)
        assert guidelines.read(path) == TEXT


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.4 and so on", "PDF"),
        (b"x" * (guidelines.MOST_BYTES + 1), "longer than a megabyte"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
    ],
)
def test_what_is_no_guidelines_is_refused_with_its_name(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "g.md"
    path.write_bytes(data)
    with pytest.raises(UserError, match=said) as caught:
        guidelines.read(path)
    assert caught.value.file == str(path)
    assert caught.value.hint


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        guidelines.read(tmp_path / "none.md")


def test_other_guidelines_are_one_step_and_the_same_are_none(tmp_path: Path) -> None:
    session = core.create(tmp_path / "p.tagline", "ana")
    before = queries.guidelines(session.store)
    guidelines.set_guidelines(session, TEXT, "Load guidelines: g.md")
    guidelines.set_guidelines(session, TEXT, "again")
    assert queries.guidelines(session.store) == TEXT
    assert next(step.title for step in queries.history(session.store)) == "Load guidelines: g.md"
    session.undo()
    assert queries.guidelines(session.store) == before
    session.store.close()
