import type { DuckDBConnection } from '@duckdb/node-api';
import { CounterBirths } from './counter-births.ts';
import { MetadataRegistry } from './metadata-registry.ts';
import { Sequence } from './sequence.ts';
import { SeriesRegistry } from './series-registry.ts';
import { ServiceRegistry } from './service-registry.ts';

/** What the worker knows by heart. */
export interface Registries {
  sequence: Sequence;
  series: SeriesRegistry;
  metadata: MetadataRegistry;
  services: ServiceRegistry;
  births: CounterBirths;
}

export async function loadRegistries(
  connection: DuckDBConnection,
  { maxSeries }: { maxSeries: number },
): Promise<Registries> {
  const registries = {
    sequence: await Sequence.load(connection),
    series: new SeriesRegistry({ maxSeries }),
    metadata: new MetadataRegistry(),
    services: new ServiceRegistry(),
    births: new CounterBirths(),
  };
  await registries.series.load(connection);
  await registries.metadata.load(connection);
  await registries.services.load(connection);
  return registries;
}
