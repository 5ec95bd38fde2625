#!/usr/bin/env bash
# Sets everything up and runs every test. The last line sums up all runners; the exit code is 0 only if nothing failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. eng/setup.sh

# What a shell starts in the background ignores SIGINT, and so would the agents that tests interrupt.
ignored=$(sed -n 's/^SigIgn:[[:space:]]*/0x/p' "/proc/$$/status" 2>/dev/null || true)
if (( ${ignored:-0} & 2 )); then exec env --default-signal=INT ./test.sh "$@"; fi

setup_tools
setup_sodium
setup_engine
setup_browser
setup_postgres
setup_nginx
install_packages src/Dashboard
install_packages tests/Deploy
build_dashboard

mkdir -p artifacts/tests
rm -f artifacts/tests/*
failed=0

echo "Dashboard: lint and tests"
(cd src/Dashboard && npm run --silent lint) || failed=1
(cd src/Dashboard && npx vitest run --reporter=default --reporter=json --outputFile=../../artifacts/tests/dashboard.json) || failed=1

echo "Deploy"
(cd tests/Deploy && node --test --test-reporter=spec --test-reporter-destination=stdout --test-reporter=junit --test-reporter-destination=../../artifacts/tests/deploy.xml) || failed=1

echo "Build"
build_dotnet StatusMonitor.sln

# A runner in which no test has ended for five minutes has failed; it must not stop the others.
# Fast ones first; the browser last. One at a time: each has the machine for itself, so that time-outs mean something.
for project in Protocol Engine Storage Agent Grains Channels Gateway Cluster EndToEnd; do
  echo "$project"
  dotnet test "tests/$project.Tests" -c Release -p:Engine="$Engine" --no-build --nologo --verbosity quiet \
    --blame-hang-timeout 5m --blame-hang-dump-type none \
    --logger "trx;LogFileName=$PWD/artifacts/tests/$project.trx" --logger "console;verbosity=minimal" || failed=1
done

node eng/test-summary.mjs artifacts/tests "$failed"
