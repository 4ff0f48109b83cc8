"""Keep the translations complete: collect the messages, merge them into the catalogues, compile, check.

    python tools/translations.py update    new messages into every catalogue, gone ones out
    python tools/translations.py compile   .po → .mo
    python tools/translations.py check     exit 1 when a message is missing, untranslated or not compiled

Two domains, because the half that decides has no Django: `guatu` (everything outside guatu/server) and
`django` (guatu/server with its templates). The source language is Simplified Chinese and needs no catalogue.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("en",)
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


@dataclass(frozen=True)
class Domain:
    """One catalogue per language: its name, the folder it stands in, the files whose messages it holds."""

    name: str
    folder: Path
    files: tuple[Path, ...]

    def po(self, language: str) -> Path:
        return self.folder / language / "LC_MESSAGES" / f"{self.name}.po"

    def mo(self, language: str) -> Path:
        return self.po(language).with_suffix(".mo")


def domains() -> tuple[Domain, ...]:
    server = ROOT / "guatu" / "server"
    python = sorted((ROOT / "guatu").rglob("*.py"))
    templates = sorted(path for path in server.rglob("templates/**/*") if path.is_file())
    return (
        Domain("guatu", ROOT / "guatu" / "locale", tuple(p for p in python if server not in p.parents)),
        Domain(
            "django",
            server / "locale",
            tuple(p for p in python if server in p.parents) + tuple(templates),
        ),
    )


def python_source(path: Path) -> str:
    """What Babel reads: a Python file as it is, a template with its tags turned into calls.

    A template's text is arbitrary, so the calls that Django finds in it are set apart from each other.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    calls = re.finditer(
        r"\b(?:gettext|pgettext|ngettext|npgettext|_)\((?:\s*u?(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')\s*,?|\s*count)+\)",
        templatize(text),
    )
    return "\n".join(call[0] for call in calls)


def messages(domain: Domain) -> Iterator[tuple[str, Message]]:
    """Every message of the domain with the file it stands in."""
    for path in domain.files:
        source = io.BytesIO(python_source(path).encode())
        origin = path.relative_to(ROOT).as_posix()
        for _line, found, _comments, context in extract("python", source, KEYWORDS):
            yield origin, Message(found, context=context)


def template_catalogue(domain: Domain) -> Catalog:
    catalogue = Catalog(project="guatu", charset="utf-8")
    for origin, message in messages(domain):
        catalogue.add(message.id, locations=[(origin, 0)], context=message.context)
    return catalogue


def read(path: Path, language: str, domain: str) -> Catalog:
    """The catalogue at `path`, empty where there is none. It carries no day: git knows it better."""
    catalogue = Catalog(locale=language, domain=domain, charset="utf-8")
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language, domain=domain)
    catalogue.header_comment = "# Translations of Guatu (挂图)."
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    return catalogue


def write(path: Path, catalogue: Catalog) -> None:
    """Write the catalogue in the order of its messages, without the headers that nobody keeps true."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, include_lineno=False, sort_output=True)
    kept = re.compile(r'"(?!Project-Id|Report-|POT-|PO-|Last-|Language-Team|Generated-)')
    lines = buffer.getvalue().decode().split("\n")
    header = lines.index("")
    head = [line for line in lines[:header] if not line.startswith('"') or kept.match(line)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(head + lines[header:]), encoding="utf-8")


def update() -> None:
    for domain in domains():
        template = template_catalogue(domain)
        for language in LANGUAGES:
            path = domain.po(language)
            catalogue = read(path, language, domain.name)
            catalogue.update(template, no_fuzzy_matching=True)
            catalogue.obsolete.clear()
            catalogue.fuzzy = False
            write(path, catalogue)
            left = len(untranslated(catalogue))
            print(f"{path.relative_to(ROOT)}: {len(catalogue)} messages, {left} to translate")


def compile_catalogues() -> None:
    for domain in domains():
        for language in LANGUAGES:
            catalogue = read(domain.po(language), language, domain.name)
            with domain.mo(language).open("wb") as file:
                write_mo(file, catalogue)


def untranslated(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id and not all(translated(message))]


def translated(message: Message) -> tuple[str, ...]:
    """The translation in each of its plural forms; "" where there is none."""
    string = message.string
    return (string,) if isinstance(string, str) else tuple(string or ("",))


def text(message: Message) -> str:
    """The sentence itself, in the singular."""
    return str(message.id if isinstance(message.id, str) else message.id[0])


def placeholders(message: str) -> set[tuple[str, str]]:
    """The names that a sentence fills in: {county}, %(count)s."""
    return set(re.findall(r"\{(\w*)[^{}]*\}|%\((\w+)\)", message))


def complaints() -> Iterator[str]:
    """What keeps a reader of another language from a whole sentence, each with its cure."""
    for domain in domains():
        template = template_catalogue(domain)
        for language in LANGUAGES:
            path = domain.po(language)
            name = path.relative_to(ROOT)
            catalogue = read(path, language, domain.name)
            for message in template:
                if message.id and catalogue.get(message.id, context=message.context) is None:
                    where = message.locations[0][0] if message.locations else ""
                    yield f"{name}: missing: {text(message)!r} ({where}); run `make translations`"
            for message in untranslated(catalogue):
                yield f"{name}: not translated: {text(message)!r}"
            for message in catalogue:
                if message.id and template.get(message.id, context=message.context) is None:
                    yield f"{name}: no longer used: {text(message)!r}; run `make translations`"
                for error in message.check(catalogue):
                    yield f"{name}: {text(message)!r}: {error}"
                for string in filter(None, translated(message)):
                    if placeholders(string) != placeholders(text(message)):
                        yield f"{name}: other names to fill in than the source: {text(message)!r}"
            yield from stale(domain, language, catalogue)


def stale(domain: Domain, language: str, catalogue: Catalog) -> Iterator[str]:
    path = domain.mo(language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    if not path.exists() or path.read_bytes() != compiled.getvalue():
        yield f"{path.relative_to(ROOT)}: not compiled from its .po; run `make translations`"


def check() -> int:
    found = list(complaints())
    print("\n".join(found) or "translations: complete and compiled")
    return 1 if found else 0


def main() -> int:
    settings.configure(USE_I18N=False)
    match sys.argv[1:]:
        case ["update"]:
            update()
        case ["compile"]:
            compile_catalogues()
        case ["check"]:
            return check()
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
