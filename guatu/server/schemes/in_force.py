"""The scheme in force, for whoever asks: it knows no page."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from guatu.schemes.load import Scheme, find_scheme, load_scheme, scheme_files


def scheme_in_force() -> Scheme:
    """The scheme of the settings, read anew when one of its files has changed. Raises SchemeError where they are
    wrong."""
    stats = [(str(path), path.stat()) for path in scheme_files(find_scheme(settings.GUATU_SCHEME))]
    return _read(settings.GUATU_SCHEME, tuple((name, one.st_mtime_ns, one.st_size) for name, one in stats))


@lru_cache(maxsize=4)
def _read(name: str, _files: tuple[tuple[str, int, int], ...]) -> Scheme:
    return load_scheme(name)
