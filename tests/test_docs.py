"""What the documents say is true of the tree: commands, links, paths, twins."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guatu import __version__
from guatu.cli import main

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh-CN.md")
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], key=lambda path: path.relative_to(ROOT).as_posix()
)
HOW_TO = [path for path in DOCUMENTS if path.parent.name == "how-to"]
CONTRACT = "guatu/1"
"""The name of the JSON contract, which looks like a path and is none."""
TREE = ("guatu", "schemes", "tests", "elements", "benchmarks", "tools", "docs")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def prose(text: str) -> str:
    """The document without its code blocks."""
    return re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE)


def code(text: str) -> str:
    return "\n".join(re.findall(r"^ *```\w*\n(.*?)^ *```", text, flags=re.DOTALL | re.MULTILINE))


def anchors(path: Path) -> set[str]:
    """The fragments by which GitHub reaches the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", prose(path.read_text(encoding="utf-8")), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", makefile, flags=re.MULTILINE))


@pytest.mark.parametrize("document", [*READMES, "CONTRIBUTING.md"])
def test_every_make_command_of_the_front_documents_exists(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    commands = set(re.findall(r"(?:^|`)make ([a-z-]+)", text, flags=re.MULTILINE))
    assert commands, f"{document} names no command"
    assert commands <= make_targets()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    text = prose(document.read_text(encoding="utf-8"))
    for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, fragment = target.partition("#")
        reached = (document.parent / place).resolve() if place else document
        assert reached.exists(), f"{name(document)} links to {target}"
        assert not fragment or fragment in anchors(reached), f"{name(document)} links to {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_path_a_document_names_is_in_the_tree(document: Path) -> None:
    for path in re.findall(r"`([\w.-]+(?:/[\w.-]*)+)`", prose(document.read_text(encoding="utf-8"))):
        if path.split("/")[0] in TREE and path != CONTRACT:
            assert (ROOT / path).exists(), f"{name(document)} speaks of {path}"


@pytest.mark.parametrize("document", HOW_TO, ids=name)
def test_every_recipe_names_the_places_it_is_about(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert re.search(rf"`?(?:{'|'.join(TREE)})/[\w./-]*`?|`guatu [a-z]+", text), (
        "a recipe without a place or command"
    )


def test_the_two_readmes_say_the_same_in_the_same_order() -> None:
    english, chinese = (ROOT.joinpath(readme).read_text(encoding="utf-8") for readme in READMES)

    def shape(text: str) -> list[str]:
        """The levels of its headings, its lists and pictures, and the commands without their comments."""
        blocks = re.findall(r"^(#+ |\d\. |!\[.*\]\(.*\))", prose(text), flags=re.MULTILINE)
        commands = [re.sub(r"\s+#.*", "", line) for line in code(text).splitlines()]
        return [re.sub(r"\[.*\]", "", block) for block in blocks] + commands

    def links(text: str) -> list[str]:
        return [link for link in re.findall(r"\]\(([^)]+)\)", text) if link not in READMES]

    assert shape(english) == shape(chinese)
    assert links(english) == links(chinese)


def test_the_program_has_every_command_the_readme_shows() -> None:
    """The twin shows the same ones."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"^guatu ([a-z]+(?: check)?)\b", code(text), flags=re.MULTILINE))
    assert shown
    for command in sorted(shown):
        with pytest.raises(SystemExit) as ended:
            main([*command.split(), "--help"])
        assert ended.value.code == 0, f"the README shows guatu {command}"


def test_the_changelog_knows_the_version_of_the_package() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{__version__}"' in pyproject
    assert "## [Unreleased]" in text or f"## [{__version__}]" in text


def test_nothing_speaks_of_the_machine_it_was_written_on() -> None:
    suspicious = re.compile(r"/(?:work|root|home/\w+)/|(?:127\.0\.0\.1|localhost):\d+/simple")
    for path in [
        *DOCUMENTS,
        ROOT / "Makefile",
        ROOT / "pyproject.toml",
        *ROOT.glob("*.lock"),
        ROOT / ".ci" / "run",
    ]:
        assert not suspicious.search(path.read_text(encoding="utf-8")), name(path)


def test_the_map_names_every_folder_of_both_halves() -> None:
    text = (ROOT / "docs" / "where-things-live.md").read_text(encoding="utf-8")
    for half in (ROOT / "guatu", ROOT / "guatu" / "server"):
        for folder in half.iterdir():
            if (folder / "__init__.py").exists():
                assert f"`{name(folder)}/`" in text, (
                    f"where-things-live.md does not say what {name(folder)} is for"
                )


def test_every_decision_is_listed() -> None:
    decisions = ROOT / "docs" / "decisions"
    text = (decisions / "README.md").read_text(encoding="utf-8")
    for page in decisions.glob("*.md"):
        assert page.name == "README.md" or f"]({page.name})" in text, f"{name(page)} is not in the list"


def test_the_map_leads_to_every_page() -> None:
    text = (ROOT / "docs" / "where-things-live.md").read_text(encoding="utf-8")
    for page in DOCUMENTS:
        if page.parent.name in ("how-to", "reference"):
            assert f"]({page.parent.name}/{page.name})" in text, f"no way leads to {name(page)}"
