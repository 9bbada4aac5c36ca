import type { Style } from '../../terminal/style.ts';
import type { Change } from './model.ts';

/** The differences as people read them. */
export function renderDiff(changes: readonly Change[], style: Style): string {
  const lines = changes.flatMap((change) => renderChange(change, style));
  const broken = changes.filter(({ breaking }) => breaking).length;
  const sum =
    changes.length === 0 ? 'no differences' : `${broken} breaking, ${changes.length - broken} compatible`;
  return `${[...lines, ...(lines.length === 0 ? [] : ['']), sum].join('\n')}\n`;
}

function renderChange({ entry, breaking, message, affects }: Change, style: Style): string[] {
  const { symbols } = style;
  const mark = breaking
    ? style.red(`${symbols.failed} breaking  `)
    : style.green(`${symbols.done} compatible`);
  return [
    `${mark}  ${style.bold(entry)}  ${message}`,
    ...affects.map(({ kind, name, at }) => {
      const place = at === undefined || at.startsWith(`${name}:`) ? (at ?? name) : `${name} (${at})`;
      return `               ${style.dim('breaks')} ${kind} ${place}`;
    }),
  ];
}
