// An administrator may have the rules read anew, and nobody else.
import { describe, expect, it } from "vitest";
import type { ReloadAnswer } from "../../../services/api/reload-schema.ts";
import { HOME, openWorld } from "./fixture.ts";

describe("POST /rules/reload", () => {
  it.each<ReloadAnswer>([
    { kind: "changed", added: 1, removed: 2, changed: 3 },
    { kind: "unchanged" },
    { kind: "kept", reason: "rules: no such file or folder" },
  ])("tells an administrator what came of it: $kind", async (answer) => {
    const asked: unknown[] = [];
    const reloadRules = async ({ tenant, actor }: { tenant: string; actor: string }) => {
      asked.push({ tenant, actor });
      return answer;
    };
    const world = await openWorld({}, { reloadRules });
    const { send, id } = await world.person("admin");
    const { status, body } = await send("POST", "/rules/reload");
    expect([status, body]).toEqual([200, answer]);
    expect(asked).toEqual([{ tenant: HOME, actor: id }]);
  });

  it.each(["analyst", "isb", "management"] as const)("is refused to the role %s", async (role) => {
    const world = await openWorld({}, { reloadRules: async () => expect.unreachable() });
    const { send } = await world.person(role);
    expect((await send("POST", "/rules/reload")).status).toBe(403);
  });

  it("says so where rules are fixed", async () => {
    const { send } = await (await openWorld()).person("admin");
    expect((await send("POST", "/rules/reload")).status).toBe(404);
  });
});
