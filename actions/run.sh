#!/usr/bin/env bash
# The one script of every action: a Node that can run sophia, a bundle to run, then sophia itself.
# bash 3.2 syntax, which is what macOS has. Started as `bash …/run.sh COMMAND…`; inputs are in SOPHIA_INPUT_*.
set -u -o pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
bundle="$root/dist/sophia.js"
lock="$root/.sophia-build"
patience_seconds=900

main() {
  check_node
  [ -f "$bundle" ] || build_once
  # Says that options come as inputs, and that a runner reads what is printed.
  export SOPHIA_ACTION=1
  exec node "$bundle" "$@"
}

# Before the bundle is parsed: an old Node would answer with a syntax error. The range lives once, in package.json.
check_node() {
  local range found
  range=$(tr -d '\n' < "$root/package.json" | sed -n 's/.*"engines"[^}]*"node"[^"]*"\([^"]*\)".*/\1/p')
  if ! command -v node > /dev/null 2>&1; then
    fail ACTION_NODE_MISSING "There is no Node on the PATH of this runner; needed is $range" "$setup_node"
  fi
  found=$(node --version 2> /dev/null) || found=''
  if ! satisfies "${found#v}" "$range"; then
    fail ACTION_NODE_TOO_OLD "The Node of this runner is ${found:-broken}; needed is $range" "$setup_node"
  fi
}

setup_node='Add this step before this one:
- uses: actions/setup-node@<commit>
  with:
    node-version: 24'

# satisfies 24.21.0 '^22.22.2 || ^24.15.0 || >=26.0.0'
satisfies() {
  local version=$1 part wanted
  case $version in [0-9]*.[0-9]*.[0-9]*) ;; *) return 1 ;; esac
  while IFS= read -r part; do
    part=$(printf '%s' "$part" | tr -d ' ')
    wanted=${part#^}
    wanted=${wanted#>=}
    is_at_least "$version" "$wanted" || continue
    case $part in
      ^*) [ "${version%%.*}" = "${wanted%%.*}" ] && return 0 ;;
      *) return 0 ;;
    esac
  done <<< "$(printf '%s\n' "$2" | tr '|' '\n' | sed '/^ *$/d')"
  return 1
}

is_at_least() {
  local have want a b place
  IFS=. read -r -a have <<< "$1"
  IFS=. read -r -a want <<< "$2"
  for place in 0 1 2; do
    a=${have[$place]:-0}
    b=${want[$place]:-0}
    a=${a%%[!0-9]*}
    [ "$a" -gt "$b" ] && return 0
    [ "$a" -lt "$b" ] && return 1
  done
  return 0
}

# Only on a ref that is no release: those hold their bundle. In the action's own folder, never in the caller's workspace.
build_once() {
  echo '::notice title=ACTION_BUILD::This ref of the actions is not a release: building the bundle once'
  take_lock
  if [ ! -f "$bundle" ]; then
    (cd "$root" && run_build) || fail_build
  fi
  rm -rf "$lock"
  trap - EXIT
}

run_build() {
  run_alone npm ci || return 1
  [ -f "$bundle" ] && return 0
  run_alone npm run build && [ -f "$bundle" ]
}

# An empty environment: no token and no input may reach the install scripts of a dependency.
run_alone() {
  local name keep
  keep=()
  for name in PATH HOME TMPDIR HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy ${!npm_config_@}; do
    [ -n "${!name+given}" ] && keep+=("$name=${!name}")
  done
  # What npm prints is foreign text, and a runner obeys text: its marks are disarmed.
  env -i "${keep[@]}" "$@" 2>&1 < /dev/null | tr '\r' '\n' | sed -e 's/^\([[:space:]]*\)::/\1\\::/' -e 's/##\[/##\\[/g' | tee -a "$lock/log" >&2
}

# One build at a time; a lock whose owner is dead is taken over.
take_lock() {
  local waited=0 owner
  until mkdir "$lock" 2> /dev/null; do
    if [ ! -d "$lock" ] && [ ! -w "$root" ]; then
      fail ACTION_BUILD_FAILED "This ref of the actions has no bundle, and $root cannot be written" "$use_release"
    fi
    owner=$(cat "$lock/pid" 2> /dev/null) || owner=''
    if is_abandoned "$owner" "$waited"; then
      mv "$lock" "$lock.$$" 2> /dev/null && rm -rf "$lock.$$"
      continue
    fi
    if [ "$waited" -ge "$patience_seconds" ]; then
      fail ACTION_BUILD_FAILED "This ref of the actions has no bundle, and process $owner has been building it for too long" "$use_release"
    fi
    sleep 1
    waited=$((waited + 1))
  done
  echo $$ > "$lock/pid"
  trap 'rm -rf "$lock"' EXIT
}

# An owner that has not written its number yet is given a minute.
is_abandoned() {
  if [ -n "$1" ]; then ! is_alive "$1"; else [ "$2" -ge 60 ]; fi
}

# kill says no for a process of somebody else, too.
is_alive() {
  kill -0 "$1" 2> /dev/null || [ -d "/proc/$1" ]
}

use_release='Use a release of the actions: every release holds its bundle'

fail_build() {
  local last
  last=$(tail -n 20 "$lock/log" 2> /dev/null) || last=''
  fail ACTION_BUILD_FAILED "This ref of the actions has no bundle, and building it failed" "$use_release" "$last"
}

# One annotation, the outputs that every step has, exit 2.
fail() {
  local code=$1 line text=''
  shift
  for line in "$@"; do text="$text${text:+$'\n'}$line"; done
  text=${text//'%'/%25}
  text=${text//$'\r'/%0D}
  text=${text//$'\n'/%0A}
  echo "::error title=$code::$text"
  if [ -n "${GITHUB_OUTPUT:-}" ]; then
    printf 'result=UNKNOWN\nexit-code=2\nproof-path=\nproof-sha256=\n' >> "$GITHUB_OUTPUT"
  fi
  exit 2
}

main "$@"
