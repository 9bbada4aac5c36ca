import { type Finding, ok, problem, skipped, warning } from '../model.ts';
import type { ClockReading } from './send.ts';

const noticeableMs = 2_000;
const harmfulMs = 5 * 60_000;
/** `Date` has whole seconds, cut off: on average the instant was half a second later. */
const halfSecondMs = 500;

/** How far the collector's clock is from this machine's, from the `Date` header of an answer. */
export function judgeClock(reading: ClockReading | undefined): Finding {
  const name = 'clock';
  const date = Date.parse(reading?.date ?? '');
  if (reading === undefined || Number.isNaN(date)) {
    return skipped(name, 'the collector does not say its time over gRPC');
  }
  const here = (reading.sentAtUnixMs + reading.answeredAtUnixMs) / 2;
  const skewMs = date + halfSecondMs - here;
  const uncertaintyMs = halfSecondMs + (reading.answeredAtUnixMs - reading.sentAtUnixMs) / 2;
  const sureMs = Math.max(Math.abs(skewMs) - uncertaintyMs, 0);
  if (sureMs < noticeableMs)
    return ok(name, `agrees with this machine's to about ${Math.ceil(uncertaintyMs / 100) / 10} s`);
  const message = `the collector's is ${(Math.abs(skewMs) / 1000).toFixed(0)} s ${skewMs > 0 ? 'ahead of' : 'behind'} this machine's`;
  const advice =
    'Let both machines follow a time server (timedatectl, chrony): spans of different machines stand in the wrong order.';
  return sureMs < harmfulMs ? warning(name, message, advice) : problem(name, message, advice);
}
