#!/usr/bin/env bash
# Whole commands beside public tools, as ratios within one run: benches/whole.sh [FILES ...]
# Needs hyperfine, ripgrep and git. Trees are made from a seed and thrown away.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for tool in hyperfine rg git cargo; do
    command -v "$tool" >/dev/null || { echo "$tool is needed" >&2; exit 2; }
done
cargo build --release --quiet
gonogo=$PWD/${CARGO_TARGET_DIR:-target}/release/gonogo
case ${CARGO_TARGET_DIR:-} in /*) gonogo=$CARGO_TARGET_DIR/release/gonogo ;; esac
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
export XDG_CACHE_HOME=$place/cache

# 64 patterns that the built-in checklist asks, one a line: those that stand in one piece and that ripgrep takes, too.
grep -hoE "(find|forbid): '[^']{8,60}'( |$)" src/checklist/catalogue/*/*.yaml |
    sed -E "s/^[a-z]+: '(.*)' ?$/\1/" | sort -u | while IFS= read -r pattern; do
    code=0
    rg --no-unicode -q -e "$pattern" /dev/null 2>/dev/null || code=$?
    [ "$code" -eq 2 ] || printf '%s\n' "$pattern"
done | head -64 >"$place/patterns"

for files in "${@:-1000 10000}"; do
    for count in $files; do
        tree=$place/tree-$count
        GONOGO_BENCH_TREE=$tree:$count cargo bench --quiet --bench session
        (
            cd "$tree"
            git status >/dev/null
            sleep 1
            printf '\n%s files, %s\n' "$count" "$(du -sh --exclude=.git . | cut -f1)"
            hyperfine --warmup 2 --ignore-failure --style basic --export-csv "$place/$count.csv" \
                --command-name 'gonogo check, cold' "$gonogo check --no-cache --exit-zero --quiet" \
                --command-name 'gonogo check, warm' "$gonogo check --exit-zero --quiet" \
                --command-name 'rg with 64 patterns' "rg -n --no-unicode -f $place/patterns ." \
                --command-name 'git status' 'git status' >/dev/null 2>&1
            awk -F, 'NR > 1 { printf "  %-22s %8.1f ms  (processor %.1f ms)\n", $1, $4 * 1000, ($5 + $6) * 1000 }' \
                "$place/$count.csv"
        )
    done
done
