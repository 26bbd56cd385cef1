// Log sources over HTTP: of the own tenant, and shippers' keys with their NDIG class.
import { describe, expect, it } from "vitest";
import { sourceAnswer } from "../../../services/source-overview.ts";
import { HOME, openWorld } from "./fixture.ts";

describe("GET /sources", () => {
  it("gives the sources of the asker's tenant", async () => {
    const asked: string[] = [];
    const { person, now } = await openWorld(
      {},
      {
        sources: (tenant) => {
          asked.push(tenant);
          return [sourceAnswer("firewall", [], undefined, 0)];
        },
      },
    );
    const { send } = await person("isb");
    const { status, body } = await send("GET", "/sources");
    expect(status).toBe(200);
    expect(asked).toEqual([HOME]);
    expect(body).toMatchObject({ at: now(), sources: [{ name: "firewall", state: "never" }] });
  });
});

describe("a shipper's key", () => {
  it("keeps the NDIG class that was given with it", async () => {
    const { person, pass } = await openWorld();
    const { send } = await person("admin");
    const made = await send("POST", "/shippers", { source: "dc", ndigClass: 4 });
    expect(made.body).toMatchObject({ source: "dc", ndigClass: 4 });
    pass(1000);
    await send("POST", "/shippers", { source: "alt" });
    const { body } = await send("GET", "/shippers");
    expect(body.shippers).toMatchObject([{ ndigClass: 4 }, { source: "alt" }]);
    expect(body.shippers[1]).not.toHaveProperty("ndigClass");
  });

  it.each([0, 6, "4", 1.5])("refuses the class %j", async (ndigClass) => {
    const { person } = await openWorld();
    const { send } = await person("admin");
    expect((await send("POST", "/shippers", { source: "dc", ndigClass })).status).toBe(422);
  });
});
