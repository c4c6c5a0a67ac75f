# Set-up shared by the scripts beside it: system packages, the environment in .venv, this checkout installed into it.
# shellcheck shell=bash
# Source it with `root` set to the checkout. Everything it says goes to stderr: stdout belongs to the program.

venv=${root:?}/.venv
package_list=$root/packaging/debian-packages.txt
setup_failed=4 # exit status: apart from the program's own 0 to 3

# say ENGLISH CHINESE: one message, in the language of the user's locale.
say() {
    case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in
        zh*) printf '%s\n' "$2" >&2 ;;
        *) printf '%s\n' "$1" >&2 ;;
    esac
}

stop() {
    say "$@"
    exit "$setup_failed"
}

# --- system packages ---------------------------------------------------------------------------------------------

# installed_packages NAME...: those of the names that are installed, one a line.
installed_packages() {
    dpkg-query --show --showformat='${Package} ${db:Status-Abbrev}\n' "$@" 2>/dev/null |
        while read -r name status _; do
            if [ "$status" = ii ] || [ "$status" = hi ]; then printf '%s\n' "$name"; fi
        done || true
}

has_chinese_font() {
    command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh file 2>/dev/null | head -n 1)" ]
}

# missing_packages GROUP...: the lines of the package list, alternatives as written, that nothing installed meets.
missing_packages() {
    local group alternatives name installed met
    local -a wanted=() names=()
    while read -r group alternatives _; do
        case " $* " in *" $group "*) ;; *) continue ;; esac
        wanted+=("$group $alternatives")
        IFS='|' read -r -a one_of <<<"$alternatives"
        names+=("${one_of[@]}")
    done < <(grep -v -e '^#' -e '^[[:space:]]*$' "$package_list")
    installed=" $(installed_packages "${names[@]}" | tr '\n' ' ')"
    for line in "${wanted[@]}"; do
        group=${line%% *} alternatives=${line#* } met=
        IFS='|' read -r -a one_of <<<"$alternatives"
        for name in "${one_of[@]}"; do
            case $installed in *" $name "*) met=1 ;; esac
        done
        if [ -z "$met" ] && [ "$group" = font ] && has_chinese_font; then met=1; fi
        [ -n "$met" ] || printf '%s\n' "$alternatives"
    done
}

# known_package A|B|...: the first alternative that apt can install, else the first.
known_package() {
    local name policy
    IFS='|' read -r -a one_of <<<"$1"
    for name in "${one_of[@]}"; do
        policy=$(LC_ALL=C apt-cache policy "$name" 2>/dev/null) || continue
        case $policy in
            *'Candidate: (none)'*) ;;
            *'Candidate: '*)
                printf '%s\n' "$name"
                return
                ;;
        esac
    done
    printf '%s\n' "${one_of[0]}"
}

# apt ARGUMENT...: as root, without a question, waiting for another package manager to finish.
apt() {
    local -a as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 \
        -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 "$@" >&2 </dev/null
}

# Refresh the package lists; their lock is one that apt does not wait for, so this does. A list that stays out of
# reach is no reason to stop: the installation tells what is really missing.
refresh_package_lists() {
    local attempt
    for attempt in 1 2 3 4 5 6; do
        if apt update; then return; fi
        [ "$attempt" -eq 6 ] || sleep 5
    done
}

can_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

# ensure_system_packages GROUP...: installs what is missing, or tells the one command that does and stops.
ensure_system_packages() {
    local name alternatives
    local -a missing=() packages=()
    if command -v dpkg-query >/dev/null; then
        mapfile -t missing < <(missing_packages "$@")
    fi
    if [ ! -x "$venv/bin/python" ] && name=$(missing_venv_package); then missing+=("$name"); fi
    [ "${#missing[@]}" -gt 0 ] || return 0
    if ! can_install; then
        for alternatives in "${missing[@]}"; do packages+=("$(known_package "$alternatives")"); done
        stop "System packages are missing; install them, then run this again:
  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages[*]}" \
            "缺少系统软件包，请先安装，再重新运行：
  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages[*]}"
    fi
    say "Installing ${#missing[@]} system packages…" "正在安装 ${#missing[@]} 个系统软件包……"
    refresh_package_lists
    for alternatives in "${missing[@]}"; do packages+=("$(known_package "$alternatives")"); done
    apt install -y --no-install-recommends "${packages[@]}" ||
        stop "The system packages could not be installed: check the network, then run this again." \
            "系统软件包未能安装：请检查网络后重新运行。"
}

# --- Python environment ------------------------------------------------------------------------------------------

# find_python: the first Python on the path of a version that all dependencies serve.
find_python() {
    local name
    for name in python3 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null &&
            "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
            printf '%s\n' "$name"
            return
        fi
    done
    return 1
}

# missing_venv_package: the package that lets the chosen Python make environments; fails where none is missing.
missing_venv_package() {
    local python
    python=$(find_python) || return 1
    ! "$python" -c 'import ensurepip, venv' 2>/dev/null && printf '%s-venv\n' "$python"
}

# fingerprint: changes with whatever the environment was made from, its place and its interpreter included.
fingerprint() {
    {
        printf '%s\n' "$root"
        readlink -f "$venv/bin/python" || true
        cat "$root/pyproject.toml" "$root/script/lib.sh" "$root"/requirements/*.txt
    } | sha256sum
}

is_current() {
    [ -x "$venv/bin/python" ] && [ -f "$venv/.ready-$1" ] && [ "$(cat "$venv/.ready-$1")" = "$(fingerprint)" ]
}

pip() {
    "$venv/bin/python" -m pip --disable-pip-version-check --no-input --quiet "$@" >&2 </dev/null
}

# make_environment: an empty .venv, unless there is a whole one of this Python at this place.
make_environment() {
    local python made_from
    python=$(find_python) || stop "Python 3.11, 3.12 or 3.13 is needed and none was found." \
        "需要 Python 3.11、3.12 或 3.13，未找到。"
    made_from="$root $(readlink -f "$(command -v "$python")")"
    if [ ! -x "$venv/bin/python" ] || [ -e "$venv/.unfinished" ] ||
        [ "$(cat "$venv/.made-from" 2>/dev/null)" != "$made_from" ]; then
        rm -rf "$venv"
        "$python" -m venv "$venv" >&2 || stop "The Python environment could not be made in $venv." \
            "无法在 $venv 建立 Python 环境。"
        printf '%s' "$made_from" >"$venv/.made-from"
    fi
    rm -f "$venv"/.ready-*
    touch "$venv/.unfinished"
}

# install_packages run|dev: exactly the locked versions, checked by hash, then this checkout as it stands.
install_packages() {
    unset PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV PIP_CONSTRAINT PIP_REQUIREMENT
    pip install --no-deps --require-hashes -r "$root/requirements/build.txt" &&
        pip install --no-deps --require-hashes --no-build-isolation --use-pep517 -r "$root/requirements/$1.txt" &&
        pip install --no-deps --no-build-isolation -e "$root"
}

# ensure_environment run|dev: .venv holds what the lock names; nothing is asked of the network when it does.
ensure_environment() {
    if is_current "$1"; then return; fi
    exec 9<"$root"
    if command -v flock >/dev/null; then flock 9; fi
    if ! is_current "$1"; then
        say "Setting up the Python environment (once)…" "正在准备 Python 环境（仅首次）……"
        make_environment
        install_packages "$1" ||
            stop "The Python packages could not be installed: check the network, then run this again." \
                "Python 软件包未能安装：请检查网络后重新运行。"
        rm -f "$venv/.unfinished"
        fingerprint >"$venv/.ready-run"
        if [ "$1" = dev ]; then cp "$venv/.ready-run" "$venv/.ready-dev"; fi
    fi
    exec 9<&-
}

set_up_to_run() {
    ensure_system_packages window font
    ensure_environment run
}

set_up_to_develop() {
    ensure_system_packages window font test
    ensure_environment dev
}
