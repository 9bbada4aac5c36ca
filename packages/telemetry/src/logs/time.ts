const millisecondsPerSecond = 1_000;

const millisecondDigits = Array.from({ length: 1_000 }, (_, value) => `.${String(value).padStart(3, '0')}Z`);
let second = Number.NaN;
let secondText = '';

/** An instant in RFC 3339; the part up to the second is rendered once a second. */
export function formatTime(unixMs: number): string {
  const ownSecond = Math.floor(unixMs / millisecondsPerSecond);
  if (ownSecond !== second) {
    second = ownSecond;
    secondText = new Date(ownSecond * millisecondsPerSecond).toISOString().slice(0, 19);
  }
  return secondText + millisecondDigits[unixMs - ownSecond * millisecondsPerSecond];
}
