#!/usr/bin/env bash
# A cluster on this machine: PostgreSQL, silos and gateways, each a process of its own with the environment variables that containers get.
# What ends by itself or is killed is started again, as a service manager does. Ctrl-C ends all of it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'TEXT'
usage: tools/cluster.sh [OPTION VALUE]...

  --silos N           silos (2)
  --gateways N        gateways (2)
  --port PORT         of the first gateway; the others follow, and from 100, 200 and 300 more those of the silos (8080)
  --database STRING   a PostgreSQL there is: "Host=...;Username=...;Database=..." (one of its own in a temporary folder,
                      gone afterwards, run as nobody if this is root)
  --data FOLDER       for the first password of each gateway and for logs (a temporary folder, gone afterwards)
  --server FILE       statusmonitor-server.dll built on Orleans (it is built)
TEXT
}

silos=2 gateways=2 port=8080 database= data= server=
while [ $# -gt 0 ]; do
  case $1 in
    -h|--help) usage; exit 0 ;;
    --silos|--gateways|--port|--database|--data|--server) [ $# -ge 2 ] || { echo "$1 needs a value." >&2; exit 2; }; declare "${1#--}=$2"; shift 2 ;;
    *) echo "'$1' is not an option of tools/cluster.sh." >&2; usage >&2; exit 2 ;;
  esac
done
for number in silos gateways port; do
  [[ ${!number} =~ ^[0-9]+$ ]] && [ "${!number}" -ge 1 ] || { echo "--$number: '${!number}' is not a number of at least 1." >&2; exit 2; }
done

if [ -z "$server" ]; then
  . eng/setup.sh
  setup_tools
  setup_sodium
  Engine=Orleans setup_engine
  build_dashboard
  Engine=Orleans build_dotnet src/Gateway
  server=src/Gateway/bin/Release/net10.0/statusmonitor-server.dll
fi
[ -f "$server" ] || { echo "--server: there is no $server." >&2; exit 2; }

folder=$(mktemp -d "${TMPDIR:-/tmp}/statusmonitor-cluster-XXXXXX")
own_data= postgres=
[ -n "$data" ] || { data=$folder/data; own_data=yes; }
mkdir -p "$data"

# Tells all servers, and then those that have not ended.
tell() { for file in "$folder"/*.pid; do [ -e "$file" ] && kill "-$1" "$(cat "$file")" 2>/dev/null; done; }

# A server ends within 25 s by itself, also if it cannot reach anybody. Who presses Ctrl-C again must not leave half of it running.
stop() {
  trap - EXIT
  trap '' INT TERM HUP
  set +e
  touch "$folder/stopping"
  tell TERM
  for _ in $(seq 350); do
    [ -n "$(jobs -pr | grep -vx "${postgres:-none}")" ] || break
    sleep 0.1
  done
  tell KILL
  # The end of its input is the end of the database.
  exec 9>&-
  [ -n "$postgres" ] && wait "$postgres" 2>/dev/null
  rm -rf "$folder"
}

trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# A PostgreSQL that is reached over a socket in its folder and by nothing else, as somebody who may run one.
start_postgres() {
  local bin as=() script
  bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
  [ -n "$bin" ] || bin=$(dirname "$(readlink -f "$(command -v initdb || true)")")
  [ -x "$bin/initdb" ] || { echo "There is no PostgreSQL (initdb); install the package postgresql, or give one with --database." >&2; exit 1; }
  [ "$(id -u)" = 0 ] && as=(setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups)
  script='
    cd / && dir=$(mktemp -d "$2/statusmonitor-pg-XXXXXX") || exit 1
    "$1/initdb" -D "$dir/data" -U statusmonitor -A trust -E UTF8 --locale=C >"$dir/log" 2>&1 \
      && "$1/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 -o "-c listen_addresses= -c unix_socket_directories=$dir -c max_connections=300" start >/dev/null 2>&1 \
      && echo "$dir" || { cat "$dir/log" >&2; rm -rf "$dir"; exit 1; }
    trap "" INT
    cat >/dev/null
    "$1/pg_ctl" -D "$dir/data" -m fast -w stop >/dev/null 2>&1
    rm -rf "$dir"'
  mkfifo "$folder/to" "$folder/from"
  # Apart from the terminal: with Ctrl-C the servers end first.
  "${as[@]}" setsid /bin/sh -c "$script" postgres "$bin" "${TMPDIR:-/tmp}" <"$folder/to" >"$folder/from" &
  postgres=$!
  exec 9>"$folder/to"
  local socket
  read -r socket <"$folder/from" || { echo "PostgreSQL could not be started." >&2; exit 1; }
  database="Host=$socket;Username=statusmonitor;Database=postgres"
}

# keep NAME VARIABLE=VALUE...: runs a server with these settings, and again when it ends.
keep() {
  local name=$1 pid
  shift
  # A terminal sends these to all of its processes; but who keeps a server ends after it.
  trap '' INT HUP
  until [ -e "$folder/stopping" ]; do
    # Apart from the terminal: Ctrl-C is ours to pass on.
    env "$@" STATUSMONITOR_SERVERNAME="$name" STATUSMONITOR_DATA="$data/$name" STATUSMONITOR_DATABASE="$database" setsid dotnet "$server" 9>&- > >(sed -u "s/^/$name: /") 2>&1 &
    pid=$!
    echo $pid >"$folder/$name.pid"
    # Whoever told all of them to end may have done so just before.
    [ ! -e "$folder/stopping" ] || kill $pid 2>/dev/null || true
    wait $pid || true
    rm -f "$folder/$name.pid"
    [ -e "$folder/stopping" ] || { echo "$name ended; it is started again."; sleep 1; }
  done
}

[ -n "$database" ] || start_postgres
echo "Process ids are in $folder; data in $data$([ -n "$own_data" ] && echo ", gone afterwards")."
echo "The dashboard is at http://127.0.0.1:$port once gateway1 says that it is listening."
for i in $(seq "$silos"); do
  keep "silo$i" STATUSMONITOR_ROLE=silo STATUSMONITOR_PORT=$((port + 100 + i)) STATUSMONITOR_SILOPORT=$((port + 200 + i)) STATUSMONITOR_SILOGATEWAYPORT=$((port + 300 + i)) &
done
for i in $(seq "$gateways"); do
  keep "gateway$i" STATUSMONITOR_ROLE=gateway STATUSMONITOR_PORT=$((port + i - 1)) STATUSMONITOR_DASHBOARD=src/Dashboard/dist &
done
wait
