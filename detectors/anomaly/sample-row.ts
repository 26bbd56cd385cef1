// Samples of metrics as observations: all values that one record brought are one row of texts. Names of
// metrics and their labels are the sender's: they are cleaned and cut here, before anybody keeps or shows them.
import { ENTITY_TYPES, type Entity } from "../detector.ts";
import type { Observation } from "../keyed.ts";
import type { MetricSample } from "../metrics/metrics.ts";
import { hashText } from "../network/recent-table.ts";

/** One value of a record. */
export interface NamedValue {
  readonly metric: string;
  readonly value: number;
}

/** The values of one record: all of the same time and entity. Identities have to be pseudonyms. */
export interface SampleRecord {
  readonly id: string;
  /** Event time, milliseconds since 1970 UTC. */
  readonly time: number;
  readonly source: string;
  readonly entity: Entity;
  readonly values: readonly NamedValue[];
}

/** Values of one record that are looked at: the first ones. */
export const RECORD_SAMPLES_MAX = 200;
/** Value of an observation that holds samples. */
export const SAMPLES = "samples";

const NAME_CHARACTERS_MAX = 160;
const ENTITY_CHARACTERS_MAX = 200;
/** What a name shows; all else could end a sentence or look like one. */
const UNUSUAL = /[^\p{L}\p{N}_.:;,/\\%+@#*~()[\]{}=-]/gu;
/** Nearly all names are of these, which costs a tenth to see. */
const PLAIN = /^[\w.:;,/\\%+@#*~()[\]{}=-]*$/;

/** The record as an observation for this detector and key; undefined where it brings no value. */
export function observationOfSamples(
  { id, time, source, entity, values }: SampleRecord,
  { detector, key }: Pick<Observation, "detector" | "key">,
): Observation | undefined {
  const name = cleanName(entity.value, ENTITY_CHARACTERS_MAX);
  if (name === "") return undefined;
  const group = [entity.type, name];
  for (const { metric, value } of values) {
    if (group.length >= 2 + 2 * RECORD_SAMPLES_MAX) break;
    const clean = cleanName(metric, NAME_CHARACTERS_MAX);
    if (clean !== "" && Number.isFinite(value)) group.push(clean, String(value));
  }
  if (group.length === 2) return undefined;
  return { detector, key, time, id, rule: 0, group, value: SAMPLES, source };
}

/** The samples of such an observation; none where its row is of another version. */
export function samplesOfRow({
  id,
  time,
  source,
  group,
}: Pick<Observation, "id" | "time" | "source" | "group">): readonly MetricSample[] {
  const [typeName, value = ""] = group;
  const type = ENTITY_TYPES.find((one) => one === typeName);
  if (type === undefined || value === "") return [];
  const entity = { type, value };
  const samples: MetricSample[] = [];
  for (let at = 2; at + 1 < group.length; at += 2) {
    const metric = group[at] ?? "";
    const number = Number(group[at + 1] || Number.NaN);
    if (metric !== "" && Number.isFinite(number))
      samples.push({ id, time, source, entity, metric, value: number });
  }
  return samples;
}

/** Long names stay apart by a hash of the whole. */
function cleanName(text: string, charactersMax: number): string {
  const short = text.slice(0, charactersMax);
  const clean = PLAIN.test(short) ? short : short.replace(UNUSUAL, "_");
  return text.length <= charactersMax ? clean : `${clean}~${hashText(text).toString(16)}`;
}
