import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Activity } from "../../../detectors/anomaly/activity.ts";
import { wordsOf } from "../../../detectors/anomaly/catalogue.ts";
import { sightingsOf } from "../../../detectors/anomaly/rarity/sightings.ts";
import { countedOf } from "../../../detectors/anomaly/volume/counted.ts";

/** Detectors have folders of their own, named as they are. */
const FOLDERS = ["anomaly", "network", "."].flatMap((parent) => {
  const folder = join("detectors", parent);
  return readdirSync(folder, { withFileTypes: true })
    .filter(
      (entry) => entry.isDirectory() && Object.keys(wordsOf(entry.name, "de").kinds).length > 0,
    )
    .map(({ name }) => join(folder, name));
});

/** One activity of each shape, all fields set. */
function activities(): Activity[] {
  const common = { id: "1", time: 0, source: "s", account: "a", peers: "p", host: "h" } as const;
  const flow = { protocol: "tcp", bytesOut: 1, bytesIn: 1, durationMs: 1, allowed: true } as const;
  const logon = { from: "w", method: "vpn", country: "DE" };
  const deeds = ["file_write", "file_rename", "file_delete", "mail", "service", "task"] as const;
  return [
    { ...common, ...logon, kind: "logon", succeeded: true },
    { ...common, ...logon, kind: "logon", succeeded: false },
    { ...common, kind: "process", process: "x.exe", parent: "y.exe" },
    { ...common, ...flow, kind: "flow", from: "a", to: "b", port: 1 },
    { ...common, kind: "dns", from: "a", name: "x", type: "A", answer: "NOERROR" },
    { ...common, kind: "web", from: "a", status: 200, userAgent: "u", bytesOut: 1 },
    ...deeds.map((deed): Activity => ({ ...common, kind: "deed", deed, object: "o" })),
  ];
}

/** What the pattern's first group finds in the sources of a folder. */
function found(folder: string, pattern: RegExp): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const texts = files
    .filter((file) => file.endsWith(".ts") && basename(file) !== "words.ts")
    .map((file) => readFileSync(join(folder, file), "utf8"));
  return texts.flatMap((text) => [...text.matchAll(pattern)].map(([, name = ""]) => name));
}

const said = new Map<string, { readonly features: Set<string>; readonly kinds: Set<string> }>();
const of = (detector: string) => {
  const entry = said.get(detector) ?? { features: new Set<string>(), kinds: new Set<string>() };
  said.set(detector, entry);
  return entry;
};
const SHAPES = new Set<string>(activities().map(({ kind }) => kind));
for (const folder of FOLDERS) {
  const name = basename(folder);
  for (const feature of found(folder, new RegExp(`"(${name}\\.[a-z_]+)"`, "g")))
    of(name).features.add(feature);
  for (const kind of found(folder, /(?:[^.]\bkind: |evidenceOf\(\s*)"([a-z_]+)"/g))
    if (!SHAPES.has(kind)) of(name).kinds.add(kind);
}
for (const activity of activities()) {
  for (const { what } of countedOf(activity)) {
    of("volume").kinds.add(`many_${what}`);
    for (const window of ["day", "hour"]) of("volume").features.add(`volume.${what}_${window}`);
  }
  for (const { aspect } of sightingsOf(activity)) {
    of("rarity").kinds.add(`rare_${aspect}`);
    of("rarity").features.add(`rarity.${aspect}`);
  }
}

describe("the words of detectors", () => {
  it("are looked for in all folders", () => {
    expect([...said.keys()]).toEqual(
      expect.arrayContaining([
        "beacon",
        "dga",
        "exfiltration",
        "logons",
        "rarity",
        "scan",
        "volume",
      ]),
    );
    expect([...of("logons").kinds]).toEqual(
      expect.arrayContaining(["day_off", "dormant", "impossible_travel", "spray_then_success"]),
    );
    expect([...of("volume").features]).toContain("volume.silence");
    expect([...of("rarity").kinds]).toContain("rare_parent");
  });

  it.each([...said.keys()])(
    "of %s are there in German and in English, and none is empty",
    (name) => {
      for (const language of ["de", "en"] as const) {
        const { features, kinds } = wordsOf(name, language);
        expect(Object.keys(features)).toEqual(expect.arrayContaining([...of(name).features]));
        expect(Object.keys(kinds)).toEqual(expect.arrayContaining([...of(name).kinds]));
        for (const word of [...Object.values(features), ...Object.values(kinds)])
          expect(word.trim()).not.toBe("");
      }
      expect(Object.keys(wordsOf(name, "en").features)).toEqual(
        Object.keys(wordsOf(name, "de").features),
      );
    },
  );
});
