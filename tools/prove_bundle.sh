#!/bin/sh
# Prove the bundle: unpacked in an empty folder with the network off, it installs and loads the demonstration city.
set -eu
cd "$(dirname "$0")/.."
archive=$(ls -t "$(pwd)"/dist/guatu-*-bundle.tar.gz 2>/dev/null | head -n 1)
[ -n "$archive" ] || { echo "there is no bundle yet: make bundle" >&2; exit 1; }
python=$(.venv/bin/python -c 'import sys; print(sys._base_executable)')
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

cat >"$place/inside.sh" <<'INSIDE'
set -eu
if command -v ip >/dev/null 2>&1; then ip link set lo up; fi
if "$PYTHON" -c 'import socket; socket.create_connection(("example.org", 443), 3)' 2>/dev/null; then
    echo "the network is on: nothing would be proved" >&2
    exit 1
fi
tar xzf "$1"
cd guatu-*-bundle
./install.sh "$2/installed"
cd "$2"
installed/bin/guatu --version
installed/bin/guatu demo --check
INSIDE

cd "$place"
set -- env -i HOME="$place" PATH="$PATH" LANG=C.UTF-8 PIP_CONFIG_FILE=/dev/null GUATU_HOME="$place/home" \
    PYTHON="$python" \
    sh "$place/inside.sh" "$archive" "$place"
if [ "$(id -u)" = 0 ]; then
    unshare --net "$@"
else
    unshare --user --map-root-user --net "$@"
fi
echo "bundle: proved with the network off"
