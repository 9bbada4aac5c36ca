import type { Schemas } from '../../api/client.ts';

export type Span = Schemas['Span'];

/** Why a row stands at the top level although its span names a parent. */
export type RowMark = 'none' | 'missing-parent' | 'cycle';

/** One span in the order of the waterfall. Instants and durations are nanoseconds; starts count from the trace's start. */
export interface WaterfallRow {
  span: Span;
  depth: number;
  startNano: number;
  durationNano: number;
  /** Position of the parent's row, -1 at the top. */
  parent: number;
  /** Rows of the subtree, this one included. */
  subtreeSize: number;
  childCount: number;
  /** Failed spans below this one. */
  errorsBelow: number;
  mark: RowMark;
  /** How far the row was moved because the clocks of two hosts disagree; 0 when it was not. */
  skewNano: number;
}

export interface WaterfallLayout {
  rows: WaterfallRow[];
  startUnixNano: bigint;
  durationNano: number;
  /** Number of rows that were moved for disagreeing clocks. */
  skewedCount: number;
  rowOfSpan: Map<string, number>;
}

interface Node {
  span: Span;
  startNano: number;
  parent: Node | undefined;
  children: Node[];
  mark: RowMark;
  skewNano: number;
}

/**
 * Orders spans as a tree, depth first and by start. Every span gets exactly one row, whatever its links say: a span
 * whose parent is not there, and the earliest span of a cycle, become top rows with a mark.
 */
export function layoutTrace(spans: readonly Span[]): WaterfallLayout {
  const base = earliestStart(spans);
  const nodes = spans.map<Node>((span) => ({
    span,
    startNano: Number(unixNano(span) - base),
    parent: undefined,
    children: [],
    mark: 'none',
    skewNano: 0,
  }));
  nodes.sort((a, b) => a.startNano - b.startNano);
  const rows = rowsOf(linkNodes(nodes));
  return framed(rows, base);
}

/** The rows in view when the subtrees of some spans are closed: positions in `layout.rows`. */
export function visibleRows(layout: WaterfallLayout, collapsed: ReadonlySet<string>): number[] {
  const visible: number[] = [];
  for (let index = 0; index < layout.rows.length; ) {
    const row = layout.rows[index];
    if (row === undefined) break;
    visible.push(index);
    index += collapsed.has(row.span.spanId) ? row.subtreeSize : 1;
  }
  return visible;
}

/** The spans above a row, nearest first. */
export function ancestorsOf(layout: WaterfallLayout, index: number): Span[] {
  const ancestors: Span[] = [];
  let parent = layout.rows[index]?.parent ?? -1;
  while (parent >= 0) {
    const row = layout.rows[parent];
    if (row === undefined) break;
    ancestors.push(row.span);
    parent = row.parent;
  }
  return ancestors;
}

/** Time a span spent itself: its duration without what its children cover, in nanoseconds. */
export function selfTime(layout: WaterfallLayout, index: number): number {
  const row = layout.rows[index];
  if (row === undefined) return 0;
  const rowEnd = row.startNano + row.durationNano;
  let coveredNano = 0;
  let coveredUntil = row.startNano;
  for (let child = index + 1; child < index + row.subtreeSize; ) {
    const childRow = layout.rows[child];
    if (childRow === undefined) break;
    const start = Math.max(coveredUntil, childRow.startNano);
    const end = Math.min(rowEnd, childRow.startNano + childRow.durationNano);
    if (end > start) {
      coveredNano += end - start;
      coveredUntil = end;
    }
    child += childRow.subtreeSize;
  }
  return Math.max(0, row.durationNano - coveredNano);
}

function unixNano(span: Span): bigint {
  return /^\d{1,20}$/.test(span.startTimeUnixNano) ? BigInt(span.startTimeUnixNano) : 0n;
}

function earliestStart(spans: readonly Span[]): bigint {
  return (
    spans.reduce<bigint | null>((earliest, span) => {
      const start = unixNano(span);
      return earliest === null || start < earliest ? start : earliest;
    }, null) ?? 0n
  );
}

/** Hangs every node below its parent and returns the top nodes in order of start. */
function linkNodes(nodes: readonly Node[]): Node[] {
  const byId = new Map<string, Node>();
  for (const node of nodes) if (!byId.has(node.span.spanId)) byId.set(node.span.spanId, node);
  const top: Node[] = [];
  for (const node of nodes) {
    const parentId = node.span.parentSpanId;
    const parent = parentId === null ? undefined : byId.get(parentId);
    if (parentId === null) top.push(node);
    else if (parent === undefined) top.push(marked(node, 'missing-parent'));
    else {
      node.parent = parent;
      parent.children.push(node);
    }
  }
  return [...top, ...cutCycles(nodes, top)].sort((a, b) => a.startNano - b.startNano);
}

function marked(node: Node, mark: RowMark): Node {
  node.mark = mark;
  return node;
}

/** What no top node reaches hangs in a cycle: the earliest span of each is cut loose and becomes a top node. */
function cutCycles(nodes: readonly Node[], top: readonly Node[]): Node[] {
  const reached = new Set<Node>();
  reach(top, reached);
  const cut: Node[] = [];
  for (const node of nodes) {
    if (reached.has(node)) continue;
    if (node.parent !== undefined)
      node.parent.children = node.parent.children.filter((child) => child !== node);
    cut.push(marked(node, 'cycle'));
    reach([node], reached);
  }
  return cut;
}

function reach(from: readonly Node[], reached: Set<Node>): void {
  const pending = [...from];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    pending.push(...node.children);
  }
}

/** Walks the tree without recursion, so that depth is limited by memory alone. */
function rowsOf(top: readonly Node[]): WaterfallRow[] {
  const rows: WaterfallRow[] = [];
  const pending = top.map((node) => ({ node, depth: 0, parent: -1 })).reverse();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, depth, parent } = next;
    const parentRow = rows[parent];
    const skewNano = parentRow === undefined ? 0 : skewOf(node, parentRow);
    const index = rows.length;
    rows.push({
      span: node.span,
      depth,
      startNano: node.startNano + skewNano,
      durationNano: node.span.durationNano,
      parent,
      subtreeSize: 1,
      childCount: node.children.length,
      errorsBelow: 0,
      mark: node.mark,
      skewNano,
    });
    for (const child of node.children.toReversed())
      pending.push({ node: child, depth: depth + 1, parent: index });
  }
  sumUp(rows);
  return rows;
}

/**
 * A child that another host reports and that cannot lie within its caller by the clocks, is shown in the middle of it;
 * what hangs below moves along. Only calls have such bounds: a consumer may well start when its producer has ended.
 */
function skewOf(node: Node, parent: WaterfallRow): number {
  const inherited = parent.span.serviceName === node.span.serviceName ? parent.skewNano : 0;
  const isCall = parent.span.kind === 'client' && node.span.kind === 'server';
  if (!isCall || parent.span.serviceName === node.span.serviceName) return inherited;
  const slackNano = parent.durationNano - node.span.durationNano;
  if (slackNano < 0) return 0;
  const early = node.startNano < parent.startNano;
  const late = node.startNano + node.span.durationNano > parent.startNano + parent.durationNano;
  return early || late ? parent.startNano + slackNano / 2 - node.startNano : 0;
}

function sumUp(rows: WaterfallRow[]): void {
  for (let index = rows.length - 1; index >= 0; index--) {
    const row = rows[index];
    const parent = row === undefined ? undefined : rows[row.parent];
    if (row === undefined || parent === undefined) continue;
    parent.subtreeSize += row.subtreeSize;
    parent.errorsBelow += row.errorsBelow + (row.span.status === 'error' ? 1 : 0);
  }
}

/** Lets starts count from the earliest row, wherever disagreeing clocks have moved it. */
function framed(rows: WaterfallRow[], base: bigint): WaterfallLayout {
  const firstNano =
    rows.length === 0
      ? 0
      : rows.reduce((first, row) => Math.min(first, row.startNano), Number.POSITIVE_INFINITY);
  let durationNano = 1;
  let skewedCount = 0;
  const rowOfSpan = new Map<string, number>();
  rows.forEach((row, index) => {
    row.startNano -= firstNano;
    durationNano = Math.max(durationNano, row.startNano + row.durationNano);
    if (row.skewNano !== 0) skewedCount++;
    if (!rowOfSpan.has(row.span.spanId)) rowOfSpan.set(row.span.spanId, index);
  });
  return { rows, startUnixNano: base + BigInt(Math.round(firstNano)), durationNano, skewedCount, rowOfSpan };
}
