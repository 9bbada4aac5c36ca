.PHONY: ops-observability-trace-gate

# Sources and running services against the telemetry contract.
ops-observability-trace-gate:
	scripts/ci/observability_trace_gate.sh
