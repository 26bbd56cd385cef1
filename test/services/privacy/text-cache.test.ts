// What is remembered of repeated texts changes nothing: events drawn from few texts and few names, so that
// all repeats, come out as they do where nothing is remembered.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EcsDocument } from "../../../detectors/event.ts";
import { createKeyRing } from "../../../services/privacy/keys.ts";
import { createKnownNames } from "../../../services/privacy/known-names.ts";
import { createPrivacy } from "../../../services/privacy/protect.ts";
import { canaryOf } from "../../support/identities.ts";

const TENANT = "kreis";
const ring = createKeyRing(Buffer.alloc(32, 7));
const { account, displayName, surname, mail } = canaryOf(1);
const NAMES = [account, "h.petersen", "koch", "svc-backup", "LKH\\j.öz", "12-34", "système", ""];
const TEXTS = [
  ...NAMES.map((name) => `net user ${name} /add`),
  ...NAMES.map((name) => `C:\\Users\\${name}\\a.txt LKH\\${name} (${name.toUpperCase()})`),
  ...[displayName, surname, mail, "12-34", "2026-03-04", "x%2Bkoch", "m.neu@lk-heide.example"],
  ...["S-1-5-21-1-2-3-1105", "İ koch", "", `${"lang ".repeat(200)}koch ${surname}`],
];
const event = fc.record({
  who: fc.constantFrom(...NAMES),
  target: fc.constantFrom(...NAMES),
  texts: fc.array(fc.constantFrom(...TEXTS), { maxLength: 5 }),
});

function side(everyTimeNew: boolean, cacheBytesMax: number) {
  const names = createKnownNames();
  names.setDirectory(TENANT, [canaryOf(2)]);
  let unknown = 0;
  const onUnknown = () => {
    unknown += 1;
  };
  const open = () => createPrivacy(ring, { names, onUnknown, cacheBytesMax });
  let privacy = open();
  return {
    names,
    protect(document: EcsDocument) {
      if (everyTimeNew) privacy = open();
      const own = privacy.protectDocument(TENANT, document);
      const text = { field: "CommandLine", operator: "contains", pattern: "a" };
      const matched = TEXTS.map((value) => ({ ...text, value }));
      return { document, own, matched: privacy.protectMatched(TENANT, own, matched), unknown };
    },
  };
}

describe("what is remembered of texts", () => {
  it.each([32_000_000, 3000, 0])("of %i bytes changes nothing that comes out", (bytesMax) => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 12 }), fc.nat(11), (events, at) => {
        const [with_, without] = [side(false, bytesMax), side(true, bytesMax)];
        for (const [index, { who, target, texts }] of events.entries()) {
          if (index === at)
            for (const { names } of [with_, without])
              names.setDirectory(TENANT, [canaryOf(1), canaryOf(2)]);
          const document = () => ({
            ...{ "user.name": who, "winlog.event_data.TargetUserName": target },
            ...{ message: texts[0] ?? "", "process.args": texts },
          });
          expect(with_.protect(document())).toEqual(without.protect(document()));
        }
      }),
      { numRuns: 100 },
    );
  });
});
