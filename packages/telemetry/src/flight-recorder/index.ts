export { formatAnnouncement, maximumLineLength, parseAnnouncement } from './announcement-line.ts';
export { FlightRecorder, type KeepSource } from './flight-recorder.ts';
export { HttpKeepBus } from './http-keep-bus.ts';
export { type HttpBusEndpoint, keepBusPath } from './http-request.ts';
export type { Announcement, KeepBus } from './keep-bus.ts';
export type { AnnouncementLoss, KeepBusObserver } from './keep-bus-observer.ts';
export { type KeepReason, keepHeader, keepReasonAttribute } from './keep-reason.ts';
export { LineReader } from './line-reader.ts';
