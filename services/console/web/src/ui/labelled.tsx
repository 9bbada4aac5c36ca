import { Input } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';

/** A label above a control that has none of its own, aligned with the fields beside it. */
export function Labelled({ label, children }: { label: string; children: ReactNode }): ReactElement {
  return (
    <Input.Wrapper
      label={label}
      labelElement="div"
      size="xs"
      styles={{ label: { display: 'block', paddingTop: 2 } }}
    >
      {children}
    </Input.Wrapper>
  );
}
