// Writes the boards as JSON into generated/, from where Grafana's provisioning takes them.
import { mkdirSync, writeFileSync } from "node:fs";
import { pipelineBoard } from "./pipeline.ts";

const folder = new URL("generated/", import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("pipeline.json", folder), `${JSON.stringify(pipelineBoard(), null, 2)}\n`);
