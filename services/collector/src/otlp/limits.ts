/** Bounds on what one OTLP request may make the collector hold. Beyond them data is cut visibly and counted. */
export const OTLP_LIMITS = {
  /** Spans, log records or data points of one request; the rest is rejected by partial success. */
  recordsPerRequest: 100_000,
  /** Attribute values of one request, nested ones included. */
  valuesPerRequest: 1_000_000,
  /** Samples the data points of one request may become: a histogram point is one sample for each bucket. */
  samplesPerRequest: 250_000,
  attributesPerRecord: 256,
  eventsPerSpan: 512,
  linksPerSpan: 512,
  /** Levels of arrays and maps inside one attribute. */
  valueDepth: 12,
  /** Elements of one array or entries of one map inside an attribute. */
  valueBreadth: 512,
  /** Characters. */
  keyLength: 256,
  nameLength: 1_024,
  attributeLength: 65_536,
  messageLength: 262_144,
  labelsPerSeries: 64,
  labelLength: 1_024,
  /** Buckets of one histogram point, or quantiles of one summary point. */
  bucketsPerPoint: 1_024,
} as const;

/** Stands where something was cut, so that no reader takes the rest for the whole. */
export const TRUNCATION_MARK = '…[truncated]';
