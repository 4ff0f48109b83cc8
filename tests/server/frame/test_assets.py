"""The addresses of built assets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from guatu.server.frame.assets import asset_path
from hatch_build import BUILT, is_built, sources_digest


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "manifest.json"
    entry = {"file": "frame-Ab12Cd34.js", "name": "frame", "isEntry": True, "css": ["frame-Xy98.css"]}
    chunk = {"file": "shared-11.js", "name": "shared"}
    path.write_text(json.dumps({"src/frame.ts": entry, "_shared.js": chunk}), encoding="utf-8")
    return path


def test_an_entry_and_its_style_sheet_are_found_by_name(manifest: Path) -> None:
    assert asset_path("frame.js", manifest) == "built/frame-Ab12Cd34.js"
    assert asset_path("frame.css", manifest) == "built/frame-Xy98.css"


def test_an_unknown_asset_is_an_error_that_names_the_known_ones(manifest: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"shared\.js.*frame\.css、frame\.js"):
        asset_path("shared.js", manifest)


def test_a_front_end_that_was_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"hatch_build\.py"):
        asset_path("frame.js", tmp_path / "manifest.json")


def test_a_new_build_is_seen_without_a_restart(manifest: Path) -> None:
    asset_path("frame.js", manifest)
    manifest.write_text(manifest.read_text().replace("Ab12Cd34", "Ef56Gh78"), encoding="utf-8")
    import os

    os.utime(manifest, ns=(1, 1))
    assert asset_path("frame.js", manifest) == "built/frame-Ef56Gh78.js"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    sources = tmp_path / "elements" / "src"
    sources.mkdir(parents=True)
    (sources / "frame.ts").write_text("one")
    for name in ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts"):
        (tmp_path / "elements" / name).write_text("{}")
    built = tmp_path / BUILT
    built.mkdir(parents=True)
    (built / "manifest.json").write_text("{}")
    (built / "sources.sha256").write_text(sources_digest(tmp_path / "elements"))
    return tmp_path


def test_what_was_built_from_these_sources_is_not_built_again(tree: Path) -> None:
    assert is_built(tree)


def test_a_changed_source_asks_for_a_build(tree: Path) -> None:
    (tree / "elements" / "src" / "frame.ts").write_text("two")
    assert not is_built(tree)


def test_a_changed_test_does_not(tree: Path) -> None:
    (tree / "elements" / "src" / "frame.test.ts").write_text("a test")
    assert is_built(tree)


def test_a_source_archive_without_the_browser_side_is_taken_as_built(tree: Path) -> None:
    (tree / "elements").rename(tree / "gone")
    assert is_built(tree)
