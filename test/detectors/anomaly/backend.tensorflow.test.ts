// The native backend beside those that every installation has, where it was provisioned:
// services/models/provision-tfjs-node.sh, then `npm run test:tensorflow`.
import { describe, expect, it } from "vitest";
import { openBackend } from "../../../detectors/anomaly/backend.ts";
import { computedBy, relativeDistance } from "../../support/backend-parity.ts";

const { name, fallbackReason } = await openBackend("tensorflow");
const provisioned = name === "tensorflow";
if (!provisioned) process.stderr.write(`SKIPPED parity of tensorflow: ${fallbackReason}\n`);

describe.skipIf(!provisioned)("the native backend", () => {
  it.each(["wasm", "cpu"] as const)("agrees with %s within 1e-5", async (other) => {
    const native = await computedBy("tensorflow");
    const theirs = await computedBy(other);
    for (const [part, values] of Object.entries(native)) {
      expect(relativeDistance(values, theirs[part] ?? new Float32Array())).toBeLessThan(1e-5);
    }
  });
});
