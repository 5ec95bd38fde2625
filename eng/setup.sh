# What start.sh and test.sh need on the machine, and how they build. Sourced, in the repository's root.

# Runs a command as root, if that can be had without asking.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi
}

# apt_install PACKAGE: on Debian and Ubuntu, as root.
apt_install() {
  command -v apt-get >/dev/null || return 1
  echo "Installing $1 ..."
  as_root apt-get update -qq >/dev/null && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1" >/dev/null
}

# install_package COMMAND PACKAGE: unless the command is there.
install_package() {
  command -v "$1" >/dev/null && return 0
  apt_install "$2" || true
  command -v "$1" >/dev/null
}

# The server hashes passwords with libsodium. Where it cannot be looked for, or not be installed, the server says so itself.
setup_sodium() {
  local libraries
  libraries=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null) || return 0
  case $libraries in *libsodium.so*) ;; *) apt_install libsodium23 || true ;; esac
}

setup_tools() {
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
  if ! command -v dotnet >/dev/null || ! dotnet --list-sdks | grep -q '^10\.'; then
    echo "The .NET 10 SDK is missing. Install it: on Debian and Ubuntu 'apt-get install dotnet-sdk-10.0' (from Microsoft's package feed), elsewhere from https://dotnet.microsoft.com/download/dotnet/10.0" >&2
    exit 1
  fi
  if ! install_package node nodejs || ! install_package npm npm || [ "$(node -p 'parseInt(process.versions.node)')" -lt 20 ]; then
    echo "Node.js 20 or later with npm is missing (found: $(node --version 2>/dev/null || echo none)). Install it from https://nodejs.org or your distribution." >&2
    exit 1
  fi
}

# Chooses the engine in one line: Orleans if its packages can be restored, else the embedded one. A failed attempt is remembered for a day,
# because asking a package source for what it does not have takes seconds at every start.
setup_engine() {
  local probe=artifacts/engine-probe
  mkdir -p artifacts
  if [ -z "${Engine:-}" ]; then
    if [ -n "$(find $probe.failed -mtime -1 2>/dev/null)" ]; then
      Engine=Embedded
    elif dotnet restore eng/OrleansPackages/OrleansPackages.csproj --artifacts-path "$probe" --verbosity quiet >"$probe.log" 2>&1; then
      Engine=Orleans
      rm -f $probe.failed
    else
      Engine=Embedded
      touch $probe.failed
    fi
    export Engine
  fi
  case $Engine in
    Orleans) echo "Engine: Orleans (the Microsoft Orleans packages are there)" ;;
    Embedded) echo "Engine: Embedded (this machine's package source does not have all of Microsoft Orleans)" ;;
    *) echo "Engine must be Orleans or Embedded, not '$Engine'." >&2; exit 2 ;;
  esac
  # What was restored for one engine does not build with the other.
  if [ "$(cat artifacts/engine 2>/dev/null)" != "$Engine" ]; then
    # In an image there are the sources alone.
    find $(ls -d src tests benchmarks 2>/dev/null) -name obj -type d -prune -not -path '*/node_modules/*' -exec rm -rf {} +
    echo "$Engine" > artifacts/engine
  fi
}

# build_dotnet PATH: restores and builds; quick if nothing changed, and all of its output if it fails.
build_dotnet() {
  local log="artifacts/build-$(basename "$1").log"
  if ! dotnet build "$1" -c Release -p:Engine="$Engine" --verbosity minimal -nologo -nodeReuse:false >"$log" 2>&1; then
    cat "$log" >&2
    echo "The build of $1 failed." >&2
    exit 1
  fi
}

# install_packages FOLDER: those of npm, unless they are there.
install_packages() {
  local stamp=$1/node_modules/.package-lock.json log=$PWD/artifacts/npm.log
  [ -e "$stamp" ] && [ ! "$1/package-lock.json" -nt "$stamp" ] && return
  echo "Installing the packages of $1 ..."
  (cd "$1" && npm ci --no-audit --no-fund --loglevel=error >"$log" 2>&1) || { cat "$log" >&2; exit 1; }
  touch "$stamp"
}

# Builds the dashboard if any of its sources is newer than what was built.
build_dashboard() {
  local built=src/Dashboard/dist/index.html
  if [ -e $built ] && [ -z "$(find src/Dashboard -newer $built -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -print -quit)" ]; then return; fi
  install_packages src/Dashboard
  echo "Building the dashboard ..."
  (cd src/Dashboard && npm run build >../../artifacts/dashboard.log 2>&1) || { cat artifacts/dashboard.log >&2; exit 1; }
}

# The end-to-end tests need a browser; without one they are skipped and say so.
setup_browser() {
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || install_package chromium chromium || echo "No chromium: the browser tests will be skipped. Install the package chromium to run them." >&2
}

# The tests of the PostgreSQL store run one of their own, as nobody and in a temporary folder; without the programs they are skipped and say so.
setup_postgres() {
  command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && return
  # The package would make a cluster and start it, which nobody asked for.
  if command -v apt-get >/dev/null && ! [ -e /etc/postgresql-common/createcluster.conf ]; then
    as_root mkdir -p /etc/postgresql-common && echo "create_main_cluster = false" | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
  fi
  apt_install postgresql && ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || echo "No PostgreSQL: its tests will be skipped. Install the package postgresql to run them." >&2
}

# The tests of the proxy before the gateways run a real one; without it they are skipped and say so. The package is only unpacked: installed, it would
# start one for all the machine.
setup_nginx() {
  command -v nginx >/dev/null || [ -x artifacts/nginx/usr/sbin/nginx ] && return
  if command -v apt-get >/dev/null && command -v dpkg >/dev/null; then
    echo "Fetching nginx ..."
    rm -rf artifacts/nginx-package
    mkdir -p artifacts/nginx-package
    (cd artifacts/nginx-package && { apt-get download -qq nginx || { as_root apt-get update -qq && apt-get download -qq nginx; }; } && dpkg -x nginx_*.deb ../nginx) >/dev/null 2>&1 || true
    rm -rf artifacts/nginx-package
  fi
  [ -x artifacts/nginx/usr/sbin/nginx ] || echo "No nginx: the tests of the proxy will be skipped. Install the package nginx to run them." >&2
}
