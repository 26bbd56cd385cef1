// The one door to TensorFlow.js: which backend computes, chosen once per process and thread. Loaded when
// the first model needs it; nothing else imports a TensorFlow package as a value.
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type * as Core from "@tensorflow/tfjs-core";
import type * as Layers from "@tensorflow/tfjs-layers";
import type { AnomalyBackend } from "../../config/anomaly.ts";

export type BackendName = AnomalyBackend;

/** TensorFlow.js, ready to compute. */
export interface TensorBackend {
  /** The backend that really computes: another one than asked for where that one can't be loaded. */
  readonly name: BackendName;
  /** Why it is not the one that was asked for. */
  readonly fallbackReason: string | undefined;
  readonly tf: typeof Core;
  readonly layers: typeof Layers;
}

const require = createRequire(import.meta.url);
/** tfjs calls its own cpu and wasm backends so; the native one's name is `tensorflow`. */
const LOADERS: Readonly<Record<BackendName, () => Promise<unknown>>> = {
  async wasm() {
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    const binary = require.resolve("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm");
    setWasmPaths(`${dirname(binary)}/`);
  },
  cpu: () => import("@tensorflow/tfjs-backend-cpu"),
  async tensorflow() {
    // Not among the dependencies: its binary has to be provisioned (see docs/). A name in a variable is
    // resolved when it is asked for.
    const name = "@tensorflow/tfjs-node";
    // Its release of 2024 still calls what Node 23 took away.
    const util: { isNullOrUndefined?: (value: unknown) => boolean } = require("node:util");
    util.isNullOrUndefined ??= (value) => value === null || value === undefined;
    await import(name);
  },
};

/**
 * Opens the asked backend, or the next that works: `tensorflow`, then `wasm`, then `cpu`.
 * Throws only where not even `cpu` can be loaded.
 */
export async function openBackend(asked: BackendName = "wasm"): Promise<TensorBackend> {
  const tf = await import("@tensorflow/tfjs-core");
  const layers = await import("@tensorflow/tfjs-layers");
  // Without it every kernel checks its result for NaN, and the cpu backend greets on stderr.
  tf.enableProdMode();
  const order: readonly BackendName[] =
    asked === "tensorflow"
      ? ["tensorflow", "wasm", "cpu"]
      : asked === "wasm"
        ? ["wasm", "cpu"]
        : ["cpu"];
  let fallbackReason: string | undefined;
  for (const name of order) {
    try {
      await LOADERS[name]();
      if (!(await tf.setBackend(name))) throw new Error(`backend ${name} did not start`);
      await tf.ready();
      return { name, fallbackReason, tf, layers };
    } catch (error) {
      if (name === "cpu") throw error;
      fallbackReason ??= `${name}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  throw new Error("unreachable: the last backend returns or throws");
}
