"""Libraries in other versions than those of the group `test`: each in an environment of its own, made by uv.

The tests make them from what uv has kept on this machine and ask no network; `python tests/environments.py` lets uv fetch it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache

ENVIRONMENTS = {"datasets-3.6": ("datasets==3.6.0", "tokenizers==0.23.3")}


def uv() -> str | None:
    """The program: that which runs this, or else the one in the path."""
    return os.environ.get("UV") or shutil.which("uv")


def keep_uvs_folder() -> None:
    """Let uv find what it has kept even after the user's folders are other ones."""
    if (program := uv()) and "UV_CACHE_DIR" not in os.environ:
        found = subprocess.run([program, "cache", "dir"], capture_output=True, text=True, check=False)
        os.environ["UV_CACHE_DIR"] = found.stdout.strip()


def python(name: str, *, offline: bool = True) -> list[str]:
    """The command that is Python with the libraries of an environment."""
    packages = [part for package in ENVIRONMENTS[name] for part in ("--with", package)]
    return [
        uv() or "uv", "run", "--quiet", "--isolated", "--no-project", *(["--offline"] if offline else []),
        "--python", sys.executable, *packages, "python",
    ]  # fmt: skip


@cache
def is_there(name: str, *, offline: bool = True) -> bool:
    """Whether the environment can be made."""
    command = [*python(name, offline=offline), "-c", ""]
    return bool(uv()) and not subprocess.run(command, capture_output=True, check=False).returncode


if __name__ == "__main__":
    for each in ENVIRONMENTS:
        print(
            each,
            "is there" if is_there(each, offline=False) else "cannot be made; its tests will be left out",
        )
