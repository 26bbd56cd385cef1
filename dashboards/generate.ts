// Writes the boards as JSON into generated/<language>/<folder>/, from where Grafana's provisioning takes them;
// folders there become folders in Grafana.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { BOARDS } from "./boards.ts";
import { generatedFiles } from "./grafana/files.ts";

const root = new URL("./", import.meta.url);
rmSync(new URL("generated/", root), { recursive: true, force: true });
for (const { path, content } of generatedFiles(BOARDS)) {
  const url = new URL(path, root);
  mkdirSync(new URL("./", url), { recursive: true });
  writeFileSync(url, content);
}
