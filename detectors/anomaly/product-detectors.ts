// The anomaly detectors that the product runs, each under the name of its folder: its state is kept under it.
import { createBeaconDetector } from "../network/beacon/beacon.ts";
import { createExfiltrationDetector } from "../network/exfiltration/exfiltration.ts";
import { createScanDetector } from "../network/scan/scan.ts";
import { createTunnelDetector } from "../network/tunnel/tunnel.ts";
import type { AnomalyDetectors } from "./keyed-anomalies.ts";
import { createLogons } from "./logons/logons.ts";
import { createRarity } from "./rarity/rarity.ts";
import { createVolume } from "./volume/volume.ts";

/** Fresh detectors, with what they remember bounded by their own defaults. */
export function createProductDetectors(): AnomalyDetectors {
  return {
    beacon: createBeaconDetector(),
    exfiltration: createExfiltrationDetector(),
    logons: createLogons(),
    rarity: createRarity(),
    scan: createScanDetector(),
    tunnel: createTunnelDetector(),
    volume: createVolume(),
  };
}
