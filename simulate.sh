#!/usr/bin/env bash
# Simulates whole clusters with faults drawn from seeds, and checks that nothing was lost, doubled, reordered or left behind.
#   ./simulate.sh --seeds 20000 --from 1
set -euo pipefail
cd "$(dirname "$0")"
command -v dotnet >/dev/null || { echo "simulate.sh: the .NET SDK 10 is missing: https://dot.net" >&2; exit 2; }
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
dotnet build tests/Verb.Simulation -c Release -v quiet --nologo
exec env DOTNET_gcServer=0 DOTNET_TieredPGO=0 dotnet tests/Verb.Simulation/bin/Release/net10.0/Verb.Simulation.dll "$@"
