#!/bin/sh
# Make the environment in the folder given, with a Python of 3.11 or later (PYTHON= names another one).
# Says what is missing and how to get it, and leaves nothing half made.
set -eu
folder=$1
python=${PYTHON:-python3}

stop() {
    printf '\n%s\n' "$@" >&2
    exit 1
}

command -v "$python" >/dev/null 2>&1 ||
    stop "没有找到 $python。请安装 Python 3.11 或以上版本，或用 PYTHON= 指明它的位置。" \
        "$python was not found. Install Python 3.11 or later, or name it with PYTHON=."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "$("$python" -V) 太旧：需要 Python 3.11 或以上版本。可用 PYTHON=python3.12 等指明另一个。" \
        "$("$python" -V) is too old: Python 3.11 or later is needed. PYTHON=python3.12 names another one."

if [ -x "$folder/bin/python" ] && "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi
if ! "$python" -m venv "$folder" >/dev/null 2>&1; then
    # Some distributions keep the installer of pip apart; their own pip can fill the environment.
    if ! { "$python" -m venv --clear --without-pip "$folder" &&
        "$python" -m pip --python "$folder/bin/python" install --quiet pip; } >/dev/null 2>&1; then
        rm -rf "$folder"
        stop "这台机器的 Python 不带 venv。Debian 或 Ubuntu：apt-get install python3-venv；其他系统：安装完整的 Python。" \
            "This Python has no venv. Debian or Ubuntu: apt-get install python3-venv; elsewhere: install a complete Python."
    fi
fi
