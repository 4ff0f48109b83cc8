"""What holds for every template of the server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template, render_to_string

SERVER = Path(__file__).resolve().parents[3] / "guatu" / "server"
TEMPLATES = sorted(SERVER.glob("*/templates/**/*.html"))


def name(path: Path) -> str:
    return path.relative_to(next(parent for parent in path.parents if parent.name == "templates")).as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_can_be_read(path: Path) -> None:
    get_template(name(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_brings_no_inline_style_or_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script, script


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_loads_nothing_from_outside(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"(src|href|action)\s*=\s*[\"'](https?:)?//", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_says_what_it_is_and_what_it_needs(path: Path) -> None:
    assert "{% comment %}" in path.read_text(encoding="utf-8")[:200]


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_words_stand_in_a_template_outside_gettext(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for pattern in (
        r"{% comment %}.*?{% endcomment %}",
        r"{% blocktranslate.*?{% endblocktranslate %}",
        r"{%.*?%}",
        r"{#.*?#}",
    ):
        text = re.sub(pattern, "", text, flags=re.DOTALL)
    assert re.findall(r"[\u4e00-\u9fff]+", text) == []


@pytest.mark.parametrize("page", ["403.html", "403_csrf.html", "404.html", "500.html"])
def test_an_error_page_says_what_happened_what_is_safe_and_what_to_do(page: str) -> None:
    said = render_to_string(page)
    assert re.search(r"<h1>[^<]{6,}</h1>", said)
    assert re.search(r"<dt>是否安全</dt><dd>[^<]{6,}</dd>", said)
    assert re.search(r"<dt>怎么办</dt><dd>[^<]{10,}</dd>", said)
