"""Writes requirements/*.txt, exact versions with the hashes of their files, from the pins in pyproject.toml. Needs uv.

python3 packaging/lock.py
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
HEAD = "# Written by packaging/lock.py from the pins in pyproject.toml: do not edit.\n"
GROUPS = {"run.txt": ("--no-default-groups",), "build.txt": ("--only-group", "package")}


def export(*groups: str) -> str:
    """One file: names, versions and hashes, and nothing of the place they were fetched from."""
    command = [
        sys.executable, "-m", "uv", "export", "--quiet", "--no-header", "--no-annotate", "--no-emit-project",
        "--format", "requirements-txt", *groups,
    ]  # fmt: skip
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    if strange := [line for line in said.splitlines() if not re.match(r"[a-z0-9]|    --hash=sha256:", line)]:
        raise ValueError(f"a line that is neither a version nor a hash: {strange[0]}")
    return HEAD + said


def main() -> None:
    for name, groups in GROUPS.items():
        (ROOT / "packaging" / "requirements" / name).write_text(
            export(*groups), encoding="utf-8", newline="\n"
        )


if __name__ == "__main__":
    main()
