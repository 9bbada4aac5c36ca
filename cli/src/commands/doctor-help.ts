/** What `ibex doctor --help` shows. */
export const doctorHelp = `Usage: ibex doctor [--json] [--timeout SECONDS] [--no-send]

Looks at what telemetry needs to arrive, and says what to do about what is wrong: the configuration, Node, the way to
the collector (name, connection, TLS, authentication), a test span, metric and log line that it sends and looks for
again, clocks, what was dropped, the services, and what else the settings name. It changes nothing, needs nothing to
run, and shows no secret.

It reads the environment and config.yaml as \`ibex up\` and the services do: run it in the shell, and the directory, that
they are started from. The collector it looks at is the one OTEL_EXPORTER_OTLP_ENDPOINT names, else that of \`ibex up\`.

Exit code 0: at most warnings. 1: a problem. 2: the arguments make no sense.

Options:
  --json               the findings as JSON
  --timeout SECONDS    for everything together                         30
  --no-send            send no test records; only look
`;
