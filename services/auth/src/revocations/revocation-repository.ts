import type { Queryable } from '../database/database.ts';

/** What a verdict can be about. */
export type SubjectKind = 'token' | 'agent' | 'user' | 'organisation';

/** Something of which earlier verdicts hold no longer. */
export interface RevokedSubject {
  readonly kind: SubjectKind;
  readonly id: string;
}

/** A revocation with its place in the order of all. */
export interface NumberedRevocation extends RevokedSubject {
  readonly sequence: number;
}

/** What the database says about revocations, in one moment. */
export interface RevocationSnapshot {
  /** Tells this database from any other. */
  readonly epoch: string;
  /** The number of the latest revocation. */
  readonly head: number;
  /** In their order; from before `head - maximumBatch` there are none. */
  readonly revocations: readonly NumberedRevocation[];
}

/** Where instances hear that there is something to read. */
export const revocationChannel = 'ibex_revocations';

/** Who is further behind than this forgets everything instead. */
export const maximumBatch = 1000;

interface SnapshotRow {
  readonly epoch: string;
  readonly head: string;
  readonly sequence: string | null;
  readonly kind: SubjectKind | null;
  readonly subject_id: string | null;
}

/**
 * Says that verdicts about the subject hold no longer; every instance hears of it when the transaction commits. Called
 * last in a transaction: from here to its end no other one can publish.
 */
export async function publishRevocation(transaction: Queryable, subject: RevokedSubject): Promise<void> {
  await transaction.query({
    operation: 'revocation_insert',
    text: `with next as (update revocation_counter set value = value + 1 returning value),
        entry as (
          insert into revocations (sequence, kind, subject_id) select value, $1, $2 from next returning sequence
        )
      select pg_notify('${revocationChannel}', sequence::text) from entry`,
    values: [subject.kind, subject.id],
  });
}

/** Everything that was revoked after the given number. */
export async function readRevocations(database: Queryable, after: number): Promise<RevocationSnapshot> {
  const rows = await database.query<SnapshotRow>({
    operation: 'revocation_list',
    text: `select c.epoch, c.value::text as head, r.sequence::text as sequence, r.kind, r.subject_id
      from revocation_counter c
      left join revocations r on r.sequence > greatest($1::bigint, c.value - ${maximumBatch})
      order by r.sequence`,
    values: [after],
    preparedAs: 'revocations_after',
  });
  const [first] = rows;
  if (first === undefined) throw new Error('The counter of revocations is missing from the database.');
  const revocations = rows.flatMap(({ sequence, kind, subject_id: id }) =>
    sequence === null || kind === null || id === null ? [] : [{ sequence: Number(sequence), kind, id }],
  );
  return { epoch: first.epoch, head: Number(first.head), revocations };
}
