#!/usr/bin/env bash
# Everything the test suite needs, in a virtual environment of its own, and then the suite.
#   bash tools/test.sh                     the gate (make check) and all tests but the slow ones
#   bash tools/test.sh -m slow             the slow ones: whole imports of checkpoints
#   bash tools/test.sh -k melody -x        further words go to pytest
set -euo pipefail
cd "$(dirname "$0")/.."
unset PYTHONPATH PYTHONHOME

TORCH="torch==2.13.0" # exported graphs are compared with this version's numbers
VENV=".venv-test"
SOUNDFONT_PACKAGE="musescore-general-soundfont-small"

find_python() {
  local name
  # 3.11 and 3.12 first: tinysoundfont has wheels for them, newer ones need a compiler.
  for name in python3.11 python3.12 python3 python python3.13 python3.14; do
    if "$name" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  echo "tools/test.sh: needs Python 3.11 or newer with its venv module (Debian: python3-venv)" >&2
  exit 1
}

has_soundfont() {
  local file
  for file in /usr/share/sounds/sf3/MuseScore_General_Lite.sf3 \
    /usr/share/sounds/sf3/MuseScore_General.sf3; do
    [ -s "$file" ] && return
  done
  return 1
}

# What PySide6 and PortAudio load on a bare Debian: a library and the package that has it, a line.
QT_LIBRARIES="
libEGL.so.1 libegl1
libGL.so.1 libgl1
libxkbcommon.so.0 libxkbcommon0
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libglib-2.0.so.0 libglib2.0-0
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-keysyms.so.1 libxcb-keysyms1
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libportaudio.so.2 libportaudio2
"

# Print the packages of libraries that are not there, of Xvfb and of a font.
missing_for_qt() {
  local library package
  while read -r library package; do
    [ -n "$library" ] || continue
    ldconfig -p 2>/dev/null | grep -q "[[:space:]]$library" || echo "$package"
  done <<<"$QT_LIBRARIES"
  command -v Xvfb >/dev/null || echo xvfb
  find /usr/share/fonts ~/.fonts -name "*.ttf" 2>/dev/null | grep -q . || echo fonts-dejavu-core
}

# Install Debian packages, or say which ones are missing: never ask for a password.
install_system() {
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
  if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
    # The lists may be older than the mirror; a failed update is told by the install itself.
    "${as_root[@]}" apt-get update -qq || true
    if "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "$@" >/dev/null; then
      return
    fi
  fi
  echo "tools/test.sh: please install these system packages (names in Debian): $*" >&2
}

build_venv() {
  local python="$1" stamp="$2"
  rm -rf "$VENV"
  "$python" -m venv "$VENV"
  # torch first and pinned, so that nothing else chooses a version of it.
  "$VENV/bin/python" -m pip install --quiet --upgrade pip
  "$VENV/bin/python" -m pip install --quiet "$TORCH"
  "$VENV/bin/python" -m pip install --quiet --editable ".[export,test]" "$TORCH"
  # tinysoundfont asks for pyaudio, which compiles against PortAudio and is used for playing only;
  # basic-pitch asks for an old TensorFlow, and only the ONNX model inside its wheel is used.
  "$VENV/bin/python" -m pip install --quiet --no-deps tinysoundfont basic-pitch
  echo "$stamp" >"$VENV/stamp"
}

missing=()
command -v make >/dev/null || missing+=(make)
has_soundfont || missing+=("$SOUNDFONT_PACKAGE")
if [ "$(uname)" = Linux ]; then mapfile -t -O "${#missing[@]}" missing < <(missing_for_qt); fi
if [ "${#missing[@]}" -gt 0 ]; then install_system "${missing[@]}"; fi

python="$(find_python)"
stamp="$("$python" -VV | tr '\n' ' ') $(cat pyproject.toml setup.py tools/test.sh | cksum) $PWD"
if [ "$(cat "$VENV/stamp" 2>/dev/null || true)" != "$stamp" ]; then
  build_venv "$python" "$stamp"
fi

make --silent check PYTHON="$VENV/bin/python"
if [ "$#" -eq 0 ]; then
  echo "tests marked slow (whole imports, minutes each) are left out: bash tools/test.sh -m slow"
  # One process for each core; a file's tests stay together, because they share what they export.
  set -- -n auto --dist loadfile -m "not slow"
fi
# The app is tested without a screen.
export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}"
exec "$VENV/bin/python" -m pytest "$@"
