#!/bin/sh
# After a deploy: are the services ready, and is it the deployed commit that answers? Takes what `sophia verify` takes, works from any
# directory, and ends with its exit code.
set -eu

# Through the links that lead here: a copy of this name may lie on the PATH.
self=$0
while [ -h "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname "$self")/$target ;;
  esac
done
root=$(CDPATH='' cd -- "$(dirname -- "$self")/.." && pwd)

# Beside the checkout's own Node where the machine has none, or an old one.
if command -v node >/dev/null 2>&1; then
  node=node
elif [ -x "$root/node_modules/.bin/node" ]; then
  node=$root/node_modules/.bin/node
else
  echo 'error: node was not found [TOOL_MISSING]' >&2
  exit 2
fi

exec "$node" "$root/bin/sophia.js" verify "$@"
