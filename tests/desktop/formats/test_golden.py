"""Every format writes the sample of tests/strategies.py byte for byte as the golden files have it.

Of a file that is no text the golden file is a dump, as a consumer's library reads it.

After a change that is meant, `python tests/desktop/formats/test_golden.py` writes them anew; read the difference.
"""

from __future__ import annotations

import json
import runpy
import shutil
from pathlib import Path
from typing import Any

import pytest

from desktop.bundle import Bundle
from desktop.formats import find, writable
from desktop.formats import scheme as schemes
from desktop.formats.base import Plan

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "data" / "formats"
BINARY = {".spacy", ".parquet"}
PLAN = {"news/2021:07": "train", "Con": "test"}


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _dumped(path: Path) -> object:
    """What a binary file holds."""
    if path.suffix == ".parquet":
        import pyarrow.parquet

        table = pyarrow.parquet.read_table(path)
        rows = [{**row, "published": row["published"] and str(row["published"])} for row in table.to_pylist()]
        return {"schema": [str(field) for field in table.schema], "rows": rows}
    import spacy
    from spacy.tokens import DocBin

    return [
        {
            "tokens": [token.text_with_ws for token in doc],
            "spans": {key: [[s.id_, s.label_, s.start, s.end, s.text] for s in doc.spans[key]] for key in doc.spans},
            "ents": [[ent.label_, ent.start, ent.end, ent.text] for ent in doc.ents],
            "user_data": doc.user_data,
        }
        for doc in DocBin().from_disk(path).get_docs(spacy.blank("xx").vocab)
    ]  # fmt: skip


def write(name: str, folder: Path, bundle: Bundle) -> None:
    """One format's files, with its receipt beside them."""
    writer = find(name).write
    assert writer and bundle.scheme
    receipt = writer(folder, bundle, Plan(bundle.scheme, PLAN))
    # The version of the tokenizer is for the manifest, and changes with the library.
    receipt.notes.pop("tokenizer", None)
    account = {
        "format": receipt.format, "articles": receipt.articles, "spans_in": receipt.spans_in, "verified": False,
        **{name: [e.plain() for e in getattr(receipt, name)] for name in ("left_out", "changed")},
        "notes": receipt.notes | {
            name: {"left_out": [e.plain() for e in flat.left_out], "changed": [e.plain() for e in flat.changed]}
            for name, flat in receipt.flat.items()
        },
    }  # fmt: skip
    (folder / "receipt.json").write_text(dumps(account), encoding="utf-8", newline="\n")
    for path in folder.rglob("*"):
        if path.suffix in BINARY:
            dump = path.with_name(f"{path.name}.json")
            dump.write_text(dumps(_dumped(path)), encoding="utf-8", newline="\n")
            path.unlink()


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("name", [format.id for format in writable()])
def test_files_are_as_before(name: str, tricky: Bundle, tmp_path: Path) -> None:
    write(name, tmp_path, tricky)
    written, golden = files(tmp_path), files(GOLDEN / name)
    assert sorted(written) == sorted(golden)
    for path, content in golden.items():
        assert written[path].decode() == content.decode(), path


def main() -> None:
    scheme = schemes.read(ROOT / "resources" / "schemes" / "conflict-news.json")
    bundle = runpy.run_path(str(ROOT / "tests" / "strategies.py"))["tricky"](scheme)
    for format in writable():
        shutil.rmtree(GOLDEN / format.id, ignore_errors=True)
        (GOLDEN / format.id).mkdir(parents=True)
        write(format.id, GOLDEN / format.id, bundle)


if __name__ == "__main__":
    main()
