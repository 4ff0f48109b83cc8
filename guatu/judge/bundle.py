"""A bundle (复算包): scheme, facts and results of a judged month in one zip that anyone can compute again.

`manifest.json` lists every part with its SHA-256; `manifest.sha256` holds that of the manifest. The bundle's
digest is over scheme and facts alone, so that the bulletin, which is a result, can carry it.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from guatu import __version__
from guatu.documents.results import as_documents
from guatu.judge.inputs import Inputs, InputsError
from guatu.judge.month import Judged
from guatu.language import gettext as _
from guatu.language import language
from guatu.schemes.load import Scheme, SchemeError, load_scheme

BUNDLE = "guatu-bundle/1"
MANIFEST, SEAL = "manifest.json", "manifest.sha256"
LARGEST = 1 << 31
"""A bundle that claims to hold more bytes than this is not opened."""

_SCHEME_FILE = re.compile(r"scheme/((?:cases/)?[^/\\]+\.toml)")
_NAMES = ("entity", "project", "name", "class", "period", "quarter", "id")
_IDENTITY = (
    "light", "ranking", "sheet", "cut", "class", "project", "entity", "entity_kind", "term", "id", "step", "period",
    "quarter", "file", "row", "column",
)  # fmt: skip


class BundleError(ValueError):
    """A bundle that cannot be read; the message names the file inside it and what is wrong."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """Where a bundle does not hold: the part, the entity and key concerned, what is stored and what comes out.

    For a damaged part `key` is empty, `stored` its digest as listed and `recomputed` the digest of what is there.
    """

    file: str
    entity: str
    key: str
    stored: Any
    recomputed: Any

    def __str__(self) -> str:
        if not self.key:
            return _("{file}：内容与清单不符，文件被改动或损坏").format(file=self.file)
        where = "，".join(part for part in (self.file, self.entity, self.key) if part)
        return _("{where}：包内为 {stored}，复算得 {recomputed}").format(
            where=where, stored=_shown(self.stored), recomputed=_shown(self.recomputed)
        )


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying found: the head of the bundle, its digest, and every deviation (none: it holds)."""

    scheme: str
    period: str
    version: str
    digest: str
    deviations: tuple[Deviation, ...]

    @property
    def holds(self) -> bool:
        return not self.deviations

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "holds": self.holds, "deviations": [asdict(one) for one in self.deviations]}


# Writing


def bundle_digest(scheme: Scheme, inputs: Inputs) -> str:
    """The digest that names a bundle: SHA-256 over the digests of scheme and facts."""
    return _digest_of(_given_parts(scheme, inputs))


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle: its digest and the zip as bytes."""

    digest: str
    content: bytes


def bundle_of(inputs: Inputs, judged: Judged) -> Bundle:
    """The bundle of a judged month. The same month gives the same bytes."""
    given = _given_parts(judged.scheme, inputs)
    results = {f"results/{name}": _text(document) for name, document in as_documents(judged.month).items()}
    parts = {**given, **results}
    manifest = _text({
        "bundle": BUNDLE, "version": __version__, "language": language(), "scheme": judged.scheme.id,
        "scheme_name": judged.scheme.name, "period": str(inputs.period), "digest": _digest_of(given),
        "parts": {name: _sha256(parts[name]) for name in sorted(parts)},
    })  # fmt: skip
    parts |= {MANIFEST: manifest, SEAL: f"{_sha256(manifest)}\n".encode()}
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in sorted(parts):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, parts[name])
    return Bundle(_digest_of(given), stream.getvalue())


def write_bundle(path: Path, inputs: Inputs, judged: Judged) -> str:
    """Write the bundle of a judged month and return its digest.

    Raises OSError where the path cannot be written; nothing half-written stays.
    """
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    bundle = bundle_of(inputs, judged)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".guatu-", delete=False) as draft:
        try:
            draft.write(bundle.content)
            draft.close()
            os.chmod(draft.name, 0o644)
            os.replace(draft.name, path)
        except BaseException:
            os.unlink(draft.name)
            raise
    return bundle.digest


def _given_parts(scheme: Scheme, inputs: Inputs) -> dict[str, bytes]:
    parts = {f"scheme/{name}": text.encode() for name, text in scheme.files.items()}
    return parts | {f"facts/{name}.json": _text(part) for name, part in inputs.as_json().items()}


def _text(document: Any) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _digest_of(parts: Mapping[str, bytes]) -> str:
    given = [
        f"{name} {_sha256(parts[name])}\n" for name in sorted(parts) if name.startswith(("scheme/", "facts/"))
    ]
    return _sha256("".join(given).encode())


# Verifying


def verify_bundle(path: Path) -> Verified:
    """Compute everything in a bundle again from its scheme and facts, and hold it against what is stored.

    Needs neither network nor database. Raises BundleError where the bundle cannot be read at all.
    """
    parts = _opened(path)
    manifest = _json(parts, MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("bundle") != BUNDLE:
        raise BundleError(
            _("{file}：不是这个版本读得懂的复算包（应为 {bundle}）").format(file=MANIFEST, bundle=BUNDLE)
        )
    deviations = list(_damaged(parts, manifest))
    with _speaking(str(manifest.get("language", ""))):
        try:
            judged = _inputs(parts).judge(_scheme(parts))
        except Exception as error:  # whatever a changed fact or rule makes fail
            raise BundleError("\n".join([*(str(one) for one in deviations), str(error)])) from error
        recomputed = {
            f"results/{name}": _plain(document) for name, document in as_documents(judged.month).items()
        }
    for name in sorted({*recomputed, *(part for part in parts if part.startswith("results/"))}):
        if name in parts and name in recomputed:
            deviations += _unlike(name.removeprefix("results/"), _json(parts, name), recomputed[name])
    stated = {"digest": _digest_of(parts), "scheme": judged.scheme.id, "scheme_name": judged.scheme.name,
              "period": str(judged.month.period)}  # fmt: skip
    deviations += _unlike(MANIFEST, {key: manifest.get(key) for key in stated}, stated)
    return _verified(manifest, parts, deviations)


def _verified(
    manifest: Mapping[str, Any], parts: Mapping[str, bytes], deviations: Sequence[Deviation]
) -> Verified:
    return Verified(
        str(manifest.get("scheme_name", "")), str(manifest.get("period", "")), str(manifest.get("version", "")),
        _digest_of(parts), tuple(deviations),
    )  # fmt: skip


def _opened(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise BundleError(_("{file}：内容过大，不予打开").format(file=path.name))
            parts: dict[str, bytes] = {}
            for entry in entries:
                if entry.filename in parts:
                    raise BundleError(_("{file}：包内有两份").format(file=entry.filename))
                try:
                    parts[entry.filename] = archive.read(entry)
                except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
                    raise BundleError(_("{file}：已损坏，读不出来").format(file=entry.filename)) from error
            return parts
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as error:
        if isinstance(error, BundleError):
            raise
        raise BundleError(_("{file}：不是复算包，或已损坏").format(file=path.name)) from error


def _json(parts: Mapping[str, bytes], name: str) -> Any:
    if name not in parts:
        raise BundleError(_("{file}：包内没有这个文件").format(file=name))
    try:
        return json.loads(parts[name])
    except ValueError as error:
        raise BundleError(_("{file}：不是有效的 JSON，被改动或损坏").format(file=name)) from error


def _damaged(parts: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Iterator[Deviation]:
    """Parts whose content is not what the manifest says; missing and additional ones among them."""
    seal = parts.get(SEAL, b"").decode(errors="replace").strip()
    if seal != _sha256(parts[MANIFEST]):
        yield Deviation(MANIFEST, "", "", seal, _sha256(parts[MANIFEST]))
    listed = manifest.get("parts")
    listed = listed if isinstance(listed, dict) else {}
    for name in sorted({*listed, *parts} - {MANIFEST, SEAL}):
        found = _sha256(parts[name]) if name in parts else None
        if listed.get(name) != found:
            yield Deviation(name, "", "", listed.get(name), found)


def _scheme(parts: Mapping[str, bytes]) -> Scheme:
    with tempfile.TemporaryDirectory(prefix="guatu-") as work:
        folder = Path(work) / "scheme"
        for name, content in parts.items():
            if not name.startswith("scheme/"):
                continue
            match = _SCHEME_FILE.fullmatch(name)
            if match is None or ".." in name:
                raise BundleError(_("{file}：方案里不该有这个文件").format(file=name))
            target = folder / match[1]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        try:
            return load_scheme(folder)
        except SchemeError as error:
            raise BundleError(_("包内的方案不能用：{why}").format(why=error)) from error


def _inputs(parts: Mapping[str, bytes]) -> Inputs:
    names = [name for name in parts if re.fullmatch(r"facts/\w+\.json", name)]
    try:
        return Inputs.from_json({Path(name).stem: _json(parts, name) for name in names})
    except InputsError as error:
        raise BundleError(_("facts/{why}").format(why=error)) from error


@contextmanager
def _speaking(wanted: str) -> Iterator[None]:
    """The sentences of results in the language in which they were written."""
    before = os.environ.get("GUATU_LANGUAGE")
    os.environ["GUATU_LANGUAGE"] = wanted or language()
    try:
        yield
    finally:
        if before is None:
            del os.environ["GUATU_LANGUAGE"]
        else:
            os.environ["GUATU_LANGUAGE"] = before


# Comparing


def _plain(document: Any) -> Any:
    """A document as JSON reads it back."""
    return json.loads(json.dumps(document))


def _unlike(file: str, stored: Any, recomputed: Any, entity: str = "", key: str = "") -> Iterator[Deviation]:
    """Where two documents differ, down to the single value."""
    if isinstance(stored, dict) and isinstance(recomputed, dict):
        named = next(
            (str(recomputed[name]) for name in _NAMES if isinstance(recomputed.get(name), str | int)), entity
        )
        for name in dict.fromkeys((*stored, *recomputed)):
            inside = f"{key}.{name}" if key else name
            yield from _unlike(file, stored.get(name, _ABSENT), recomputed.get(name, _ABSENT), named, inside)
    elif isinstance(stored, list) and isinstance(recomputed, list):
        ones, others = _keyed(stored), _keyed(recomputed)
        for name in dict.fromkeys((*ones, *others)):
            yield from _unlike(
                file, ones.get(name, _ABSENT), others.get(name, _ABSENT), entity, f"{key}[{name}]"
            )
        if list(ones) != list(others) and set(ones) == set(others):
            yield Deviation(file, entity, key, list(ones), list(others))
    elif type(stored) is not type(recomputed) or stored != recomputed:
        yield Deviation(file, entity, key or "–", _or_none(stored), _or_none(recomputed))


class _Absent:
    """Stands for what one of the two documents does not have."""


_ABSENT = _Absent()


def _or_none(value: Any) -> Any:
    return None if value is _ABSENT else value


def _keyed(rows: list[Any]) -> dict[str, Any]:
    """The entries of a list by what identifies them; by number where that is not unique."""
    names = [
        ",".join(str(row[key]) for key in _IDENTITY if isinstance(row.get(key), str | int)) if isinstance(row, dict) else ""
        for row in rows
    ]  # fmt: skip
    unique = all(names) and len(set(names)) == len(names)
    return dict(zip(names if unique else map(str, range(len(rows))), rows, strict=True))


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "…"
