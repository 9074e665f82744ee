"""The list of parts for machines (CycloneDX 1.6, JSON): what cyclonedx-py finds in the environment, as far as it is in the built
program, with the C libraries and the libraries of the build machine that it cannot see.

    python sbom.py WORK OUT
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import identity
import parts
from parts import Part


def make(work: Path) -> dict[str, Any]:
    """The list for the build in `work`. Raises ValueError where it breaks CycloneDX's schema."""
    inside = json.loads((work / "inside.json").read_text(encoding="utf-8"))
    found = parts.find(inside)
    bom = _of_environment(work)
    bundled = {part.purl for part in found}
    known = [component for component in bom["components"] if component.get("purl") in bundled]
    seen = {component["purl"] for component in known}
    bom["components"] = known + [_component(part) for part in found if part.purl not in seen]
    refs = {component["bom-ref"] for component in bom["components"]}
    root = {"type": "application", "bom-ref": "tagline", "name": identity.NAME, "version": identity.version(),
            "licenses": [{"license": {"id": "Apache-2.0"}}]}  # fmt: skip
    bom["metadata"]["component"] = root
    edges = [{"ref": "tagline", "dependsOn": sorted(refs)}]
    for edge in bom.get("dependencies", []):
        if edge["ref"] in refs:
            kept = sorted(refs & set(edge.get("dependsOn", [])))
            edges.append({"ref": edge["ref"], **({"dependsOn": kept} if kept else {})})
    bom["dependencies"] = edges
    _check(bom)
    return bom


def _of_environment(work: Path) -> dict[str, Any]:
    path = work / "environment.cdx.json"
    command = [
        sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--spec-version", "1.6",
        "--output-file", str(path), sys.executable,
    ]  # fmt: skip
    subprocess.run(command, check=True)
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _component(part: Part) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": part.purl,
        "name": part.name,
        "version": part.version,
        "purl": part.purl,
        "licenses": [{"license": {"name": part.licence}}]
        if part.kind == "system"
        else [{"expression": part.licence}],
    }
    if part.of:
        component["properties"] = [{"name": "tagline:inside", "value": part.of}]
    return component


def _check(bom: dict[str, Any]) -> None:
    from cyclonedx.schema import SchemaVersion  # noqa: PLC0415
    from cyclonedx.validation.json import JsonStrictValidator  # noqa: PLC0415

    problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bom))
    if problem:
        raise ValueError(f"the list of parts breaks CycloneDX: {problem}")


def main() -> None:
    work, out = map(Path, sys.argv[1:])
    name = f"{identity.NAME}-{identity.version()}-{platform.system().lower()}-{platform.machine().lower()}.cdx.json"
    (out / name).write_text(
        json.dumps(make(work), indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="\n"
    )


if __name__ == "__main__":
    main()
