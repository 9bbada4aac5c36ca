/** What `ibex contract --help` shows. */
export const contractHelp = `Usage: ibex contract diff OLD NEW [--used-by DIRECTORY]… [--json]
       ibex contract json [--contract FILE] [--output FILE]
       ibex contract docs [--contract FILE] [--output FILE]

diff      what changed between two contracts: which change breaks which alert, dashboard, objective or consumer, and
          which are compatible. Exit code 1 when something breaks.
json      the contract for programs in other languages, always in the same order
docs      the contract as a reference page in Markdown

OLD, NEW and --contract name a module that exports a contract, or the JSON that \`ibex contract json\` writes; - reads
that JSON from standard input: git show main:docs/reference/contract.json | ibex contract diff - docs/reference/contract.json

Options:
  --used-by DIRECTORY    where dashboards (Grafana JSON), rules (Prometheus YAML) and other consumers are looked for;
                         repeatable. Default: deploy, services and docs of the working directory, as far as they exist
  --contract FILE        instead of the shipped contract
  --output FILE          instead of standard output
  --json                 the differences as JSON
`;
