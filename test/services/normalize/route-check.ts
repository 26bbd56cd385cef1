// Which Sigma log sources a record reaches by config/log-sources, for the tests of formats.
import { loadLogSources } from "../../../config/log-sources.ts";
import type { ParsedRecord, RecordShape } from "../../../detectors/event.ts";
import { createRouter } from "../../../detectors/sigma/route.ts";

const TABLES = loadLogSources();

/** `products / categories / services`, each joined by `+` in the order of the table. */
export function routeOf(shape: RecordShape, record: ParsedRecord): string {
  const table = TABLES.find((one) => one.families.includes(shape.family));
  const route = createRouter(shape, table, [], (one) => one)(record);
  return [route.products, route.categories, route.services]
    .map((set) => [...set].join("+"))
    .join(" / ");
}
