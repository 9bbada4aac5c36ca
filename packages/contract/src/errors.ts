/** One thing that is wrong with a contract. */
export interface ContractFinding {
  /** Path of the entry, e.g. `metrics.http_requests_total.labels.path`. */
  readonly entry: string;
  readonly rule: string;
  readonly value: string;
}

/** A contract that does not hold; the message lists every finding, one a line. */
export class ContractError extends Error {
  override name = 'ContractError';
  readonly findings: readonly ContractFinding[];

  constructor(findings: readonly ContractFinding[]) {
    const lines = findings.map(({ entry, rule, value }) => `  ${entry}: ${rule}; it is ${value}`);
    super(`The contract does not hold:\n${lines.join('\n')}`);
    this.findings = findings;
  }
}
