// Writes the boards as JSON into generated/<language>/, from where Grafana's provisioning takes them, and the
// alert rules beside the rest of the provisioning.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { ALERTS } from "./alerts.ts";
import { BOARDS } from "./boards.ts";
import { generatedFiles } from "./grafana/files.ts";

const root = new URL("./", import.meta.url);
rmSync(new URL("generated/", root), { recursive: true, force: true });
for (const { path, content } of generatedFiles(BOARDS, ALERTS)) {
  const url = new URL(path, root);
  mkdirSync(new URL("./", url), { recursive: true });
  writeFileSync(url, content);
}
