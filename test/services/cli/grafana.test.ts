// `heidewacht grafana setup` against Grafana's API as its documentation tells it.
import { type AddressInfo, createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createGrafanaApi } from "../../../services/cli/grafana-api.ts";
import { type BoardPlace, boardsFor } from "../../../services/cli/grafana-boards.ts";
import { GRAFANA_MESSAGES } from "../../../services/cli/grafana-messages.ts";
import {
  type Organisation,
  setUpOrganisation,
} from "../../../services/cli/grafana-organisation.ts";
import { type GrafanaDouble, startGrafana } from "../../support/grafana-server.ts";

const text = GRAFANA_MESSAGES.de;
const PLACE: BoardPlace = {
  language: "de",
  timeZone: "Europe/Berlin",
  consoleUrl: "https://heidewacht.kreis.example",
};

let grafana: GrafanaDouble;
let keys = 0;

beforeEach(async () => {
  grafana = await startGrafana();
  keys = 0;
});
afterEach(() => grafana.close());

function organisation(tenant: string, change: Partial<Organisation> = {}): Organisation {
  return {
    ...{ name: `Heidewacht: ${tenant}`, folderTitle: "Heidewacht", viewers: [] },
    boards: boardsFor("figures", PLACE),
    source: {
      ...{ uid: "heidewacht-figures", name: "Heidewacht Kennzahlen", type: "elasticsearch" },
      url: "https://elasticsearch.example:9200",
      jsonData: { index: `hw-figure_row-${tenant}`, timeField: "@timestamp" },
      secret: {
        field: "httpHeaderValue1",
        make: async () => {
          keys += 1;
          return `ApiKey ${tenant}-${keys}`;
        },
      },
    },
    ...change,
  };
}

async function setUp(
  wanted: Organisation,
  { isDry = false, renewsKey = false, password = grafana.password, url = grafana.url } = {},
) {
  const api = createGrafanaApi({ url, user: grafana.login, password }, text);
  const steps = await setUpOrganisation(wanted, {
    ...{ api, administrator: grafana.login, isDry, renewsKey },
  });
  return steps.map(({ part, became }) => `${part} ${became}`);
}

describe("setting an organisation up", () => {
  it("makes all of it, each tenant's apart from the other's", async () => {
    const boards = boardsFor("figures", PLACE);
    const made = await setUp(organisation("kreis"));
    expect(made).toEqual([
      ...["organisation made", "source made", "folder made"],
      ...[...boards.map(() => "board made"), "account made"],
    ]);
    await setUp(organisation("stadt"));
    expect(grafana.organisations.map(({ name }) => name)).toEqual([
      ...["Heidewacht: kreis", "Heidewacht: stadt"],
    ]);
    for (const [at, tenant] of ["kreis", "stadt"].entries()) {
      const one = grafana.organisations[at];
      const source = one?.sources.get("heidewacht-figures");
      expect(source).toMatchObject({
        ...{ access: "proxy", jsonData: { index: `hw-figure_row-${tenant}` } },
      });
      expect(one?.secrets.get("heidewacht-figures")).toEqual({
        httpHeaderValue1: `ApiKey ${tenant}-${at + 1}`,
      });
      expect([...(one?.boards.keys() ?? [])].sort()).toEqual(boards.map(({ uid }) => uid).sort());
      expect([...(one?.accounts.values() ?? [])]).toEqual([
        { name: "heidewacht-viewer", role: "Viewer" },
      ]);
    }
  });

  it("changes nothing the second time, and makes no further key", async () => {
    await setUp(organisation("kreis"));
    const before = grafana.writes.length;
    const steps = await setUp(organisation("kreis"));
    expect(steps.filter((one) => !one.endsWith(" kept"))).toEqual([]);
    expect([grafana.writes.length, keys]).toEqual([before, 1]);
  });

  it("changes nothing at all when it is dry, and says what it would", async () => {
    expect(await setUp(organisation("kreis"), { isDry: true })).toContain("source made");
    expect([grafana.writes, keys]).toEqual([[], 0]);
    await setUp(organisation("kreis"));
    const { length } = grafana.writes;
    const changed = { ...organisation("kreis"), folderTitle: "Anders" };
    expect(await setUp(changed, { isDry: true })).toContain("folder updated");
    expect(grafana.writes).toHaveLength(length);
  });

  it("mends what people have changed, and keeps the key while it does", async () => {
    await setUp(organisation("kreis"));
    const [one] = grafana.organisations;
    const board = one?.boards.get("heidewacht-kpi");
    if (one === undefined || board === undefined) throw new Error("nothing was made");
    board.dashboard = { ...board.dashboard, panels: [] };
    one.folders.set("heidewacht", { title: "Umbenannt" });
    one.sources.set("heidewacht-figures", {
      ...one.sources.get("heidewacht-figures"),
      jsonData: { index: "hw-figure_row-stadt" },
    });
    const [account] = one.accounts.values();
    if (account !== undefined) account.role = "Admin";
    const steps = await setUp(organisation("kreis"));
    expect(steps.filter((step) => step.endsWith(" updated")).sort()).toEqual([
      ...["account updated", "board updated", "folder updated", "source updated"],
    ]);
    expect(one.sources.get("heidewacht-figures")).toMatchObject({
      jsonData: { index: "hw-figure_row-kreis" },
    });
    expect(keys).toBe(1);
    expect(await setUp(organisation("kreis"))).not.toContain("board updated");
  });

  it("makes a new key when it is asked to", async () => {
    await setUp(organisation("kreis"));
    expect(await setUp(organisation("kreis"), { renewsKey: true })).toContain("source updated");
    expect(grafana.organisations[0]?.secrets.get("heidewacht-figures")).toEqual({
      httpHeaderValue1: "ApiKey kreis-2",
    });
  });

  it("joins an organisation that somebody else has made", async () => {
    await setUp(organisation("kreis"));
    grafana.organisations[0]?.members.clear();
    await setUp(organisation("kreis"));
    expect(grafana.organisations[0]?.members.get(grafana.login)).toBe("Admin");
  });

  it("lets users look, and leaves the role that they have", async () => {
    grafana.users.add("leitung");
    const wanted = organisation("kreis", { viewers: ["leitung"] });
    expect(await setUp(wanted)).toContain("viewer made");
    grafana.organisations[0]?.members.set("leitung", "Editor");
    expect(await setUp(wanted)).toContain("viewer kept");
    expect(grafana.organisations[0]?.members.get("leitung")).toBe("Editor");
  });
});

describe("a refusal", () => {
  it("of the password says so", async () => {
    await expect(setUp(organisation("kreis"), { password: "falsch" })).rejects.toMatchObject({
      ...{ code: "HW_UNAUTHENTICATED", mend: "Benutzer und Passwort von Grafana prüfen" },
      message: "Grafana lehnt ab (401): Invalid username or password",
    });
  });

  it("for want of rights says whose are needed", async () => {
    grafana.isServerAdministrator.value = false;
    await expect(setUp(organisation("kreis"))).rejects.toMatchObject({
      ...{ code: "HW_FORBIDDEN", place: expect.stringContaining("/orgs/name/") },
      mend: expect.stringContaining("Grafana Admin"),
    });
  });

  it("of a board that files provide names the mend", async () => {
    grafana.provisioned.add("heidewacht-kpi");
    await expect(setUp(organisation("kreis"))).rejects.toMatchObject({
      ...{ code: "HW_REQUEST_INVALID", place: "POST /dashboards/db" },
      mend: expect.stringContaining("docs/grafana.md"),
    });
  });

  it("of a user who is not there names the user's place", async () => {
    const wanted = organisation("kreis", { viewers: ["niemand"] });
    await expect(setUp(wanted)).rejects.toMatchObject({ code: "HW_NOT_FOUND" });
  });

  it.each([
    ["is not there", undefined],
    ["is another server", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"],
  ])("where the server %s is told as such", async (_, answer) => {
    const other = createServer((socket) => {
      // What nobody reads would keep the connection open.
      socket.resume();
      if (answer === undefined) socket.destroy();
      else socket.end(answer);
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    // Listening on TCP, it has such an address.
    const { port } = other.address() as AddressInfo;
    await expect(
      setUp(organisation("kreis"), { url: `http://127.0.0.1:${port}` }),
    ).rejects.toMatchObject({ code: "HW_UNAVAILABLE" });
    await new Promise((resolve) => other.close(resolve));
  });
});

describe("boards for a tenant", () => {
  const place = {
    language: "en",
    timeZone: "Europe/London",
    consoleUrl: "https://hw.example",
  } as const;

  it("have the tenant's time zone and console everywhere", () => {
    const texts = boardsFor("figures", place).map((board) => JSON.stringify(board));
    expect(texts).toHaveLength(4);
    for (const one of texts) {
      expect(one).not.toMatch(/Europe\/Berlin|127\.0\.0\.1/);
      expect(one).toContain('"timeZone":"Europe/London"');
      expect(one).toContain('"query":"https://hw.example"');
    }
  });

  it("are those of its own figures; metrics of the installation are for who runs it", () => {
    const uids = (source: "figures" | "metrics") => boardsFor(source, place).map(({ uid }) => uid);
    expect(uids("metrics")).toEqual(["heidewacht-health-en", "heidewacht-pipeline-en"]);
    expect(uids("figures").some((uid) => uids("metrics").includes(uid))).toBe(false);
  });
});
