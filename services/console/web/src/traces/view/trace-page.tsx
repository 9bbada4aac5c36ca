import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactElement, useMemo } from 'react';
import { PageFrame } from '../../shell/page-frame.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ListSkeleton } from '../../ui/list-skeleton.tsx';
import { ProblemMessage } from '../../ui/problem-message.tsx';
import { TraceMissing } from './trace-missing.tsx';
import styles from './trace-page.module.css';
import { isMissing, traceQuery } from './trace-query.ts';
import { TraceSummary } from './trace-summary.tsx';
import { TraceView } from './trace-view.tsx';
import { layoutTrace } from './waterfall-layout.ts';

const route = getRouteApi('/_app/traces/$traceId');

/** One trace: where its time went, and everything its spans say. */
export function TracePage(): ReactElement {
  const { traceId } = route.useParams();
  const trace = useQuery(traceQuery(traceId));
  const layout = useMemo(
    () => (trace.data === undefined ? undefined : layoutTrace(trace.data.spans)),
    [trace.data],
  );
  const name = layout?.rows[0]?.span.name ?? `Trace ${traceId.slice(0, 8)}`;
  return (
    <PageFrame title={name} time="zone" scroll={false} heading={<TraceHeading name={name} />}>
      {trace.isPending && <ListSkeleton label="Reading the trace" />}
      {trace.isError && trace.data === undefined && isMissing(trace.error) && (
        <TraceMissing traceId={traceId} retry={() => void trace.refetch()} />
      )}
      {trace.isError && trace.data === undefined && !isMissing(trace.error) && (
        <ProblemMessage
          error={trace.error}
          title="The trace could not be read"
          retry={() => void trace.refetch()}
        />
      )}
      {trace.data !== undefined && layout !== undefined && (
        <>
          <TraceSummary trace={trace.data} layout={layout} />
          <TraceView key={traceId} layout={layout} />
        </>
      )}
    </PageFrame>
  );
}

function TraceHeading({ name }: { name: string }): ReactElement {
  return (
    <div className={styles.heading}>
      <Link to="/traces" className={styles.back}>
        Traces
      </Link>
      <Icon name="chevronRight" size={13} />
      <h1 className={styles.title} title={name}>
        {name}
      </h1>
    </div>
  );
}
