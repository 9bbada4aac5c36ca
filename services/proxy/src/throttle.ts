/**
 * Lets a notice through at most once per interval, so that an outage is reported and not repeated with every request.
 * `report` gets how many were held back since the last one.
 */
export function createThrottle<Subject>(
  intervalMs: number,
  report: (subject: Subject, suppressed: number) => void,
): (subject: Subject) => void {
  let nextAt = Number.NEGATIVE_INFINITY;
  let suppressed = 0;
  return (subject) => {
    const now = performance.now();
    if (now < nextAt) {
      suppressed += 1;
      return;
    }
    nextAt = now + intervalMs;
    report(subject, suppressed);
    suppressed = 0;
  };
}
