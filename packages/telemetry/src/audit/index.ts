export { type AuditMetadata, AuditMetadataError, auditMetadata } from './audit.ts';
