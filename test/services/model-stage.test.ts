// The backend of the configuration: which one computes is logged and on /metrics, also where it is not the
// one that was asked for.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { Registry } from "prom-client";
import { expect, it, onTestFinished } from "vitest";
import type { BackendName } from "../../detectors/anomaly/backend.ts";
import { startModelStage } from "../../services/model-stage.ts";
import { openEmbeddedStore } from "../../services/store/embedded.ts";

async function startWith(backend: BackendName) {
  const dataDir = mkdtempSync(join(tmpdir(), "hw-model-stage-"));
  const store = openEmbeddedStore({ dataDir });
  const registry = new Registry();
  const lines: string[] = [];
  const stage = await startModelStage({
    ...{ backend, tenants: ["kreis"], store, registry, now: Date.now },
    logger: pino({ level: "info" }, { write: (line) => lines.push(line) }),
  });
  onTestFinished(async () => {
    await stage.close();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return { stage, metrics: await registry.metrics(), lines };
}

it.each(["cpu", "wasm"] as const)("says that %s computes", async (backend) => {
  const { stage, metrics, lines } = await startWith(backend);
  const sample = `heidewacht_anomaly_backend_info{backend="${backend}",asked="${backend}"} 1`;
  expect(metrics).toContain(sample);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 30, backend }]);
  expect(stage.modelsOf("kreis").dga.state).toBe("none");
});

const isProvisioned = (() => {
  try {
    createRequire(import.meta.url).resolve("@tensorflow/tfjs-node");
    return true;
  } catch {
    return false;
  }
})();

it.skipIf(isProvisioned)("says that another one computes than was asked for, and why", async () => {
  const { metrics, lines } = await startWith("tensorflow");
  expect(metrics).toContain('{backend="wasm",asked="tensorflow"} 1');
  const [line = "{}"] = lines;
  expect(JSON.parse(line)).toMatchObject({ level: 40, backend: "wasm", asked: "tensorflow" });
  expect(JSON.parse(line).reason).toContain("tensorflow");
});

it("knows the models of configured tenants only", async () => {
  const { stage } = await startWith("cpu");
  expect(() => stage.modelsOf("other")).toThrow(RangeError);
});
