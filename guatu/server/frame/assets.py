"""Where a built asset lies: the names of the front build carry the digest of their content."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

MANIFEST = Path(__file__).parent / "static" / "built" / "manifest.json"


@lru_cache(maxsize=2)
def _files(manifest: Path, changed: int) -> dict[str, str]:
    entries = json.loads(manifest.read_text(encoding="utf-8"))
    files: dict[str, str] = {}
    for entry in entries.values():
        if entry.get("isEntry"):
            files[f"{entry['name']}.js"] = f"built/{entry['file']}"
            for style in entry.get("css", ()):
                files[f"{entry['name']}.css"] = f"built/{style}"
    return files


def asset_path(name: str, manifest: Path = MANIFEST) -> str:
    """The path under STATIC_URL of `frame.js`, `frame.css` or `charts.js`.

    Raises ImproperlyConfigured when the front end was not built or knows no such entry. One `stat` a call.
    """
    try:
        files = _files(manifest, manifest.stat().st_mtime_ns)
    except FileNotFoundError as error:
        raise ImproperlyConfigured("页面样式尚未生成：请在项目目录运行 python hatch_build.py") from error
    try:
        return files[name]
    except KeyError as error:
        known = "、".join(sorted(files))
        raise ImproperlyConfigured(f"页面样式中没有“{name}”，只有 {known}") from error
