#!/bin/sh
# Installs what is missing, through apt-get, saying what:
#
#   sh tests/lib/install-missing.sh build          # what 'make' needs, and python3
#   sh tests/lib/install-missing.sh build tests    # also cmocka and openssl
#   sh tests/lib/install-missing.sh optional TOOL  # a package whose absence is no failure
#
# Exits 0 when everything is there in the end.
set -u

missing=
need_command() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need_library() { pkg-config --exists "$1" >/dev/null 2>&1 || missing="$missing $2"; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        return 1
    fi
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

install_packages() {
    command -v apt-get >/dev/null 2>&1 || return 1
    apt_install "$@" && return 0
    as_root apt-get update -qq >/dev/null 2>&1
    apt_install "$@"
}

if [ "${1:-}" = optional ]; then
    shift
    for tool in "$@"; do
        command -v "$tool" >/dev/null 2>&1 && continue
        echo "installing $tool (optional)" >&2
        install_packages "$tool" || exit 1
    done
    exit 0
fi

for what in "$@"; do
    case $what in
    build)
        need_command cc gcc
        need_command make make
        need_command python3 python3
        if command -v pkg-config >/dev/null 2>&1; then
            need_library libcurl libcurl4-openssl-dev
            need_library libcjson libcjson-dev
            need_library libxml-2.0 libxml2-dev
            need_library libmicrohttpd libmicrohttpd-dev
            need_library sqlite3 libsqlite3-dev
        else
            missing="$missing pkg-config libc6-dev libcurl4-openssl-dev libcjson-dev libxml2-dev libmicrohttpd-dev libsqlite3-dev"
        fi
        ;;
    tests)
        need_library cmocka libcmocka-dev
        need_command openssl openssl # certificates for the tests of TLS
        ;;
    *)
        echo "install-missing.sh: unknown word '$what'" >&2
        exit 2
        ;;
    esac
done
[ -z "$missing" ] && exit 0

echo "installing:$missing" >&2
# The names are ours, one word each.
# shellcheck disable=SC2086
if ! install_packages $missing; then
    echo "cannot install them here; install these packages (Debian's names) and run it again:$missing" >&2
    exit 1
fi
