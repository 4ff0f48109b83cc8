"""The locks hold what pyproject.toml asks for, with hashes, and no address of an index."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = PROJECT["dependency-groups"]
EXTRAS = PROJECT["project"]["optional-dependencies"]
RUNNING = [*PROJECT["project"]["dependencies"], *EXTRAS["postgresql"], *EXTRAS["messages"]]
LOCKS = {
    "requirements.lock": RUNNING,
    "requirements-dev.lock": [*RUNNING, *GROUPS["dev"], *GROUPS["build"]],
    "requirements-build.lock": [*PROJECT["build-system"]["requires"], *GROUPS["build"]],
    "requirements-bundle.lock": GROUPS["bundle"],
}


def locked(name: str) -> dict[str, str]:
    """Package → version, as the lock has them."""
    text = (ROOT / name).read_text(encoding="utf-8")
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", text, flags=re.MULTILINE)
    return {canonicalize_name(package): version for package, version in pins}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_every_dependency_in_a_version_that_fits(name: str) -> None:
    pins = locked(name)
    for asked in map(Requirement, LOCKS[name]):
        version = pins.get(canonicalize_name(asked.name))
        assert version is not None, f"{name} lacks {asked.name}: make lock"
        assert asked.specifier.contains(version, prereleases=True), (
            f"{name}: {asked} is not {version}: make lock"
        )


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    for package in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in package, package.split("\n")[0]


def test_what_is_checked_is_what_runs() -> None:
    developing = locked("requirements-dev.lock")
    for name in ("requirements.lock", "requirements-build.lock"):
        for package, version in locked(name).items():
            assert developing[package] == version, f"{package} differs between the locks: make lock"
