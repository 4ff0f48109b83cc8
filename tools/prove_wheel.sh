#!/bin/sh
# Prove the wheel: built, installed in an empty environment outside the tree, it loads the demonstration city.
set -eu
cd "$(dirname "$0")/.."
root=$(pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

.venv/bin/python -m pip --disable-pip-version-check --quiet wheel --no-build-isolation --no-deps --wheel-dir "$place" .
.venv/bin/python - "$place"/guatu-*.whl <<'PY'
import sys, zipfile

names = zipfile.ZipFile(sys.argv[1]).namelist()
needed = {
    "templates": lambda n: n.startswith("guatu/server/") and "/templates/" in n and n.endswith(".html"),
    "built assets": lambda n: n == "guatu/server/frame/static/built/manifest.json",
    "scripts": lambda n: n.startswith("guatu/server/frame/static/built/") and n.endswith(".js"),
    "translations": lambda n: n.startswith("guatu/locale/") and n.endswith(".mo"),
    "translations of pages": lambda n: n.startswith("guatu/server/locale/") and n.endswith(".mo"),
    "schemes": lambda n: n.startswith("guatu/policy/") and n.endswith("scheme.toml"),
    "demonstration city": lambda n: n.startswith("guatu/demo/data/") and n.endswith(".xlsx"),
}
missing = [what for what, here in needed.items() if not any(map(here, names))]
surplus = [n for n in names if not n.startswith(("guatu/", "guatu-"))]
if missing or surplus:
    sys.exit(f"the wheel lacks {missing}, and should not hold {surplus}")
print(f"wheel: {len(names)} files, nothing missing")
PY
"$(.venv/bin/python -c 'import sys; print(sys._base_executable)')" -m venv "$place/environment"
"$place/environment/bin/python" -m pip --disable-pip-version-check --quiet install --require-hashes -r "$root/requirements.lock"
"$place/environment/bin/python" -m pip --disable-pip-version-check --quiet install --no-deps "$place"/guatu-*.whl
cd "$place"
export GUATU_HOME="$place/home"
unset PYTHONPATH DJANGO_SETTINGS_MODULE 2>/dev/null || true
environment/bin/guatu --version
environment/bin/guatu demo --check
echo "wheel: proved"
