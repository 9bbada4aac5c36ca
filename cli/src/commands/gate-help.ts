/** What `ibex gate --help` shows. */
export const gateHelp = `Usage: ibex gate metrics|traces|logs… (--start SERVICES | --url BASE) [options]
       ibex gate source [DIRECTORY] [--config FILE] [--json] [--junit FILE]

Holds services, or a source tree, against the telemetry contract. Several gates may be named at once.
Exit code 0: nothing found. 1: findings. 2: the arguments make no sense.

metrics   /metrics in text 0.0.4 and OpenMetrics: the gate's own lint, and promtool where it is installed
traces    the spans of the probe requests: roots, names, parents, attributes, error status
logs      the lines: fields, types, correlation ids, no secrets
source    the code: telemetry is started, servers are wrapped, consumers open spans, nothing goes past it

Targets:
  --start SERVICES       start collector, auth, proxy, console (by comma) or all, with data of their own
  --url BASE             a service that runs already, e.g. http://127.0.0.1:8080
  --start SCRIPT --url BASE --service NAME
                         a service of yours: Node runs the script, which reads IBEX_CONFIG as runService does
  --service NAME         its name in the contract; a running service is asked at /healthz
  --metrics-url BASE     where /metrics, /healthz and /readyz are, when they have a port of their own
  --ready-path PATH      answers 200 once a script is ready                      /readyz
  --metrics-path PATH    where its metrics are                                   /metrics
  --credentials FILE     JSON with what its probes name, e.g. .ibex/credentials.json
  --collector URL        the query API of the collector its spans and lines go to
  --token TOKEN          of that API; better: the variable IBEX_COLLECTOR_QUERY_TOKEN

A running service has to record every trace (OTEL_SAMPLE_RATIO=1) and to log at DEBUG for traces and logs to be whole;
what the gate starts does. Probes that change something are sent only to what the gate has started.

Options:
  --contract FILE        a contract of your own: a module that exports it (and its probes), or its JSON
  --config FILE          for source                                              ibex-gate.json
  --json                 the report as JSON
  --junit FILE           also write the report as JUnit XML
`;
