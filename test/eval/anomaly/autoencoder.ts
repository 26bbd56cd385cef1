// How many attacks the autoencoder alone finds among the three highest account-days per day, in draws of our
// own county: trained on the weeks before the attacks, judged on the days with them.
import { createAutoencoder } from "../../../detectors/anomaly/autoencoder/autoencoder.ts";
import { alwaysInForce } from "../../../detectors/anomaly/autoencoder/live-autoencoder.ts";
import {
  loadAutoencoder,
  quietRows,
  trainAutoencoder,
} from "../../../detectors/anomaly/autoencoder/model.ts";
import { openBackend, type TensorBackend } from "../../../detectors/anomaly/backend.ts";
import type { Figure } from "../../bench/figure.ts";
import { drawCounty } from "../../detectors/anomaly/behaviour/county-days.ts";

const DAY_MS = 86_400_000;
const ALERTS_PER_DAY = 3;
const FIRST_SEED = 4001;
const DRAWS = 3;
const COUNTY = { accounts: 250, days: 30, attackDays: 10, attacksOfKind: 3 };

export async function evaluateAutoencoder(): Promise<Figure[]> {
  const backend = await openBackend("wasm");
  const kinds = new Map<string, boolean[]>();
  for (let seed = FIRST_SEED; seed < FIRST_SEED + DRAWS; seed += 1)
    for (const [kind, found] of foundIn(seed, backend))
      kinds.set(kind, [...(kinds.get(kind) ?? []), ...found]);
  const shares = [...kinds].map(([kind, found]) => [kind, share(found)] as const);
  return [
    {
      figure: "autoencoder.own_draws_recall_at_3_per_day",
      value: share([...kinds.values()].flat()),
      unit: "share",
      more: { draws: DRAWS, backend: backend.name, kinds: Object.fromEntries(shares) },
    },
  ];
}

/** Of each kind of attack which of them are found. */
function foundIn(seed: number, backend: TensorBackend): Map<string, boolean[]> {
  const { activities, attacks } = drawCounty(seed, COUNTY);
  const begin = Math.floor((activities[0]?.time ?? 0) / DAY_MS) * DAY_MS;
  const cut = begin + (COUNTY.days - COUNTY.attackDays) * DAY_MS;
  const rows = quietRows(activities.filter(({ time }) => time < cut));
  const model = loadAutoencoder(trainAutoencoder(rows, { backend, seed, epochs: 20 }), backend);
  const detector = createAutoencoder(alwaysInForce(model), { tailMax: 1 });
  const said = [
    ...activities.flatMap((activity) => detector.observe(activity)),
    ...detector.advance(begin + COUNTY.days * DAY_MS),
  ];
  model.dispose();
  const ids = said
    .filter(({ entity, from }) => entity.type === "account" && from >= cut)
    .sort((a, b) => a.tail - b.tail)
    .slice(0, ALERTS_PER_DAY * COUNTY.attackDays)
    .map(({ entity, from }) => `${(from - begin) / DAY_MS}:${entity.value}`);
  const found = new Map<string, boolean[]>();
  for (const [id, kind] of attacks) found.set(kind, [...(found.get(kind) ?? []), ids.includes(id)]);
  return found;
}

function share(found: readonly boolean[]): number {
  return found.filter(Boolean).length / Math.max(1, found.length);
}
