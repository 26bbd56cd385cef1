// The group that an account is compared with: a token of its department, the same for all of it, in no other
// tenant, and none that would tell who somebody is.
import { describe, expect, it } from "vitest";
import { activityOf } from "../../../services/detect/unusual.ts";
import { readDirectory } from "../../../services/privacy/directory.ts";
import { createKeyRing } from "../../../services/privacy/keys.ts";
import { createKnownNames } from "../../../services/privacy/known-names.ts";
import { createPrivacy } from "../../../services/privacy/protect.ts";

const KEYS = createKeyRing(Buffer.alloc(32, 7));

function privacyWith(csv: string, tenants: readonly string[] = ["kreis"]) {
  const names = createKnownNames();
  for (const tenant of tenants) names.setDirectory(tenant, readDirectory(csv, "test"));
  return { names, privacy: createPrivacy(KEYS, { names }) };
}

function lines(department: string, count: number, prefix: string): string {
  return Array.from({ length: count }, (_, at) => `${prefix}.person${at};${department}\n`).join("");
}

const CSV = `sAMAccountName;Department\n${lines("Sozialamt", 6, "s")}${lines("SOZIALAMT ", 1, "t")}${lines("Bauamt", 5, "b")}${lines("Landrat", 4, "l")}${lines("", 5, "x")}DC01$;Bauamt\n`;

/** The group of an account as it comes in an event. */
function groupOf(
  privacy: ReturnType<typeof privacyWith>["privacy"],
  name: string,
  tenant = "kreis",
) {
  const document = { "user.name": name };
  privacy.protectDocument(tenant, document);
  return privacy.groupOf(tenant, document["user.name"].replace(/^.*\\/, ""));
}

describe("the group of an account", () => {
  const { privacy } = privacyWith(CSV, ["kreis", "gemeinde"]);
  const social = groupOf(privacy, "s.person0");

  it("is a token without a name, the same for all of a department", () => {
    expect(social).toMatch(/^gruppe-[0-9a-z]{10}$/);
    expect(groupOf(privacy, "KREIS\\s.person5")).toBe(social);
    expect(groupOf(privacy, "t.person0")).toBe(social);
    expect(groupOf(privacy, "b.person1")).toMatch(/^gruppe-/);
    expect(groupOf(privacy, "b.person1")).not.toBe(social);
    expect(groupOf(privacy, "s.person0", "gemeinde")).not.toBe(social);
  });

  it.each([
    ["whose department has too few others", "l.person0"],
    ["without a department", "x.person0"],
    ["that no directory knows", "niemand"],
    ["of a machine", "DC01$"],
  ])("is none of one %s", (_, name) => {
    expect(groupOf(privacy, name)).toBeUndefined();
  });

  it("follows the directory", () => {
    const { names, privacy: own } = privacyWith(CSV);
    const before = groupOf(own, "s.person0");
    const moved = CSV.replace("s.person0;Sozialamt", "s.person0;Bauamt");
    names.setDirectory("kreis", readDirectory(moved, "test"));
    expect(groupOf(own, "s.person0")).toBe(groupOf(own, "b.person0"));
    expect(groupOf(own, "s.person0")).not.toBe(before);
    names.setDirectory("kreis", []);
    expect(groupOf(own, "s.person0")).toBeUndefined();
  });

  it("goes along with what the account does", () => {
    const document = {
      ...{ "event.category": ["authentication"], "event.outcome": "success" },
      ...{ "user.name": "KREIS\\s.person1", "host.name": "pc1" },
    };
    privacy.protectDocument("kreis", document);
    const about = { id: "e", time: 1, source: "dc" };
    const withGroup = { ...about, groupOf: (one: string) => privacy.groupOf("kreis", one) };
    expect(activityOf(document, withGroup)).toEqual({
      ...activityOf(document, about),
      peers: social,
    });
    const start = { ...document, "event.category": ["process"], "event.type": ["start"] };
    const process = { ...start, "process.name": "cmd.exe" };
    expect(activityOf(process, withGroup)).toMatchObject({ kind: "process", peers: social });
  });
});
