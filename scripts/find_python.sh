# shellcheck shell=sh
# Sets $python to a Python 3.11 or newer that can make virtual environments, or says what to
# install. Where .venv works already, its own Python is taken.

can_make_venv() {
    "$1" -c 'import sys
if sys.version_info < (3, 11): sys.exit(1)
import ensurepip, venv' >/dev/null 2>&1
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

python=
without_venv=
for candidate in .venv/bin/python python3 python3.11 python3.12 python3.13 python3.14 python; do
    if can_make_venv "$candidate"; then
        python=$candidate
        break
    elif [ -z "$without_venv" ] && new_enough "$candidate"; then
        without_venv=$candidate
    fi
done

if [ -z "$python" ] && [ -n "$without_venv" ]; then
    echo "$without_venv lacks the venv module. Install it and start again; on Debian and Ubuntu:" >&2
    echo "    sudo apt-get install python3-venv" >&2
    exit 1
elif [ -z "$python" ]; then
    found=$(python3 --version 2>/dev/null || echo "no python3")
    echo "Python 3.11 or newer is needed; found here: $found." >&2
    echo "Install it from https://www.python.org/downloads/ or your system's packages." >&2
    exit 1
fi
