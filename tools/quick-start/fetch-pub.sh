#!/bin/sh
# A sync script as sites write them for the `command` provider: it gets all it needs from the environment and
# prints the size for `size_pattern`.
set -eu
rsync -a --delete --timeout=120 "$TUNASYNC_UPSTREAM_URL" "$TUNASYNC_WORKING_DIR"
echo "Total size is $(du -sh "$TUNASYNC_WORKING_DIR" | cut -f1)"
