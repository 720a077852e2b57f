#!/bin/sh
# Makes template/live_lock.rhai from Cargo.lock; run it whenever Cargo.lock changes.
# A hook cannot read a file, but it can import a script.
set -eu
cd "$(dirname "$0")/.."
{
    echo '// Made from Cargo.lock by template/update_live_lock.sh.'
    echo 'export const LOCK = `'
    cat Cargo.lock
    echo '`;'
} >template/live_lock.rhai
