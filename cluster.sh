#!/usr/bin/env bash
# Starts a private PostgreSQL and three nodes of a cluster on this machine, says what to try, and stops all of it on
# Ctrl-C. Installs PostgreSQL where it is missing (Debian, as root); elsewhere it says what to install.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: ./cluster.sh [--nodes N] [--port P] [--data DIR] [--no-build]

  --nodes N    how many nodes, 1 to 9 (3)
  --port P     the first node's port, the others follow it (the first free ones from 3001 on)
  --data DIR   keep the database and the logs in DIR; started again with it, the rooms are as they were
  --no-build   start what was built before
  --help       this text

Starts PostgreSQL and the nodes on 127.0.0.1 and stops all of it on Ctrl-C.
TEXT
}

fail() { printf 'cluster.sh: %s\n' "$1" >&2; exit "${2:-1}"; }
misused() { fail "$1; --help tells what is understood" 2; }
check_number() {
  if ! [[ $2 =~ ^[1-9][0-9]{0,4}$ ]] || [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then misused "$1 must be a number from $3 to $4, not '$2'"; fi
}

nodes=3
port=
folder=
build=yes
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --no-build) build=; shift; continue ;;
    --nodes | --port | --data) if [ -z "${2:-}" ]; then misused "$1 needs a value"; fi ;;
    *) misused "'$1' is not understood" ;;
  esac
  case $1 in
    --nodes) check_number --nodes "$2" 1 9; nodes=$2 ;;
    --port) check_number --port "$2" 1024 65500; port=$2 ;;
    --data) folder=$2 ;;
  esac
  shift 2
done
if [ -n "$folder" ]; then
  mkdir -p "$folder" || fail "the folder $folder cannot be made"
  folder=$(cd "$folder" && pwd)
fi
cd "$(dirname "$0")"

# Each child leads a process group of its own: Ctrl-C reaches this script alone, which stops them in the right order.
set -m

# --- What is needed

# PostgreSQL will not run as root.
[ "$(id -u)" = 0 ] && is_root=yes || is_root=
as_postgres() { if [ "$is_root" ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

binaries() {
  local found
  for found in /usr/lib/postgresql/{18,17,16,15}/bin "$(dirname "$(command -v postgres || echo /none)")"; do
    if [ -x "$found/postgres" ] && [ -x "$found/initdb" ]; then
      echo "$found"
      return
    fi
  done
}

command -v dotnet >/dev/null || fail "the .NET SDK 10 is missing: https://dot.net"
bin=$(binaries)
if [ -z "$bin" ]; then
  if [ -z "$is_root" ] || ! command -v apt-get >/dev/null; then fail "please install: postgresql-15"; fi
  echo "Installing postgresql-15"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-15 >/dev/null
  bin=$(binaries)
fi

server=$PWD/src/Verb.Server/bin/Release/net10.0/Verb.Server.dll
if [ "$build" ]; then
  echo "Building"
  DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 dotnet build src/Verb.Server -c Release -v quiet -clp:ErrorsOnly --disable-build-servers </dev/null
fi
[ -f "$server" ] || fail "$server is missing: start without --no-build"

# --- Ports

is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
are_free() {
  local i
  for ((i = $1; i < $1 + $2; i++)); do is_free "$i" || return 1; done
}
# Below the ports that the kernel gives to whoever asks for any.
free_run() {
  local at=$1
  until are_free "$at" "$2"; do
    at=$((at + 1))
    [ "$at" -lt 32000 ] || fail "no $2 free ports were found from $1 on"
  done
  echo "$at"
}

if [ -n "$port" ]; then
  are_free "$port" "$nodes" || fail "a port of $port to $((port + nodes - 1)) is in use: choose another --port"
else
  port=$(free_run 3001 "$nodes")
fi
database_port=$(free_run $((20000 + RANDOM % 10000)) $((nodes + 1)))
cluster_port=$((database_port + 1))

# --- Stopping

postgres_pid=
pids=()
kept=$folder

alive() { [ -n "$1" ] && kill -0 "$1" 2>/dev/null; }

# Until all of them have ended; the second argument is how many tenths of a second they are given.
await_end() {
  local tenths=$1 pid
  shift
  for pid in "$@"; do
    while alive "$pid" && [ "$tenths" -gt 0 ]; do
      sleep 0.1
      tenths=$((tenths - 1))
    done
    kill -KILL "$pid" 2>/dev/null || true
  done
}

stop() {
  local code=$?
  trap '' INT TERM HUP
  trap - EXIT
  [ ${#pids[@]} = 0 ] || echo "Stopping"
  # A frozen node has to wake up to be stopped.
  for pid in "${pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do kill -CONT "$pid" 2>/dev/null || true; done
  await_end 300 "${pids[@]}"
  if alive "$postgres_pid"; then
    kill -INT "$postgres_pid"
    await_end 100 "$postgres_pid"
  fi
  wait 2>/dev/null || true
  if [ -z "$kept" ]; then
    [ -z "$folder" ] || rm -rf "$folder"
  else
    echo "The data stays in $folder."
  fi
  exit "$code"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# --- PostgreSQL

[ -n "$folder" ] || folder=$(mktemp -d "${TMPDIR:-/tmp}/verb-cluster.XXXXXX")
mkdir -p "$folder/log"
database=$folder/postgres
password_file=$folder/password
random() { head -c 32 /dev/urandom | base64 | tr -d '=+/\n'; }

if [ ! -f "$database/PG_VERSION" ]; then
  mkdir -p "$database"
  (umask 077 && random >"$password_file")
  if [ "$is_root" ]; then
    # The database's user passes through the folder, and reads nothing of it but its own.
    chmod 711 "$folder"
    chown postgres "$database" "$password_file"
  fi
  as_postgres "$bin/initdb" -D "$database" -U verb -A scram-sha-256 --pwfile="$password_file" -E UTF8 --locale=C >"$folder/log/initdb.log" 2>&1 ||
    fail "the database could not be made: $(tail -n 1 "$folder/log/initdb.log")"
fi
[ ! -f "$database/postmaster.pid" ] || ! alive "$(head -n 1 "$database/postmaster.pid")" || fail "$folder is in use by another cluster"
rm -f "$database/postmaster.pid"

as_postgres "$bin/postgres" -D "$database" -p "$database_port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
  -c max_connections=200 </dev/null >"$folder/log/postgres.log" 2>&1 &
postgres_job=$!
# The shell need not report how its jobs end; this script does.
disown
until "$bin/pg_isready" -q -h 127.0.0.1 -p "$database_port"; do
  alive "$postgres_job" || fail "PostgreSQL did not start: $(tail -n 1 "$folder/log/postgres.log")"
  sleep 0.1
done
postgres_pid=$(head -n 1 "$database/postmaster.pid")

# --- The nodes

cluster_secret=$(random)
password=$(cat "$password_file")
origins=
addresses=
for ((i = 0; i < nodes; i++)); do
  addresses+=",http://127.0.0.1:$((port + i))"
  origins+=",http://127.0.0.1:$((port + i)),http://localhost:$((port + i))"
done

# Secrets go through the environment: everyone sees a command line.
start_node() {
  local i=$1
  mkdir -p "$folder/node-$((i + 1))"
  (
    cd "$folder/node-$((i + 1))"
    export Verb__Cluster__Secret=$cluster_secret
    export Verb__Storage__Postgres="Host=127.0.0.1;Port=$database_port;Username=verb;Password=$password;Database=postgres"
    exec dotnet exec "$server" --environment Development --urls "http://127.0.0.1:$((port + i))" \
      --Verb:Storage:Kind=postgres --Verb:Cluster:Name=local --Verb:Cluster:NodeId="node-$((i + 1))" \
      --Verb:Cluster:Listen="127.0.0.1:$((cluster_port + i))" --Verb:Drain:Grace=500ms \
      --Verb:Socket:AllowedOrigins="${origins#,}" --Verb:Demo:Addresses="${addresses#,}"
  ) </dev/null >>"$folder/log/node-$((i + 1)).log" 2>&1 &
  pids[i]=$!
  disown
}

await_node() {
  local i=$1
  until dotnet exec "$server" healthcheck "http://127.0.0.1:$((port + i))" </dev/null >/dev/null 2>&1; do
    alive "${pids[i]}" || fail "node-$((i + 1)) did not start: $(tail -n 1 "$folder/log/node-$((i + 1)).log")"
  done
}

for ((i = 0; i < nodes; i++)); do start_node "$i"; done
for ((i = 0; i < nodes; i++)); do await_node "$i"; done

# --- What to try

line() { printf '  node-%s      http://127.0.0.1:%s   pid %s\n' $(($1 + 1)) $((port + $1)) "${pids[$1]}"; }

echo
echo "A cluster of $nodes runs on this machine. Stop it with Ctrl-C."
echo
for ((i = 0; i < nodes; i++)); do line "$i"; done
printf '  PostgreSQL  127.0.0.1:%s         pid %s\n' "$database_port" "$postgres_pid"
printf '  logs in     %s\n\n' "$folder/log"
if [ "$nodes" -gt 1 ]; then
  cat <<TEXT
Try this:
  1. Open http://127.0.0.1:$port/?name=Ada and http://127.0.0.1:$((port + 1))/?name=Ben, and let them chat.
  2. kill -9 ${pids[0]}
     Ada's page comes back on another node; nothing is lost, and Ben's goes on all the while.
  3. Start the node again: type its number, 1, and Enter.

TEXT
fi

# --- Until Ctrl-C

while true; do
  for i in "${!pids[@]}"; do
    if ! alive "${pids[i]}"; then
      unset "pids[i]"
      echo "node-$((i + 1)) has ended; the others go on. Type $((i + 1)) and Enter to start it again."
    fi
  done
  alive "$postgres_pid" || fail "PostgreSQL has ended: $folder/log/postgres.log"
  if [ -t 0 ]; then
    answer=
    read -r -t 1 answer || true
    if [[ $answer =~ ^[1-9]$ ]] && [ "$answer" -le "$nodes" ] && [ -z "${pids[answer - 1]:-}" ]; then
      start_node $((answer - 1))
      await_node $((answer - 1))
      line $((answer - 1))
    fi
  else
    sleep 1 &
    wait $! || true
  fi
done
