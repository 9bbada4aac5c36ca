import { Button, TextInput } from '@mantine/core';
import { type FormEvent, type ReactElement, useState } from 'react';
import { inputOfInstant, instantOfInput } from './instant-input.ts';
import styles from './range-picker.module.css';
import { useTime } from './time-context.ts';
import { useTimeZone } from './time-zone.ts';

/** Two instants in the zone of the page, to the second. */
export function AbsoluteRangeForm({ onDone }: { onDone: () => void }): ReactElement {
  const { window, setWindow } = useTime();
  const zone = useTimeZone();
  const [start, setStart] = useState(() => inputOfInstant(window.startMs, zone));
  const [end, setEnd] = useState(() => inputOfInstant(window.endMs, zone));
  const [wrong, setWrong] = useState<string>();

  function submit(event: FormEvent): void {
    event.preventDefault();
    const chosen = { startMs: instantOfInput(start, zone), endMs: instantOfInput(end, zone) };
    const complaint = complaintAbout(chosen);
    setWrong(complaint);
    if (complaint !== undefined || chosen.startMs === undefined || chosen.endMs === undefined) return;
    setWindow({ startMs: chosen.startMs, endMs: chosen.endMs });
    onDone();
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput
        type="datetime-local"
        step={1}
        label={`From (${zone === 'utc' ? 'UTC' : 'local time'})`}
        value={start}
        onChange={(event) => setStart(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        step={1}
        label="To"
        value={end}
        onChange={(event) => setEnd(event.currentTarget.value)}
        error={wrong}
      />
      <Button type="submit" variant="light">
        Show this range
      </Button>
    </form>
  );
}

/** What is wrong with a range, or undefined. */
function complaintAbout({
  startMs,
  endMs,
}: {
  startMs: number | undefined;
  endMs: number | undefined;
}): string | undefined {
  if (startMs === undefined || endMs === undefined) return 'Fill in both instants.';
  if (endMs <= startMs) return 'The end must lie after the start.';
  return endMs - startMs > 90 * 86_400_000 ? 'A range may be 90 days long at most.' : undefined;
}
