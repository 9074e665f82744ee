"""The sample files of the self-test: each is read by the format it is named for, and no format of articles lacks one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop.cli import main
from desktop.formats import FORMATS


def test_every_format_has_a_sample_or_is_read_back_from_an_export(tmp_path: Path) -> None:
    import samples

    made = samples.make(tmp_path)
    assert made.keys() == {format.id for format in FORMATS if format.read and not format.write}


@pytest.mark.filterwarnings("ignore")  # those of other people's libraries
def test_the_samples_come_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import samples

    for name, path in samples.make(tmp_path).items():
        project = str(tmp_path / f"{name}.tagline")
        assert main(["new", project]) == 0
        capsys.readouterr()
        assert main(["import", project, str(path), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["articles"], found["formats"][0]["format"]) == (1, name)
