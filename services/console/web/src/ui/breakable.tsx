import { Fragment, type ReactElement } from 'react';

/** A long name that may break after its separators, instead of anywhere. */
export function Breakable({ name }: { name: string }): ReactElement {
  const parts = name.split(/(?<=[._/-])/).slice(0, 100);
  return (
    <>
      {parts.map((part, position) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of a name have no other identity
        <Fragment key={position}>
          {part}
          <wbr />
        </Fragment>
      ))}
    </>
  );
}
