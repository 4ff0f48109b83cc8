#!/bin/sh
# Install Guatu from this folder, without network:  ./install.sh [folder]     (default: /opt/guatu, or ~/guatu)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ -n "${1:-}" ]; then
    target=$1
elif [ "$(id -u)" = 0 ]; then
    target=/opt/guatu
else
    target=$HOME/guatu
fi
wanted=$(cat "$here/python-version")

stop() {
    printf '%s\n' "$@" >&2
    exit 1
}

python=
for candidate in "${PYTHON:-python$wanted}" "python$wanted" python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        [ "$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$wanted" ]; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || stop "没有找到 Python $wanted。离线包里的文件是按这个版本做的；请安装它，或用 PYTHON= 指明位置。" \
    "Python $wanted was not found. The wheels were made for it: install it, or name it with PYTHON=."
(cd "$here" && sha256sum --quiet -c SHA256SUMS) ||
    stop "离线包不完整，请重新拷贝。" "The bundle is damaged; copy it again."
"$python" -m venv "$target" ||
    stop "这台机器的 Python 不带 venv（Debian、Ubuntu：安装 python$wanted-venv）。" \
        "This Python has no venv (Debian, Ubuntu: install python$wanted-venv)."
"$target/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links "$here/wheels" \
    'guatu[postgresql,messages]' ||
    stop "安装没有完成：离线包可能是为另一种机器做的。" "Not installed: the bundle may be for another kind of machine."
mkdir -p "$target/share/guatu/fonts"
cp "$here"/fonts/* "$target/share/guatu/fonts/"

version=$("$target/bin/guatu" --version)
cat <<DONE
已安装：$version
试一试：$target/bin/guatu demo
字体在：$target/share/guatu/fonts
DONE
