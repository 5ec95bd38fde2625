#!/usr/bin/env bash
# Sets everything up, starts the server and this machine's own agent, and stays until Ctrl-C or SIGTERM ends both.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'TXT'
usage: ./start.sh [--port PORT] [--host ADDRESS] [--data FOLDER] [--no-agent]

  --port PORT     port of the dashboard, the API and the agents (8080)
  --host ADDRESS  address to listen on (127.0.0.1; 0.0.0.0 for all)
  --data FOLDER   database, keys and the local agent's files (./data)
  --no-agent      do not monitor this machine
TXT
}

port=8080 host=127.0.0.1 data=data agent=yes
while [ $# -gt 0 ]; do
  case $1 in
    --port | --host | --data)
      [ $# -ge 2 ] || { echo "start.sh: $1 needs a value" >&2; exit 2; }
      declare "${1#--}=$2"
      shift 2
      ;;
    --port=* | --host=* | --data=*)
      name=${1%%=*}
      declare "${name#--}=${1#*=}"
      shift
      ;;
    --no-agent) agent=no; shift ;;
    -h | --help) usage; exit 0 ;;
    *) echo "start.sh: unknown option $1" >&2; usage >&2; exit 2 ;;
  esac
done

. eng/setup.sh
setup_tools
setup_engine
build_dashboard
build_dotnet src/Gateway
[ $agent = no ] || build_dotnet src/Agent

mkdir -p "$data"
pids=()
stop() {
  trap - INT TERM EXIT
  # The agent first: what it still has goes to a server that still listens.
  for pid in "${pids[@]}"; do
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
}
trap 'stop; exit 0' INT TERM
trap stop EXIT

dotnet src/Gateway/bin/Release/net10.0/statusmonitor-server.dll \
  --port "$port" --host "$host" --data "$data" --dashboard src/Dashboard/dist &
server=$!
pids=("$server")

# Where this machine reaches its own server, whatever addresses it listens on.
case $host in 0.0.0.0 | localhost) local_host=127.0.0.1 ;; '::') local_host='[::1]' ;; *:*) local_host="[$host]" ;; *) local_host=$host ;; esac
url="http://$local_host:$port"
if ! node eng/local-agent.mjs wait "$url" "$server"; then
  wait "$server" || exit $?
  exit 1
fi

if [ $agent = yes ]; then
  node eng/local-agent.mjs enrol "$url" "$data"
  dotnet src/Agent/bin/Release/net10.0/statusmonitor-agent.dll --config "$data/agent/agent_config.json" --spool "$data/agent/spool" &
  pids=($! "$server")
fi

echo
echo "  StatusMonitor is running: $url"
[ "$local_host" = 127.0.0.1 ] && [ "$host" = 127.0.0.1 ] || echo "  From other machines the dashboard asks for the operator key in $data/operator.key"
echo "  Ctrl-C stops it."
echo

# Whichever ends first ends the other: an agent that cannot run is worth knowing of at once.
wait -n "${pids[@]}" || status=$?
exit "${status:-0}"
