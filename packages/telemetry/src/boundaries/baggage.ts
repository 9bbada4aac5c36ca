import {
  type Baggage,
  type BaggageEntry,
  baggageEntryMetadataFromString,
  propagation,
} from '@opentelemetry/api';
import { redactText } from '../privacy/text.ts';

/** The limits of W3C Baggage, which are the least a platform has to carry: here they are also the most. */
const maximumBytes = 8_192;
const maximumMembers = 64;
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const value = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;
const properties = /^[\x20\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]*$/;

/**
 * Reads a `baggage` header (W3C Baggage), as far as its keys are allowed. Members that are malformed, repeated, hold a
 * secret, or lie beyond 8,192 bytes or 64 members are left out.
 */
export function parseBaggage(header: unknown, keys: ReadonlySet<string>): Baggage | undefined {
  if (typeof header !== 'string' || keys.size === 0) return undefined;
  const entries: Record<string, BaggageEntry> = {};
  let count = 0;
  for (let start = 0, members = 0; start < header.length && members < maximumMembers; members++) {
    const comma = header.indexOf(',', start);
    const end = comma === -1 ? header.length : comma;
    if (end > maximumBytes) break;
    const member = parseMember(header.slice(start, end), keys);
    if (member !== undefined && !Object.hasOwn(entries, member.key)) {
      entries[member.key] = member.entry;
      count++;
    }
    start = end + 1;
  }
  return count === 0 ? undefined : propagation.createBaggage(entries);
}

function parseMember(
  text: string,
  keys: ReadonlySet<string>,
): { key: string; entry: BaggageEntry } | undefined {
  const semicolon = text.indexOf(';');
  const pair = semicolon === -1 ? text : text.slice(0, semicolon);
  const equals = pair.indexOf('=');
  const key = pair.slice(0, Math.max(equals, 0)).trim();
  const encoded = pair.slice(equals + 1).trim();
  if (!keys.has(key) || !token.test(key) || !value.test(encoded)) return undefined;
  if (redactText(text) !== text) return undefined;
  const metadata = semicolon === -1 ? '' : text.slice(semicolon + 1).trim();
  try {
    const entry = { value: decodeURIComponent(encoded) };
    if (redactText(entry.value) !== entry.value) return undefined;
    if (metadata === '') return { key, entry };
    return { key, entry: { ...entry, metadata: baggageEntryMetadataFromString(metadata) } };
  } catch {
    return undefined;
  }
}

/** The `baggage` header for what is allowed of it; undefined when nothing is. Members that do not fit are left out. */
export function formatBaggage(baggage: Baggage, keys: ReadonlySet<string>): string | undefined {
  const members: string[] = [];
  let bytes = 0;
  for (const [key, { value: text, metadata }] of baggage.getAllEntries()) {
    if (members.length >= maximumMembers) break;
    if (!keys.has(key) || !token.test(key) || !text.isWellFormed()) continue;
    const more = metadata?.toString() ?? '';
    const member = `${key}=${encodeURIComponent(text)}${more !== '' && properties.test(more) ? `;${more}` : ''}`;
    const length = member.length + (members.length === 0 ? 0 : 1);
    if (bytes + length > maximumBytes) continue;
    members.push(member);
    bytes += length;
  }
  return members.length === 0 ? undefined : members.join(',');
}
