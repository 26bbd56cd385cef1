// Usual names out of an archive: of several hosts, answered, and bounded.
import { describe, expect, it } from "vitest";
import type { EcsDocument } from "../../../detectors/event.ts";
import type { Archive } from "../../../services/archive/archive.ts";
import { openNoArchive } from "../../../services/archive/off.ts";
import type { ConfirmedAttacks } from "../../../services/models/confirmed-attacks.ts";
import { type GatherLimits, gatherUsualNames } from "../../../services/models/usual-names.ts";

/** An archive that holds these documents and nothing else. */
function archiveOf(documents: readonly EcsDocument[]): Archive {
  return {
    ...openNoArchive(),
    async *scan() {
      for (const [at, document] of documents.entries())
        yield { id: `e${at}`, time: at, source: "dns", dataClass: "network", document };
    },
  };
}

const query = (name: string, host: string, answer = "NOERROR"): EcsDocument => ({
  ...{ "dns.question.name": name, "source.ip": host, "dns.response_code": answer },
});
const byHosts = (name: string, count: number, answer?: string) =>
  Array.from({ length: count }, (_, host) => query(name, `10.0.0.${host}`, answer));

const NO_ATTACKS = { days: [], names: new Set<string>() };

function gather(
  documents: readonly EcsDocument[],
  limits: Partial<GatherLimits> = {},
  attacks: Pick<ConfirmedAttacks, "days" | "names"> = NO_ATTACKS,
) {
  let time = 0;
  return gatherUsualNames({
    ...{ archive: archiveOf(documents), tenant: "kreis", window: { from: 0, to: 1e9 } },
    ...{ signal: new AbortController().signal, turn: () => undefined, attacks },
    elapsed: () => {
      time += 1;
      return time;
    },
    limits: { eventsMax: 1e6, namesMax: 1000, timeMs: 1e9, ...limits },
  });
}

describe("usual names", () => {
  it.each<[string, readonly EcsDocument[], readonly string[]]>([
    ["are asked for by three hosts", byHosts("www.example.de", 3), ["example.de"]],
    ["are not asked for by two", byHosts("www.example.de", 2), []],
    ["are not asked for by one host three times", Array(3).fill(query("a.example.de", "h")), []],
    [
      "are not asked for by one host that is written in three ways",
      ["PC17", "pc17", "Pc17"].map((host) => ({
        "dns.question.name": "a.example.de",
        "host.name": host,
      })),
      [],
    ],
    ["have an answer", byHosts("made.example.de", 9, "NXDOMAIN"), []],
    ["have a suffix", byHosts("printer", 9), []],
    ["are names", byHosts("", 9), []],
    ["come from somewhere", [{ "dns.question.name": "a.de" }], []],
    [
      "are told once, in order",
      [...byHosts("b.example.com", 4), ...byHosts("a.example.com", 4), ...byHosts("ab.de", 4)],
      ["ab.de", "example.com"],
    ],
  ])("%s", async (_title, documents, names) => {
    expect((await gather(documents)).names).toEqual(names);
  });

  it("are none that a confirmed attack showed", async () => {
    const documents = [...byHosts("www.boese.example.com", 9), ...byHosts("gut.de", 3)];
    const attacks = { days: [], names: new Set(["example.com"]) };
    expect((await gather(documents, {}, attacks)).names).toEqual(["gut.de"]);
  });

  it("are not asked for by hosts on the day on which they were attacked", async () => {
    const address = (value: string) => ({ type: "address" as const, value });
    const documents = [...byHosts("made.com", 3), ...byHosts("gut.de", 4)];
    const attacked = { days: [{ entity: address("10.0.0.1"), day: 0 }], names: new Set<string>() };
    expect((await gather(documents, {}, attacked)).names).toEqual(["gut.de"]);
    const another = { ...attacked, days: [{ entity: address("10.0.0.1"), day: 86_400_000 }] };
    expect((await gather(documents, {}, another)).names).toEqual(["gut.de", "made.com"]);
  });

  it("are not asked for by attacked hosts, however a source writes them", async () => {
    const documents = ["PC1", "PC2", "PC3"].map((host) => ({
      "dns.question.name": "made.com",
      "host.name": host,
    }));
    const days = [{ entity: { type: "host" as const, value: "pc1" }, day: 0 }];
    const attacked = { days, names: new Set<string>() };
    expect((await gather(documents, {}, attacked)).names).toEqual([]);
  });

  it("stay when a flood of others comes, of which none stays", async () => {
    const flood = Array.from({ length: 5000 }, (_, at) => query(`made${at}.com`, "10.9.9.9"));
    const found = await gather([...byHosts("example.de", 3), ...flood, ...byHosts("late.de", 3)]);
    expect(found.names).toEqual(["example.de", "late.de"]);
    expect(found.isCut).toBe(false);
  });

  it("are no more than there is room for, when several hosts flood", async () => {
    const flood = Array.from({ length: 3000 }, (_, at) => byHosts(`made${at}.com`, 3)).flat();
    expect((await gather(flood)).names.length).toBeLessThanOrEqual(1000);
  });

  it.each([
    ["events", { eventsMax: 10 }],
    ["time", { timeMs: 10 }],
  ])("are told of as cut at the limit of %s", async (_title, limits) => {
    expect(await gather(byHosts("example.de", 100), limits)).toMatchObject({ isCut: true });
  });
});
