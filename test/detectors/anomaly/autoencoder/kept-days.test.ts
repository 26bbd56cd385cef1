// Days that are kept for trainings are called as people's verdicts call their entities, not as detectors do.
import { expect, it } from "vitest";
import { createAutoencoder } from "../../../../detectors/anomaly/autoencoder/autoencoder.ts";
import { withNames } from "../../../../detectors/anomaly/autoencoder/live-autoencoder.ts";
import {
  createKeyedAnomalies,
  type NamingAnomalies,
  observationOfActivity,
} from "../../../../detectors/anomaly/keyed-anomalies.ts";

const DAY_MS = 86_400_000;
const BEGIN = Date.UTC(2026, 1, 2, 9);
const ACCOUNT = "konto-0123456789";

it("are those of the pseudonyms of now", () => {
  const kept = new Set<string>();
  const live = withNames(
    {
      state: "none",
      expect: () => undefined,
      keep: (days) => {
        for (const { entity } of days) kept.add(`${entity.type} ${entity.value}`);
      },
    },
    (text) => anomalies.outward(text),
  );
  const anomalies: NamingAnomalies = createKeyedAnomalies({ autoencoder: createAutoencoder(live) });
  for (let day = 0; day < 8; day += 1) {
    const time = BEGIN + day * DAY_MS;
    anomalies.observe(
      observationOfActivity({
        ...{ kind: "logon", id: `l${day}`, time, source: "dc", account: ACCOUNT, peers: undefined },
        ...{ host: "fs01", from: "pc1", succeeded: true, method: "kerberos", country: undefined },
      }),
    );
  }
  expect([...kept].sort()).toEqual([`account ${ACCOUNT}`, "host fs01"]);
});
