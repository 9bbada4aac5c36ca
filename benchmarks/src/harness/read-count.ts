/** A whole number the user gave as an option; ends the process with what is wrong about it otherwise. */
export function readCount<Name extends string>(
  values: Readonly<Record<Name, string>>,
  { name, maximum }: { name: Name; maximum: number },
): number {
  const count = Number(values[name]);
  if (Number.isInteger(count) && count >= 1 && count <= maximum) return count;
  process.stderr.write(
    `--${name} must be a whole number from 1 to ${maximum}: its present value is "${values[name]}".\n`,
  );
  process.exit(2);
}
