// A signal as a rule raises it: of a machine that nothing else speaks of, so that it makes a finding of its own.
import type { Signal } from "../../detectors/detector.ts";
import type { Raised } from "./commands.ts";
import { TENANT } from "./settings.ts";

/** Of a finding. */
export const WINDOW_MS = 4 * 3_600_000;

export function signalOf({ number, level, at }: Raised): Signal {
  const host = `host-${number}.kreis.example`;
  return {
    id: `signal-${number}`,
    tenant: TENANT,
    detector: {
      ...{ id: `detector-${level}`, kind: "sigma", title: `Probe ${level}`, level },
      ...{ status: "test", origin: "probe" },
      ...{ description: "", techniques: [], tactics: [], falsePositives: [], references: [] },
      ...{ response: ["Host vom Netz nehmen"], suppress: undefined },
    },
    ...{ time: at, raisedAt: at, groupKey: `host:${host}`, source: "probe" },
    ...{ entities: [{ type: "host", value: host }], matched: [] },
    events: [{ id: `event-${number}`, time: at, document: { "host.name": host } }],
  };
}
