# Debian packages and the virtual environment, for `tests/run` and `resources/demo/open`, which read this file in.
# POSIX sh; the current directory is the repository's. They say in PACKAGES what they need, and in SUDO how to be root.
#
#   FIRSTLINE_VENV    folder of the virtual environment (.venv; relative to the repository)
#   FIRSTLINE_NO_APT  1: install no Debian packages, only say which are missing

WINDOW_PACKAGES='libgl1 libegl1 libxkbcommon0 libfontconfig1 libglib2.0-0 libdbus-1-3 fonts-dejavu-core'
X_PACKAGES='libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0'
VENV_PACKAGE='python3-venv'

# The pinned versions were tried on 3.11, so it comes first where several are installed.
PYTHONS='python3.11 python3.12 python3.13 python3'

# The result must not depend on whose shell it is; a Qt of the system's has plugins of another version.
unset PYTHONPATH PYTHONHOME VIRTUAL_ENV QT_PLUGIN_PATH

venv=${FIRSTLINE_VENV:-.venv}
case $venv in /*) ;; *) venv="$PWD/$venv" ;; esac

# --- Debian packages ------------------------------------------------------------------------------------------

is_debian() {
    command -v dpkg-query >/dev/null
}

# Names that other packages provide count too: later releases rename libraries and keep the old names so.
missing_packages() {
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package} ${Provides}\n' | sed -n 's/^installed//p' | tr ',\n' '  ')
    for package in $PACKAGES $(can_make_venv || echo "$VENV_PACKAGE"); do
        case " $installed " in
            *" $package "*) ;;
            *) printf '%s ' "$package" ;;
        esac
    done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else $SUDO "$@"; fi
}

may_install() {
    if [ "${FIRSTLINE_NO_APT:-0}" = 1 ] || ! command -v apt-get >/dev/null; then return 1; fi
    [ "$(id -u)" -eq 0 ] && return 0
    command -v sudo >/dev/null || return 1
    [ "$SUDO" = 'sudo -n' ] || echo "To install ${missing% }, sudo may ask for your password."
    $SUDO true
}

POLICY=/usr/sbin/policy-rc.d # Debian asks it whether a service may be started

# A package of a server starts it at once. The tests start servers of their own, so here nothing is started.
install_packages() ( # install_packages NAME...
    as_root apt-get -q -q update || return 1
    if [ ! -e "$POLICY" ]; then
        trap 'as_root rm -f "$POLICY"' EXIT
        trap 'exit 1' HUP INT TERM
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$POLICY" >/dev/null && as_root chmod 755 "$POLICY"
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -q -o DPkg::Lock::Timeout=120 \
        install -y --no-install-recommends "$@" >/dev/null
)

# Installs what is missing, if it may; $missing is then what is still not there, $brought what it tried to install.
add_packages() {
    missing=$(missing_packages)
    brought=''
    [ -n "$missing" ] || return 0
    may_install || return 0
    brought=$missing
    echo "Installing ${missing% }"
    # shellcheck disable=SC2086 # a list of names
    install_packages $missing || echo 'apt-get failed (its message is above).'
    missing=$(missing_packages)
}

say_missing() { # say_missing EFFECTS
    echo "Missing: ${missing% }. Without them $1."
    echo "To install them: sudo apt-get install --no-install-recommends ${missing% }"
}

lacks_any() { # lacks_any NAMES: whether one of the names is among the missing
    for name in $1; do
        case " $missing " in *" $name "*) return 0 ;; esac
    done
    return 1
}

# --- Python ---------------------------------------------------------------------------------------------------

# A name on PATH may be a shim of a version that is not there, and Debian's Python cannot make an environment without
# python3-venv, so each candidate is asked.
find_python() {
    for candidate in $PYTHONS; do
        "$candidate" -c 'import sys, ensurepip; sys.version_info >= (3, 11) or sys.exit(1); print(sys.executable)' \
            2>/dev/null && return 0
    done
    return 1
}

has_venv() {
    "$venv/bin/python" -c 'import pip' >/dev/null 2>&1
}

can_make_venv() {
    has_venv || find_python >/dev/null
}

make_venv() {
    has_venv && return 0
    if ! python=$(find_python); then
        echo 'Python 3.11 or newer that can make virtual environments is needed and was not found.'
        echo 'On Debian 12: sudo apt-get install python3-venv'
        return 1
    fi
    echo "Making $venv with $python"
    # Only what once was an environment is emptied: FIRSTLINE_VENV may name any folder.
    clear_option=''
    [ -f "$venv/pyvenv.cfg" ] && clear_option='--clear'
    # shellcheck disable=SC2086 # no argument at all where it is empty
    "$python" -m venv $clear_option "$venv" && return 0
    echo "The virtual environment could not be made in $venv (message above); on Debian it needs python3-venv."
    return 1
}

# What was installed, and for what: the path belongs in it, because the environment refers to this folder, and a copy
# may share it.
fingerprint() {
    { pwd; "$venv/bin/python" -VV; cat pyproject.toml tests/constraints.txt; } | cksum
}

# Leaves a stamp, so that the next run has nothing to do. An environment for the tests is enough for the program.
add_python_packages() { # add_python_packages [EXTRA]
    make_venv || return 1
    extra=${1:-}
    stamp="$venv/firstline-stamp"
    wanted="$(fingerprint) with:"
    case $(cat "$stamp" 2>/dev/null) in
        "$wanted$extra" | "${wanted}test") return 0 ;;
    esac
    rm -f "$stamp"
    echo 'Installing the packages of pyproject.toml in the versions of tests/constraints.txt (a minute or two)'
    if ! "$venv/bin/python" -m pip install -q --disable-pip-version-check -c tests/constraints.txt -e ".${extra:+[$extra]}"; then
        echo 'The Python packages could not be installed (message above).'
        return 1
    fi
    echo "$wanted$extra" >"$stamp"
}
