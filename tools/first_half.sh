#!/bin/sh
# The tests of the half that decides, in an environment without Django: so it is proved that it needs none.
# The environment is made anew from the lock, without the packages that only the server uses.
set -eu
cd "$(dirname "$0")/.."
uv=.venv/bin/uv
folder=.cache/first-half
server_only=.cache/server-only.txt

mkdir -p .cache
printf '%s\n' asgiref django django-allauth django-axes django-csp django-htmx django-ninja granian psycopg psycopg-binary sqlparse whitenoise \
    >"$server_only"
"$uv" venv --quiet --clear --python .venv/bin/python "$folder"
"$uv" pip install --quiet --python "$folder/bin/python" --excludes "$server_only" \
    -r requirements.lock pytest pytest-xdist hypothesis xlwt duckdb pyarrow -c requirements-dev.lock

if "$folder/bin/python" -c 'import django' 2>/dev/null; then
    echo "Django is in $folder: what is proved there would prove nothing." >&2
    exit 1
fi
PYTHONPATH=. "$folder/bin/python" -m pytest -q -n auto --dist loadfile -p no:cacheprovider \
    tests --ignore=tests/server --ignore=tests/browser --ignore=tests/test_docs.py "$@"
