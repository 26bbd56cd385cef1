// Tells whether any event can belong to a rule's log source, as the tables of config/log-sources route
// them: a rule on a log source that nothing reaches never fires, and nobody would notice.
import type { LogSourceTable } from "../../config/log-sources.ts";
import { globMatches } from "../../detectors/sigma/glob.ts";
import type { LogSource } from "../../detectors/sigma/rule.ts";
import { parsePieces, plainText } from "../../detectors/sigma/value.ts";

type Conditions = LogSourceTable["routes"][number]["when"];

const NO_CONDITIONS: readonly Conditions[] = [{}];

/**
 * Makes the question. Two wildcards are taken to be able to meet, so that the answer "no" is certain.
 * Formats that the configuration maps may reach more.
 */
export function createReach(tables: readonly LogSourceTable[]): (source: LogSource) => boolean {
  const known = new Map<string, boolean>();
  return (source) => {
    const key = JSON.stringify([source.product, source.category, source.service]);
    const before = known.get(key);
    if (before !== undefined) return before;
    const reached = tables.some((table) => reaches(table, source));
    known.set(key, reached);
    return reached;
  };
}

function reaches(table: LogSourceTable, source: LogSource): boolean {
  const products = conditionsOf(table, source.product, (route) => [route.product]);
  const categories = conditionsOf(table, source.category, (route) => [
    route.category,
    ...route.also,
  ]);
  const services = conditionsOf(table, source.service, (route) => [
    route.service,
    ...route.alsoServices,
  ]);
  const open = source.product === undefined || source.product === table.product;
  return (open ? NO_CONDITIONS : products).some((product) =>
    categories.some(
      (category) =>
        canMeet(product, category) &&
        services.some((service) => canMeet(product, service) && canMeet(category, service)),
    ),
  );
}

// The conditions under which a route of the table gives the name; none at all when none is asked for.
function conditionsOf(
  table: LogSourceTable,
  name: string | undefined,
  namesOf: (route: LogSourceTable["routes"][number]) => readonly (string | undefined)[],
): readonly Conditions[] {
  if (name === undefined) return NO_CONDITIONS;
  return table.routes.filter((route) => namesOf(route).includes(name)).map(({ when }) => when);
}

function canMeet(one: Conditions, other: Conditions): boolean {
  return Object.entries(one).every(([field, value]) => {
    const second = Object.hasOwn(other, field) ? other[field] : undefined;
    if (second === undefined) return true;
    const texts = [String(value).toLowerCase(), String(second).toLowerCase()] as const;
    const pieces = [parsePieces(texts[0]), parsePieces(texts[1])] as const;
    // Of two patterns nobody asks whether they can meet; a text either fits the other's pattern or not.
    const [first, last] = [plainText(pieces[0]), plainText(pieces[1])];
    if (first !== undefined) return globMatches(pieces[1], first);
    return last === undefined || globMatches(pieces[0], last);
  });
}
