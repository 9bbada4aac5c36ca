import type { Schemas } from '../../api/client.ts';
import type { WaterfallLayout } from './waterfall-layout.ts';

type TraceFacts = Pick<Schemas['Trace'], 'truncated' | 'spanCount' | 'spans'>;

/** What a reader should know before trusting the picture: what is cut, hung elsewhere, or moved. */
export function noticesOf(trace: TraceFacts, layout: WaterfallLayout): string[] {
  const notices: string[] = [];
  if (trace.truncated)
    notices.push(`The trace has ${trace.spanCount} spans; the earliest ${trace.spans.length} are shown.`);
  const orphans = layout.rows.filter((row) => row.mark !== 'none').length;
  if (orphans === 1) notices.push('One span has no parent in this trace and stands at the top level.');
  if (orphans > 1) notices.push(`${orphans} spans have no parent in this trace and stand at the top level.`);
  if (layout.skewedCount > 0) {
    const moved = layout.skewedCount === 1 ? 'one span was' : `${layout.skewedCount} spans were`;
    notices.push(`The clocks of the hosts disagree: ${moved} moved into the call that caused it.`);
  }
  return notices;
}
