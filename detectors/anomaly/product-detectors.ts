// The anomaly detectors that the product runs, each under the name of its folder: its state is kept under it.
import { createMetricDetector } from "../metrics/metrics.ts";
import { createBeaconDetector } from "../network/beacon/beacon.ts";
import { createDgaDetector } from "../network/dga/dga.ts";
import { createExfiltrationDetector } from "../network/exfiltration/exfiltration.ts";
import { createScanDetector } from "../network/scan/scan.ts";
import { createTunnelDetector } from "../network/tunnel/tunnel.ts";
import type { LiveSequences } from "../templates/sequence/live-sequences.ts";
import { createLogStream } from "../templates/stream/log-stream.ts";
import { createAutoencoder } from "./autoencoder/autoencoder.ts";
import { type LiveAutoencoder, withNames } from "./autoencoder/live-autoencoder.ts";
import type { AnomalyDetectors, LineDetectors } from "./keyed-anomalies.ts";
import { type LiveDga, whileModelled } from "./live-model.ts";
import { createLogons } from "./logons/logons.ts";
import { createRarity } from "./rarity/rarity.ts";
import type { SampleDetectors } from "./sample-anomalies.ts";
import { createVolume } from "./volume/volume.ts";

/** The trained models that detectors ask. */
export interface ProductModels {
  readonly autoencoder: LiveAutoencoder;
  readonly dga: LiveDga;
  readonly sequence: LiveSequences;
}

/**
 * Fresh detectors, with what they remember bounded by their own defaults.
 * @param outward how entities are called outside of the detectors
 */
export function createProductDetectors(
  { autoencoder, dga }: ProductModels,
  outward: (text: string) => string,
): AnomalyDetectors {
  return {
    autoencoder: createAutoencoder(withNames(autoencoder, outward)),
    beacon: createBeaconDetector(),
    dga: whileModelled(dga, createDgaDetector(dga)),
    exfiltration: createExfiltrationDetector(),
    logons: createLogons(),
    rarity: createRarity(),
    scan: createScanDetector(),
    tunnel: createTunnelDetector(),
    volume: createVolume(),
  };
}

/** Those that read what programs write. */
export function createLineDetectors({ sequence }: ProductModels): LineDetectors {
  return { templates: createLogStream({}, sequence) };
}

/** Series and hosts of a tenant: about 120 MB of state, which is stored as a whole. */
const SERIES_MAX = 20_000;
const HOSTS_MAX = 2000;
/** Before it has had two days and nights nobody knows a series. */
const SERIES_YOUNG_MS = 2 * 86_400_000;

/** Those that look at values of metrics. */
export function createSampleDetectors(): SampleDetectors {
  const most = { seriesMax: SERIES_MAX, hostsMax: HOSTS_MAX };
  return { metrics: createMetricDetector({ ...most, youngMs: SERIES_YOUNG_MS }) };
}
