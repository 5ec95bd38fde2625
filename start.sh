#!/usr/bin/env bash
# Sets everything up, starts the server and this machine's own agent, and stays until Ctrl-C or SIGTERM ends both.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'TXT'
usage: ./start.sh [OPTION]...
       ./start.sh migrate [--data FOLDER] --database CONNECTION    moves what a server has in SQLite to PostgreSQL

  --port PORT               port of the dashboard, the API and the agents (8080)
  --host ADDRESS            address to listen on (127.0.0.1; 0.0.0.0 for all)
  --data FOLDER             database, keys and the local agent's files (./data)
  --database CONNECTION     PostgreSQL for everything: "Host=...;Username=...;Database=..." (none: all in SQLite, in the data folder);
                            a password better in STATUSMONITOR_DATABASE or PGPASSWORD
  --no-agent                do not monitor this machine
  --self-registration BOOL  whether anybody may make an account (true while only this machine reaches the server, else false)
  --reset-password NAME     give an account a new password and print it
TXT
}

if [ "${1:-}" = migrate ]; then
  . eng/setup.sh
  setup_tools
  setup_engine
  build_dotnet src/Gateway
  exec dotnet src/Gateway/bin/Release/net10.0/statusmonitor-server.dll "$@"
fi

port=8080 host=127.0.0.1 data=data agent=yes database= self_registration= reset_password=
while [ $# -gt 0 ]; do
  case $1 in
    --port | --host | --data | --database | --self-registration | --reset-password)
      [ $# -ge 2 ] || { echo "start.sh: $1 needs a value" >&2; exit 2; }
      name=${1#--}
      declare "${name//-/_}=$2"
      shift 2
      ;;
    --port=* | --host=* | --data=* | --database=* | --self-registration=* | --reset-password=*)
      name=${1%%=*}
      name=${name#--}
      declare "${name//-/_}=${1#*=}"
      shift
      ;;
    --no-agent) agent=no; shift ;;
    -h | --help) usage; exit 0 ;;
    *) echo "start.sh: unknown option $1" >&2; usage >&2; exit 2 ;;
  esac
done

. eng/setup.sh
setup_tools
setup_sodium
setup_engine
build_dashboard
build_dotnet src/Gateway
[ $agent = no ] || build_dotnet src/Agent

# For this user alone: it is where the keys and the hashes of passwords are.
[ -d "$data" ] || mkdir -p -m 700 "$data"
config="$data/agent/agent_config.json" enrolment=
server_options=(--port "$port" --host "$host" --data "$data" --dashboard src/Dashboard/dist)
[ -z "$database" ] || server_options+=(--database "$database")
[ -z "$self_registration" ] || server_options+=(--self-registration "$self_registration")
[ -z "$reset_password" ] || server_options+=(--reset-password "$reset_password")
if [ $agent = yes ] && [ ! -e "$config" ]; then
  # The server writes a token there with which this machine may add itself, once.
  mkdir -p "$data/agent"
  chmod 700 "$data/agent"
  enrolment="$data/agent/enrolment"
  rm -f "$enrolment"
  server_options+=(--local-enrolment "$enrolment")
fi

pids=()
stop() {
  trap - INT TERM EXIT
  # The agent first: what it still has goes to a server that still listens.
  for pid in "${pids[@]}"; do
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  [ -z "$enrolment" ] || rm -f "$enrolment"
}
trap 'stop; exit 0' INT TERM
trap stop EXIT

dotnet src/Gateway/bin/Release/net10.0/statusmonitor-server.dll "${server_options[@]}" &
server=$!
pids=("$server")

# Where this machine reaches its own server, whatever addresses it listens on.
case $host in 0.0.0.0 | localhost) local_host=127.0.0.1 ;; '::') local_host='[::1]' ;; *:*) local_host="[$host]" ;; *) local_host=$host ;; esac
url="http://$local_host:$port"
if ! node eng/local-agent.mjs wait "$url" "$server" "$enrolment"; then
  wait "$server" || exit $?
  exit 1
fi

agent_program=src/Agent/bin/Release/net10.0/statusmonitor-agent.dll
if [ -n "$enrolment" ]; then
  # What it prints is how to start the agent, which comes next.
  dotnet $agent_program enroll --server "$url" --token-file "$enrolment" --config "$config" >/dev/null
  rm -f "$enrolment"
elif [ $agent = yes ]; then
  node eng/local-agent.mjs follow "$url" "$config"
fi

# Right below what the server said: at its first start, and where one is reset, that is a password.
echo
echo "  StatusMonitor is running: $url"
echo "  Ctrl-C stops it."
echo

if [ $agent = yes ]; then
  dotnet $agent_program --config "$config" --spool "$data/agent/spool" &
  pids=($! "$server")
fi

# Whichever ends first ends the other: an agent that cannot run is worth knowing of at once.
wait -n "${pids[@]}" || status=$?
exit "${status:-0}"
