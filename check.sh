#!/usr/bin/env bash
# Builds everything with warnings as errors and runs every test: .NET, JavaScript, browser.
# Installs what is missing (Debian, as root); elsewhere it says what to install.
# Ends with one line: N passed, N failed.
set -euo pipefail
cd "$(dirname "$0")"

fail() { printf 'check.sh: %s\n' "$1" >&2; exit 1; }

missing=()
command -v dotnet >/dev/null || fail "the .NET SDK 10 is missing: https://dot.net"
command -v node >/dev/null || missing+=(nodejs)
command -v chromium >/dev/null || missing+=(chromium)
[ -x /usr/lib/postgresql/15/bin/postgres ] || missing+=(postgresql-15)
ldconfig -p 2>/dev/null | grep -q 'libz\.so\.1' || missing+=(zlib1g)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    fail "please install: ${missing[*]}"
  fi
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
passed=0
failed=0

echo "== Build"
dotnet build Verb.sln -c Release -v quiet

for project in tests/*.Tests tests/Verb.Simulation tests/Verb.ClusterTests; do
  [ -d "$project" ] || continue
  name=$(basename "$project")
  echo "== $name"
  dotnet test "$project" -c Release --no-build --nologo --logger "trx;LogFileName=$results/$name.trx" >"$results/$name.log" 2>&1 && code=0 || code=$?
  counters=$(grep -o '<Counters [^>]*' "$results/$name.trx" 2>/dev/null || true)
  if [ -z "$counters" ]; then
    # The run broke before it could count: that is one failure more.
    cat "$results/$name.log"
    failed=$((failed + 1))
    continue
  fi
  count() { printf '%s' "$counters" | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p"; }
  bad=$(( $(count total) - $(count passed) - $(count notExecuted) ))
  # A run that broke off midway counts what it finished, and fails all the same.
  [ "$code" = 0 ] || [ "$bad" != 0 ] || bad=1
  passed=$((passed + $(count passed)))
  failed=$((failed + bad))
  echo "   $(count passed) passed, $bad failed"
  [ "$bad" = 0 ] || cat "$results/$name.log"
done

echo "== JavaScript"
node --test tests/browser/ >"$results/node.log" 2>&1 && code=0 || code=$?
ok=$(sed -n 's/^# pass \([0-9]*\)$/\1/p; s/^ℹ pass \([0-9]*\)$/\1/p' "$results/node.log" | tail -1)
bad=$(sed -n 's/^# fail \([0-9]*\)$/\1/p; s/^ℹ fail \([0-9]*\)$/\1/p' "$results/node.log" | tail -1)
[ -n "$ok" ] && [ -n "$bad" ] || { cat "$results/node.log"; ok=0; bad=1; }
[ "$code" = 0 ] || [ "$bad" != 0 ] || bad=1
[ "$bad" = 0 ] || cat "$results/node.log"
echo "   $ok passed, $bad failed"
passed=$((passed + ok))
failed=$((failed + bad))

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
