/** What `ibex --help` shows. */
export const generalHelp = `Usage: ibex <command>

Commands:
  up          Start proxy, auth, collector and console on this machine
  doctor      Look at what telemetry needs to arrive, and say what to do
  gate        Hold services, or a source tree, against the telemetry contract
  contract    Compare contracts, or write the contract as JSON or as a reference page

Options:
  --help      Show this, or the help of a command: ibex up --help
  --version   Show the version
`;

/** What `ibex up --help` shows. */
export const upHelp = `Usage: ibex up

Starts the proxy, the auth service, the collector and the console on 127.0.0.1, waits until all are
ready, and prints a request to send and a link to see it. Ctrl-C stops everything, a second one at once.

Environment:
  IBEX_PROXY_PORT                 the LLM gateway                        8080
  IBEX_AUTH_HTTP_PORT             auth, HTTP                             8081
  IBEX_AUTH_GRPC_PORT             auth, gRPC                            50051
  IBEX_COLLECTOR_OTLP_GRPC_PORT   collector, OTLP over gRPC              4317
  IBEX_COLLECTOR_OTLP_HTTP_PORT   collector, OTLP over HTTP              4318
  IBEX_COLLECTOR_QUERY_PORT       collector, queries                     8082
  IBEX_CONSOLE_PORT               the console                            8090
  IBEX_DATA_DIR                   everything that is kept               .ibex
  IBEX_CONFIG                     configuration file              config.yaml
  OTEL_SAMPLE_RATIO               share of requests that are traced         1
  OTEL_DEPLOYMENT_ENVIRONMENT     or IBEX_ENV; environment        development
  IBEX_LOG_LEVEL                  DEBUG, INFO, WARN or ERROR             INFO
  OPENAI_API_KEY                  for the proxy alone; without it the echo provider answers
  DATABASE_URL                    for auth alone; without it an embedded Postgres
  REDIS_URL                       for the proxy alone; without it limits are kept in memory
  NO_COLOR                        no colours
`;
