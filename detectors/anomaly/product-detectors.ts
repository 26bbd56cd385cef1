// The anomaly detectors that the product runs, each under the name of its folder: its state is kept under it.
import { createBeaconDetector } from "../network/beacon/beacon.ts";
import { createExfiltrationDetector } from "../network/exfiltration/exfiltration.ts";
import { createScanDetector } from "../network/scan/scan.ts";
import { createTunnelDetector } from "../network/tunnel/tunnel.ts";
import type { AnomalyDetectors } from "./keyed-anomalies.ts";

/** Fresh detectors, with what they remember bounded by their own defaults. */
export function createProductDetectors(): AnomalyDetectors {
  return {
    beacon: createBeaconDetector(),
    exfiltration: createExfiltrationDetector(),
    scan: createScanDetector(),
    tunnel: createTunnelDetector(),
  };
}
