import type { SqlTelemetry } from '@ibex/telemetry/sql';
import { type Database, DatabaseError, maximumWaiting, type Queryable, type Statement } from './database.ts';

function measuredQueries(queryable: Queryable, sql: SqlTelemetry): Queryable {
  return {
    query: <Row extends object>(statement: Statement) =>
      sql.measure(statement.operation, () => queryable.query<Row>(statement)),
  };
}

/**
 * The database with a span and a duration for every statement and transaction, the state of its pool, and a limit on
 * what may wait for it.
 */
export function measuredDatabase(database: Database, sql: SqlTelemetry): Database {
  const queries = measuredQueries(database, sql);
  let underWay = 0;

  async function admitted<Result>(task: () => Promise<Result>): Promise<Result> {
    if (underWay >= maximumWaiting) {
      throw new DatabaseError(`${underWay} statements wait for the database already: try again later`, {
        unavailable: true,
      });
    }
    underWay += 1;
    try {
      const running = task();
      sql.setPool(database.poolState());
      return await running;
    } finally {
      underWay -= 1;
      sql.setPool(database.poolState());
    }
  }

  return {
    query: <Row extends object>(statement: Statement) => admitted(() => queries.query<Row>(statement)),
    transaction: (run) =>
      admitted(() =>
        sql.measure('transaction', () =>
          database.transaction((transaction) => run(measuredQueries(transaction, sql))),
        ),
      ),
    ping: () => admitted(() => sql.measure('ping', () => database.ping())),
    poolState: () => database.poolState(),
    // Reads several times a second for as long as the service runs: spans of them would bury everything else.
    listen: (channel, onNotification) => database.listen(channel, onNotification),
    close: () => database.close(),
  };
}
