// How many injections, and how many harmless texts that look like them, the detector of manipulation
// attempts finds, each as the only value of an event.
import { createManipulationDetector } from "../../../detectors/manipulation/manipulation.ts";
import { FORMATS } from "../../../services/normalize/formats.ts";

const FORMAT = "ecs";
const detect = createManipulationDetector("de");

/** Kinds of manipulation in an event with this field alone. */
export function manipulationKinds(field: string, value: string): string[] {
  const shape = FORMATS.find(({ id }) => id === FORMAT)?.shape;
  if (shape === undefined) throw new RangeError(`no format ${FORMAT}`);
  const record = { [field]: value };
  const event = {
    ...{ id: "1", tenant: "kreis", source: "proxy", time: 0, ingestedAt: 0 },
    ...{ shape, record, text: JSON.stringify(record) },
  };
  return detect(event).map(({ detector }) => detector.id);
}

/** Wilson's interval at 95 % of a share (E. B. Wilson, 1927). */
export function wilson(hits: number, of: number): [number, number] {
  const z = 1.959964;
  const share = hits / of;
  const middle = share + z ** 2 / (2 * of);
  const half = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  const scale = 1 + z ** 2 / of;
  const bounds = [(middle - half) / scale, (middle + half) / scale] as const;
  return [Number(bounds[0].toFixed(6)), Number(bounds[1].toFixed(6))];
}
