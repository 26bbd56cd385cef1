// What the comparison of two networks says of the days that they were asked about.
import { expect, it } from "vitest";
import { FEATURES } from "../../../detectors/anomaly/autoencoder/measures.ts";
import type { Entity } from "../../../detectors/detector.ts";
import { AUTOENCODER_LIVE } from "../../../services/models/autoencoder-live.ts";

const DAY = Date.UTC(2026, 10, 16);

/** A network that gives everything back as it is. */
const network = {
  expected: (rows: Float32Array) => rows,
  residuals: new Float64Array(FEATURES).fill(1),
  limit: 1,
  dispose: () => undefined,
};

it("counts the days of accounts, and names those of machines alone", () => {
  const labels: string[] = [];
  const place = {
    ...({ active: undefined, shadow: network, state: "shadow" } as const),
    count: (told: readonly string[]) => void labels.push(...told),
  };
  const about: Parameters<typeof AUTOENCODER_LIVE.open>[1] = Object.create(null, {
    tenant: { value: "kreis" },
  });
  const { face } = AUTOENCODER_LIVE.open(place, about);
  const entities: readonly Entity[] = [
    { type: "account", value: "konto-0123456789" },
    { type: "host", value: "fs01" },
    { type: "address", value: "10.0.0.7" },
  ];
  const days = entities.map((entity) => ({
    ...{ entity, from: DAY, events: [], source: "dc", row: new Float32Array(FEATURES) },
    ...{ amounts: new Float64Array(FEATURES), means: new Float64Array(FEATURES), days: 9 },
    deviations: new Float64Array(FEATURES),
  }));
  face.expect(new Float32Array(3 * FEATURES), days);
  expect(labels).toEqual(["", "fs01 2026-11-16", "10.0.0.7 2026-11-16"]);
});
