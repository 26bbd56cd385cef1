// While pseudonyms change over, observations of anomaly detectors say how their names were called before.
import { describe, expect, it } from "vitest";
import { observationOfLine } from "../../../detectors/anomaly/keyed-anomalies.ts";
import { withFormerNames } from "../../../services/detect/former-names.ts";
import { createPseudonyms, type PseudonymKeys } from "../../../services/privacy/pseudonym.ts";

const [OLD, NEW] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const OVERLAP = { begin: 1000, end: 2000 };

function pseudonyms(keys: PseudonymKeys) {
  return createPseudonyms({
    keys,
    canonicalOf: () => undefined,
    generation: () => 0,
    onFirstSight: () => undefined,
    groupOf: () => "Bauamt",
  });
}

describe("observations in the overlap of two epochs", () => {
  const before = pseudonyms({
    current: () => ({ epoch: 1, key: OLD }),
    previous: () => undefined,
  });
  const after = pseudonyms({
    current: () => ({ epoch: 2, key: NEW }),
    previous: () => ({ epoch: 1, key: OLD, ...OVERLAP }),
  });
  const former = before.of("kreis", "h.petersen", "user");
  const present = after.of("kreis", "h.petersen", "user");
  const line = (message: string) =>
    observationOfLine({ id: "1", time: 1500, source: "web", host: "web1", message });

  it("name accounts and their groups in both ways, each once", () => {
    const [group, formerGroup] = [after.group("kreis", present), before.group("kreis", former)];
    const names = after.former("kreis");
    expect(group).not.toBe(formerGroup);
    const seen = withFormerNames(line(`${present} of ${group}, ${present}`), { ...OVERLAP, names });
    expect(seen.renaming).toEqual({
      ...{ former: [former, formerGroup], present: [present, group] },
      ...OVERLAP,
    });
  });

  it("stay as they are where they name nobody, or nothing changes over", () => {
    const names = after.former("kreis");
    const plain = line("session opened for root");
    expect(withFormerNames(plain, { ...OVERLAP, names })).toBe(plain);
    const named = line(present);
    expect(withFormerNames(named, undefined)).toBe(named);
    expect(withFormerNames(line(former), { ...OVERLAP, names })).not.toHaveProperty("renaming");
  });
});
