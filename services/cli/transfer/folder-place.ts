// A backup's folder as a place: per part one file of JSON lines, compressed (zstd, readable with zstdcat),
// and a manifest that is written last. What is encrypted in an installation is encrypted here, too.
import { createReadStream, existsSync, mkdirSync, readdirSync } from "node:fs";
import { appendFile, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream";
import { createZstdDecompress, zstdCompressSync } from "node:zlib";
import { z } from "zod";
import { AppError, messageOf } from "../../../config/errors.ts";
import { checkTenantName } from "../../../config/tenant-name.ts";
import type { Sealer } from "../../bus/bus.ts";
import { parseOutsideJson } from "../../normalize/json-nesting.ts";
import { DEAD_LETTER, type Part, type Place, partName, type Row } from "./place.ts";
import { tallySchema } from "./tally.ts";

const MANIFEST = "manifest.json";
const VERSION = 1;
const PART_NAME = /^[a-z][a-z_-]{0,63}$/;

const manifestSchema = z.object({
  version: z.literal(VERSION),
  /** Of this backup; a second try to restore is known by it. */
  id: z.string().regex(/^[0-9a-f-]{36}$/),
  createdAt: z.number(),
  program: z.string(),
  /** Of the master key: says whether it is the same one, and opens nothing. */
  keyWitness: z.string(),
  /** Partitions of the topics that stages share. */
  partitions: z.number().int().min(1),
  parts: z.array(
    z.object({ tenant: z.string(), name: z.string().regex(PART_NAME), tally: tallySchema }),
  ),
});

/** What a backup says of itself. */
export type Manifest = z.infer<typeof manifestSchema>;

/**
 * A folder to write a backup into.
 * @throws AppError HW_PLACE_TAKEN when there is something in it
 */
export function emptyBackupFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (readdirSync(folder).length === 0) return;
  throw new AppError("HW_PLACE_TAKEN", "der Ordner für die Sicherung ist nicht leer", {
    place: folder,
    mend: "einen neuen Ordner angeben",
  });
}

/** Says that the backup is whole. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const path = join(folder, MANIFEST);
  await writeFile(`${path}.new`, `${JSON.stringify(manifest, undefined, 2)}\n`, {
    mode: 0o600,
    flush: true,
  });
  await rename(`${path}.new`, path);
}

/** @throws AppError HW_NOT_FOUND where no finished backup lies, HW_STORE_VERSION, HW_STORE_CORRUPT */
export async function readManifest(folder: string): Promise<Manifest> {
  const place = join(folder, MANIFEST);
  if (!existsSync(place)) {
    throw new AppError("HW_NOT_FOUND", "hier liegt keine abgeschlossene Sicherung", { place });
  }
  try {
    const manifest = manifestSchema.parse(parseOutsideJson(await readFile(place, "utf8")));
    for (const { tenant } of manifest.parts) checkTenantName(tenant);
    return manifest;
  } catch (cause) {
    throw new AppError("HW_STORE_CORRUPT", `die Sicherung ist nicht lesbar: ${messageOf(cause)}`, {
      place,
      mend: "eine andere Sicherung nehmen",
      cause,
    });
  }
}

/** The place; `parts` are those that a manifest names. */
export function folderPlace(folder: string, parts: readonly Part[], sealer: Sealer): Place {
  const pathOf = (part: Part) => join(folder, `${partName(part)}.ndjson.zst`);
  return {
    parts: async () => parts,
    read: (part) => readLines(pathOf(part), part, sealer),
    async write(part, rows) {
      const path = pathOf(part);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const lines = rows.map((row) => `${JSON.stringify(sealed(part, row, sealer))}\n`);
      await appendFile(path, zstdCompressSync(lines.join("")), { mode: 0o600, flush: true });
    },
  };
}

async function* readLines(path: string, part: Part, sealer: Sealer): AsyncGenerator<Row> {
  if (!existsSync(path)) return;
  // A fault of either ends the lines, whose reader throws it.
  const text = pipeline(createReadStream(path), createZstdDecompress(), () => undefined);
  for await (const line of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })) {
    const row = z.record(z.string(), z.unknown()).parse(parseOutsideJson(line));
    yield opened(part, row, sealer);
  }
}

// Lines in clear text are sealed in an installation; outside of it they are all the more.
function sealed(part: Part, row: Row, sealer: Sealer): Row {
  if (part.name !== DEAD_LETTER) return row;
  const bytes = sealer.seal(part.tenant, Buffer.from(JSON.stringify(row)));
  return { sealed: Buffer.from(bytes).toString("base64") };
}

function opened(part: Part, row: Row, sealer: Sealer): Row {
  if (part.name !== DEAD_LETTER) return row;
  const bytes = Buffer.from(z.string().parse(row.sealed), "base64");
  const text = Buffer.from(sealer.open(part.tenant, bytes)).toString("utf8");
  return z.record(z.string(), z.unknown()).parse(parseOutsideJson(text));
}
