import { Fragment, type ReactElement } from 'react';
import { keyed } from './keyed.ts';

/** A long name that may break after its separators, instead of anywhere. */
export function Breakable({ name }: { name: string }): ReactElement {
  const parts = name.split(/(?<=[._/-])/);
  return (
    <>
      {keyed(parts, (part) => part).map(({ key, item }) => (
        <Fragment key={key}>
          {item}
          <wbr />
        </Fragment>
      ))}
    </>
  );
}
