"""Windows: the folder as an installer and as a .zip, signed where there is something to sign with.

    python windows/wrap.py WORK OUT

Needs Inno Setup 6 (ISCC.exe on the path or in its usual place). Signs if WINDOWS_CERTIFICATE names a .pfx file and
WINDOWS_PASSWORD holds its password.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import identity

HERE = Path(__file__).parent
STAMP = "http://timestamp.digicert.com"


def main() -> None:
    work, out = map(Path, sys.argv[1:])
    folder = work / "dist" / identity.NAME
    sign(folder / "tagline.exe", folder / "tagline-cli.exe")
    name = f"{identity.NAME}-{identity.version()}-windows-x86_64"
    shutil.make_archive(str(out / name), "zip", folder.parent, folder.name)
    command = [compiler(), f"/DVersion={identity.version()}", f"/DFolder={folder}", f"/DOut={out}"]
    if signing():
        command += ["/DSign", f"/Ssigntool={subprocess.list2cmdline(sign_command())} $f"]
    subprocess.run([*command, str(HERE / "tagline.iss")], check=True)


def compiler() -> str:
    """Inno Setup's. Raises FileNotFoundError where it is not installed."""
    usual = Path(os.environ.get("PROGRAMFILES(X86)", ""), "Inno Setup 6", "ISCC.exe")
    found = shutil.which("ISCC") or (str(usual) if usual.exists() else None)
    if found is None:
        raise FileNotFoundError("Inno Setup 6 is not installed")
    return found


def signing() -> bool:
    return bool(os.environ.get("WINDOWS_CERTIFICATE"))


def sign_command() -> list[str]:
    certificate, password = os.environ["WINDOWS_CERTIFICATE"], os.environ["WINDOWS_PASSWORD"]
    return [
        "signtool",
        "sign",
        "/fd",
        "sha256",
        "/tr",
        STAMP,
        "/td",
        "sha256",
        "/f",
        certificate,
        "/p",
        password,
    ]


def sign(*paths: Path) -> None:
    if signing():
        subprocess.run([*sign_command(), *map(str, paths)], check=True)


if __name__ == "__main__":
    main()
