type Fields = Readonly<Record<string, unknown>>;

/**
 * Keeps the keys of a line to a closed set: fields outside it move into `details`, where nothing that reads lines by
 * their keys takes them for something else. Returns what it was given when all is known, which is the usual case.
 */
export function closeFields(options: {
  fields?: ReadonlySet<string>;
  onUnknownField?: (field: string) => void;
}): (fields: Fields | undefined) => Fields | undefined {
  const { fields: known, onUnknownField } = options;
  if (known === undefined) return (fields) => fields;

  function moveUnknown(fields: Fields): Fields {
    const kept: Record<string, unknown> = {};
    const moved: Record<string, unknown> = {};
    for (const key of Object.keys(fields)) {
      if (known?.has(key)) kept[key] = fields[key];
      else moved[key] = fields[key];
    }
    return { ...kept, details: { ...asTable(kept.details), ...moved } };
  }

  return (fields) => {
    for (const key in fields) {
      if (known.has(key)) continue;
      onUnknownField?.(key);
      return moveUnknown(fields);
    }
    return fields;
  };
}

function asTable(details: unknown): object {
  return typeof details === 'object' && details !== null ? details : {};
}
