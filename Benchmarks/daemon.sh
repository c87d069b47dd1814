#!/usr/bin/env bash
# The whole daemon: fed over loopback by the simulator as its own process, publishing to a local nats-server.
# Prints events a second and CPU microseconds a message (user and system time of the daemon alone), and the daemon's CPU
# as a ratio to the simulator's in the same run, which does the mirror image of the network work.
#
# Usage: Benchmarks/daemon.sh [RECORDING] [ORDERS_PER_SECOND] [SECONDS]
set -euo pipefail

binary=${MARKETPRISM_BINARY:-.build/release/marketprism-collector}
recording=${1:-../shared/captures/binance-usdm-btcusdt-20240808.gz}
orders=${2:-20000}
seconds=${3:-15}
[ -x "$binary" ] || { echo "daemon.sh: $binary is missing; run make build" >&2; exit 1; }

work=$(mktemp -d)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# User and system time of a process in clock ticks of 10 ms.
cpu_ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; }

metric() { curl -sf "http://127.0.0.1:$http/metrics" | awk -v name="$1" 'index($1, name) == 1 { sum += $2 } END { printf "%d", sum }'; }

published() {
  curl -sf "http://127.0.0.1:$http/metrics" |
    awk '/^marketprism_events_total.*status="published"/ { sum += $2 } END { printf "%d", sum }'
}

start_nats() {
  nats=$(free_port)
  nats-server -a 127.0.0.1 -p "$nats" > "$work/nats.log" 2>&1 &
  pids+=($!)
}

# start_pair SIMULATOR_ARGUMENTS...: the simulator and a daemon that follows what it serves.
start_pair() {
  "$binary" simulate --listen 127.0.0.1:0 "$@" > "$work/endpoints" 2> "$work/simulator.log" &
  simulator=$!
  pids+=("$simulator")
  for _ in $(seq 100); do [ "$(wc -l < "$work/endpoints")" -ge 4 ] && break; sleep 0.1; done
  http=$(free_port)
  {
    echo "collector: { http_port: $http, log_level: warning }"
    echo "admin: { socket: $work/admin/collector.sock, roles: { operator: { groups: [] } } }"
    echo "nats: { url: \"nats://127.0.0.1:$nats\" }"
    echo "exchanges:"
    for market in $markets; do
      echo "  - exchange: binance"
      echo "    market_type: $market"
      echo "    symbols: [$symbols]"
      echo "    ws_url: $(awk -v key="$market.ws_url:" '$1 == key { print $2 }' "$work/endpoints")"
      echo "    base_url: $(awk -v key="$market.base_url:" '$1 == key { print $2 }' "$work/endpoints")"
    done
  } > "$work/collector.yaml"
  "$binary" run --config "$work/collector.yaml" > "$work/daemon.log" 2>&1 &
  daemon=$!
  pids+=("$daemon")
  for _ in $(seq 100); do curl -sf "http://127.0.0.1:$http/health/live" > /dev/null && return; sleep 0.1; done
  cat "$work/daemon.log" >&2
  exit 1
}

stop_pair() {
  kill "$daemon" "$simulator"
  wait "$daemon" "$simulator" 2>/dev/null || true
}

# report NAME MESSAGES EVENTS DAEMON_TICKS SIMULATOR_TICKS MILLISECONDS
report() {
  awk -v name="$1" -v messages="$2" -v events="$3" -v cpu="$4" -v other="$5" -v ms="$6" 'BEGIN {
    printf "%-22s %9d messages  %9d events published  %8.0f events/s  %6.2f CPU µs a message  %5.2f × the simulator'"'"'s CPU\n",
      name, messages, events, events * 1000 / ms, cpu * 10000 / messages, (other > 0 ? cpu / other : 0)
  }'
}

now() { date +%s%3N; }

start_nats

if [ -r "$recording" ]; then
  markets=perpetual
  symbols=BTCUSDT
  start_pair --recording "$recording" --speed max
  begin=$(now); ticks=$(cpu_ticks "$daemon"); other=$(cpu_ticks "$simulator")
  last=0
  end=$begin
  # The recording is over when nothing more has arrived for a second.
  while [ $(($(now) - begin)) -lt 60000 ]; do
    received=$(metric marketprism_messages_received_total)
    if [ "$received" != "$last" ]; then
      last=$received
      end=$(now)
    elif [ "$received" -gt 0 ] && [ $(($(now) - end)) -gt 1000 ]; then
      break
    fi
    sleep 0.05
  done
  report "recording, full speed" "$received" "$(published)" \
    $(($(cpu_ticks "$daemon") - ticks)) $(($(cpu_ticks "$simulator") - other)) $((end - begin))
  stop_pair
else
  echo "daemon.sh: $recording is not here: the recording's row is left out" >&2
fi

markets="spot perpetual"
symbols="BTCUSDT, ETHUSDT"
start_pair --events-per-second "$orders"
sleep 3
begin=$(now); ticks=$(cpu_ticks "$daemon"); other=$(cpu_ticks "$simulator")
received=$(metric marketprism_messages_received_total)
events=$(published)
sleep "$seconds"
received=$(($(metric marketprism_messages_received_total) - received))
events=$(($(published) - events))
end=$(now)
report "generated, $orders/s" "$received" "$events" $(($(cpu_ticks "$daemon") - ticks)) $(($(cpu_ticks "$simulator") - other)) $((end - begin))
stop_pair
