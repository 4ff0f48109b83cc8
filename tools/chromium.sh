#!/bin/sh
# Print the path of Chromium for the browser tests. As root it is installed where it is missing
# (Debian, Ubuntu); otherwise the run stops and says how to get it. Nothing is skipped in silence.
set -eu
for name in "${CHROMIUM:-chromium}" chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name"; then
        exit 0
    fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    {
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk
    } >&2
    command -v chromium && exit 0
fi
cat >&2 <<'STOP'

The browser tests need Chromium and a Chinese font, and neither was found on the PATH.
  Debian, Ubuntu:  sudo apt-get install chromium fonts-noto-cjk
  Fedora:          sudo dnf install chromium google-noto-sans-cjk-fonts
  elsewhere:       install Chromium or Chrome, or name it: make test CHROMIUM=/path/to/chromium
STOP
exit 1
