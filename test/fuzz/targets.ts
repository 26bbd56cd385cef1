// What the fuzzer tries: each format with its spoiled samples, told and found out, up to the protected
// document.
import assert from "node:assert/strict";
import { ecsDocument } from "../../services/normalize/ecs-document.ts";
import { createNormalizer } from "../../services/normalize/normalizer.ts";
import { createRecordJoiner } from "../../services/normalize/record-joiner.ts";
import { createKeyRing } from "../../services/privacy/keys.ts";
import { createPrivacy } from "../../services/privacy/protect.ts";
import { readFormatSamples } from "../support/format-samples.ts";
import { archiveTargets } from "./archive-targets.ts";
import { binaryTargets } from "./binary-targets.ts";
import { documentTargets } from "./document-targets.ts";
import { type Chance, spoil } from "./mutate.ts";
import { streamTargets } from "./stream-targets.ts";

/** Something that takes bytes from outside. */
export interface FuzzTarget {
  readonly name: string;
  make(chance: Chance): Buffer;
  /** Most CPU that one input may take, where it is not one record in a service's way; else 100 ms. */
  readonly stallMs?: number;
  /** @throws whatever breaks a promise */
  run(input: Buffer): void | Promise<void>;
}

const NOW = Date.UTC(2026, 10, 21, 5);

/** All targets. */
export async function fuzzTargets(): Promise<FuzzTarget[]> {
  return [
    ...formatTargets(),
    ...binaryTargets(),
    ...streamTargets(),
    ...documentTargets(),
    ...(await archiveTargets()),
  ];
}

function formatTargets(): FuzzTarget[] {
  const samples = readFormatSamples();
  const privacy = createPrivacy(createKeyRing(Buffer.alloc(32, 7)));
  const normalizer = createNormalizer({ mappings: [] });
  const joiner = createRecordJoiner();
  return [...Map.groupBy(samples, ({ format }) => format)].map(([format, own]) => ({
    name: format,
    make: (chance) => {
      const sample = own[chance(own.length)]?.text ?? "";
      const other = samples[chance(samples.length)]?.text ?? "";
      return Buffer.from(spoil(sample, other, chance));
    },
    run: (input) => {
      const text = input.toString("utf8");
      for (const told of [format, undefined]) {
        const raw = { id: "f", idFromSender: false, source: "fuzz", format: told, text };
        const made = normalizer.normalize(
          { ...raw, timeZone: "Europe/Berlin", receivedAt: NOW },
          "fuzz",
        );
        if (!("event" in made)) continue;
        for (const { event, format: found } of joiner.join([{ ...made, index: 0 }])) {
          assert(Number.isFinite(event.time), "a time that is no number");
          const document = ecsDocument(event, found);
          privacy.protectDocument("fuzz", document);
          for (const [name, value] of Object.entries(document)) {
            for (const one of [value].flat()) {
              assert(
                ["string", "number", "boolean"].includes(typeof one),
                `${name}: ${typeof one}`,
              );
              assert(typeof one !== "number" || Number.isFinite(one), `${name}: ${one}`);
            }
          }
        }
      }
      assert(!("polluted" in {}), "the prototype of all objects was changed");
    },
  }));
}
