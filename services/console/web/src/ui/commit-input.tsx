import { TextInput, type TextInputProps } from '@mantine/core';
import { type ReactElement, useState } from 'react';

interface CommitInputProps extends Omit<TextInputProps, 'value' | 'onChange' | 'defaultValue'> {
  value: string | undefined;
  /** Called with the trimmed text, or undefined when it was emptied. */
  onCommit: (value: string | undefined) => void;
  /** Says what is wrong with a text, which then is not committed. */
  check?: (text: string) => string | undefined;
}

/** A text field whose text takes effect on Enter or on leaving it, not with every key. */
export function CommitInput({ value, onCommit, check, ...rest }: CommitInputProps): ReactElement {
  const [draft, setDraft] = useState(value ?? '');
  const [lastValue, setLastValue] = useState(value);
  const [wrong, setWrong] = useState<string>();
  if (value !== lastValue) {
    setLastValue(value);
    setDraft(value ?? '');
    setWrong(undefined);
  }

  function commit(): void {
    const text = draft.trim();
    const complaint = text === '' ? undefined : check?.(text);
    setWrong(complaint);
    if (complaint === undefined && text !== (value ?? '')) onCommit(text === '' ? undefined : text);
  }

  return (
    <TextInput
      {...rest}
      value={draft}
      error={wrong}
      maxLength={500}
      spellCheck={false}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
      }}
    />
  );
}
