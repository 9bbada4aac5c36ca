export { formatAnnouncement, maximumLineLength, parseAnnouncement } from './announcement-line.ts';
export { FlightRecorder, type KeepSource } from './flight-recorder.ts';
export { keepBusPath } from './http-request.ts';
export type { Announcement, KeepBus } from './keep-bus.ts';
export { type KeepReason, keepHeader, keepReasonAttribute } from './keep-reason.ts';
export { LineReader } from './line-reader.ts';
