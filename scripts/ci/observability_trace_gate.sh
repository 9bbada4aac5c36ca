#!/usr/bin/env bash
# Holds our sources and our running services against the telemetry contract. Exit code 1 when something is found.
# With a directory as argument, the reports are also written there as JUnit XML.
set -euo pipefail
directory=$(dirname "$0")/../..
reports=${1:+$(realpath "$1")}
cd "$directory"

ibex() { node scripts/run.mjs cli/src/main.ts "$@"; }

ibex gate source ${reports:+--junit "$reports/gate-source.xml"}
ibex gate metrics traces logs --start all ${reports:+--junit "$reports/gate-services.xml"}
