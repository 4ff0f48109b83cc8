#!/bin/sh
# Make dist/guatu-VERSION-bundle.tar.gz: everything that a machine without network needs, in one archive.
# The wheels are for the platform and the Python that made it; install.sh says so where they do not fit.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
version=$("$python" -c 'import guatu; print(guatu.__version__)')
name=guatu-$version-bundle
folder=dist/$name

rm -rf "$folder" "$folder.tar.gz"
mkdir -p "$folder/wheels" "$folder/fonts"
pip() { "$python" -m pip --disable-pip-version-check --quiet "$@"; }

pip wheel --no-build-isolation --no-deps --wheel-dir "$folder/wheels" .
pip wheel --no-build-isolation --require-hashes --wheel-dir "$folder/wheels" -r requirements.lock
pip wheel --require-hashes --wheel-dir "$folder/fonts" -r requirements-bundle.lock
"$python" - "$folder/fonts" <<'PY'
import sys, zipfile
from pathlib import Path

fonts = Path(sys.argv[1])
for wheel in fonts.glob("*.whl"):
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.namelist():
            if entry.endswith((".otf", ".ttf", ".ttc")) or "/licenses/" in entry and not entry.endswith("/"):
                (fonts / Path(entry).name).write_bytes(archive.read(entry))
    wheel.unlink()
PY
cp tools/bundle/install.sh tools/bundle/README.md LICENSE requirements.lock "$folder"
"$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' >"$folder/python-version"
chmod +x "$folder/install.sh"
(cd "$folder" && find wheels fonts -type f | LC_ALL=C sort | xargs sha256sum >SHA256SUMS)
tar -C dist --owner=0 --group=0 --sort=name -czf "$folder.tar.gz" "$name"
rm -rf "$folder"
ls -lh "$folder.tar.gz" | awk '{print $NF, $5}'
