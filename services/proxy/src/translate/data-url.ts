const dataUrl = /^data:([\w.+/-]{1,100});base64,/;

/** The bytes of a data URL in base64, which stay as they are written; undefined for any other URL (RFC 2397). */
export function readDataUrl(url: unknown): { mediaType: string; base64: string } | undefined {
  const [head, mediaType] = (typeof url === 'string' ? dataUrl.exec(url) : undefined) ?? [];
  if (typeof url !== 'string' || head === undefined || mediaType === undefined) return undefined;
  return { mediaType, base64: url.slice(head.length) };
}
