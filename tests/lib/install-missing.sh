#!/bin/sh
# Installs what is missing, through apt-get, saying beforehand what, and showing what apt-get says:
#
#   sh tests/lib/install-missing.sh build          # what 'make' needs, and python3
#   sh tests/lib/install-missing.sh build tests    # also cmocka and openssl
#   sh tests/lib/install-missing.sh optional TOOL  # a package whose absence is no failure
#
# Exits 0 when everything is there in the end. Where it may not install (neither root nor sudo without a
# password, or no apt-get), it says the line that does, and exits 1. All it says is on standard error.
set -u
exec >&2

missing=
need_command() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need_library() { pkg-config --exists "$1" >/dev/null 2>&1 || missing="$missing $2"; }

need_to_build() {
    need_command cc gcc
    need_command make make
    need_command python3 python3
    if ! command -v pkg-config >/dev/null 2>&1; then
        # Without it nobody knows which of the libraries are there.
        missing="$missing pkg-config libc6-dev"
    fi
    need_library libcurl libcurl4-openssl-dev
    need_library libcjson libcjson-dev
    need_library libxml-2.0 libxml2-dev
    need_library libmicrohttpd libmicrohttpd-dev
    need_library sqlite3 libsqlite3-dev
}

need_to_test() {
    need_library cmocka libcmocka-dev
    need_command openssl openssl # certificates for the tests of TLS
    # East Asian encodings; older systems have them in the C library's own package.
    iconv -f CP932 -t UTF-8 </dev/null >/dev/null 2>&1 || missing="$missing libc-gconv-modules-extra"
}

may_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null
}

apt() {
    set -- env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 "$@"
    [ "$(id -u)" -eq 0 ] || set -- sudo -n "$@"
    "$@"
}

# Package lists that are missing or out of date are fetched when they turn out to be.
install_packages() {
    if apt-get --simulate install "$@" >/dev/null 2>&1; then
        apt install -y --no-install-recommends "$@" && return 0
    fi
    echo "apt-get does not find all of it: fetching the lists of packages"
    apt update && apt install -y --no-install-recommends "$@"
}

optional=
for what in "$@"; do
    case $what in
    build) need_to_build ;;
    tests) need_to_test ;;
    optional) optional=yes ;;
    *)
        if [ -z "$optional" ]; then
            echo "install-missing.sh: unknown word '$what'"
            exit 2
        fi
        need_command "$what" "$what"
        ;;
    esac
done
missing=${missing# }
[ -z "$missing" ] && exit 0

if may_install; then
    echo "installing with apt-get: $missing"
    # The names are ours, one word each.
    # shellcheck disable=SC2086
    install_packages $missing && exit 0
    echo "apt-get could not install: $missing"
else
    echo "missing, and this user may not install it: $missing"
fi
echo "To install it (Debian, Ubuntu), copy this line${optional:+; it goes on without}:"
echo "    sudo apt-get install -y $missing"
exit 1
