// Duty and paging in a real Chromium, over the real API and store: who is on duty, swapping, calendars, channels,
// test pages, a finding's pages and answers, and the page behind a link; wide and narrow, light and dark.
import { describe, expect, it } from "vitest";
import { answerPath, signLink } from "../../services/paging/links.ts";
import { CHANNEL_PROOF_KIND } from "../../services/store/channel-proof.ts";
import type { FindingPaging } from "../../services/store/paging.ts";
import { TEST_PAGE_KIND } from "../../services/store/test-page.ts";
import { axeViolations, page, picture, server, setUpConsole, signIn } from "./console-browser.ts";
import { finding } from "./console-findings.ts";
import { PAGING_LINK } from "./console-paging.ts";

const TENANT = "lklg";
const NOW = Date.UTC(2026, 10, 20, 9, 41);
const MINUTE_MS = 60_000;
const ID = "0123456789abcdef0123456789abcdef";

const PAGING: FindingPaging = {
  ...{ priority: "p1", policy: "alarm", state: "escalating", requestedAt: NOW - 2 * MINUTE_MS },
  ...{ opening: 0, round: 0, step: 1, leads: true, answers: [] },
  ...{ stepAt: NOW + 8 * MINUTE_MS, dueAt: NOW + 8 * MINUTE_MS },
  pages: [
    {
      ...{ id: "page-1", round: 0, step: 0, person: "bereitschaft-1", channel: "sms-modem" },
      ...{ contact: 0, state: "handed_over", dueAt: NOW - 2 * MINUTE_MS },
      ...{ at: NOW - 2 * MINUTE_MS, attempts: 1 },
    },
    {
      ...{ id: "page-2", round: 0, step: 0, channel: "leitstelle", contact: 0, state: "failed" },
      ...{ dueAt: NOW - 2 * MINUTE_MS, at: NOW - MINUTE_MS, attempts: 5, fault: "503 \u202e<b>" },
    },
  ],
};
const paged = { ...finding(1), id: ID, paging: PAGING };
setUpConsole([finding(0), paged], { width: 1280, height: 900 });

const dialog = () => page.getByRole("dialog");
const button = (name: string | RegExp) => page.getByRole("button", { name });
const stored = async () => (await server.get(ID))?.paging;

async function open(path: string, heading: string): Promise<void> {
  await signIn(path);
  await page.getByRole("heading", { name: heading, exact: true }).waitFor();
}
const openDuty = () => open("/dienst", "Wer hat Dienst?");
const openBoard = () => open("/alarmierung", "Alarmierung");

describe("the page of duty", () => {
  it("tells who is on duty now and next, and shows four weeks with their gaps", async () => {
    await signIn();
    await page.getByRole("link", { name: "Dienst", exact: true }).click();
    const card = page.getByRole("region", { name: "Bereitschaft SOC", exact: true });
    await card.getByText("Bereitschaft Eins").waitFor();
    expect(await card.textContent()).toContain("bis 23.11.2026, 08:00:00");
    const calendar = page.getByRole("table", { name: /^Bereitschaft SOC: die nächsten vier/ });
    await calendar.waitFor();
    expect(await calendar.getByRole("row").count()).toBe(5);
    await page.getByText("Keine Lücke in den nächsten vier Wochen.").waitFor();
    const gap = page.getByRole("region", { name: "Tagdienst", exact: true });
    await gap.getByText("Lücke: Jetzt müsste jemand Dienst haben.").waitFor();
    await page.getByText("⚠ 4 Lücken in vier Wochen").waitFor();
    expect(await page.locator("b").count()).toBe(0);
    expect(await axeViolations()).toEqual([]);
    await picture("duty", true);
  });

  it("swaps a duty by keyboard, and ends the override", async () => {
    await openDuty();
    await button("Dienst tauschen").focus();
    await page.keyboard.press("Enter");
    await dialog().getByLabel("Wer übernimmt").selectOption("leitung");
    await dialog().getByLabel("Von").fill("2026-11-20T10:00:00");
    await dialog().getByLabel("Bis").fill("2026-11-20T22:00:00");
    await dialog().getByLabel("Grund").fill("Fortbildung");
    expect(await axeViolations()).toEqual([]);
    await picture("duty-swap");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Die Vertretung ist eingetragen.").waitFor();
    const card = page.getByRole("region", { name: "Bereitschaft SOC", exact: true });
    await card.getByText("Leitung IT").waitFor();
    await card.getByText("Vertretung").waitFor();
    await button(/^Beenden: Leitung IT/).click();
    await card.getByText("Bereitschaft Eins").waitFor();
    const actions = (await server.store.readAudit(TENANT, 1, 50)).map(({ action }) => action);
    expect(actions.filter((one) => one.startsWith("on_call."))).toEqual([
      ...["on_call.swap", "on_call.swap_end"],
    ]);
  });

  it("says why a swap is refused, and keeps what was typed", async () => {
    await openDuty();
    await button("Dienst tauschen").click();
    await dialog().getByLabel("Wer übernimmt").selectOption("leitung");
    await dialog().getByLabel("Bis").fill("2026-11-20T09:00:00");
    await dialog().getByLabel("Grund").fill("Irrtum");
    await dialog().getByRole("button", { name: "Eintragen" }).click();
    await dialog().getByText("Das Ende liegt vor dem Anfang.").waitFor();
    expect(await dialog().getByLabel("Grund").inputValue()).toBe("Irrtum");
  });

  it("makes an address for a calendar, shows it once, and revokes it", async () => {
    await openDuty();
    await button("Adresse anlegen").click();
    const address = (await page.locator(".duty-address").textContent()) ?? "";
    const fetched = await fetch(address);
    expect([fetched.status, await fetched.text()]).toEqual([
      ...[200, expect.stringContaining("SUMMARY:Bereitschaft: Bereitschaft Eins")],
    ]);
    await button(/^Widerrufen: Bereitschaft SOC/).click();
    await page.getByText("Die Adresse gilt nicht mehr.").waitFor();
    expect((await fetch(address)).status).toBe(404);
  });
});

describe("the page of paging", () => {
  it("shows channels, what is open, policies, the check and the noise", async () => {
    const proof = { circuit: "closed", handedOverAt: NOW - MINUTE_MS, changedAt: NOW } as const;
    await server.store.put(TENANT, CHANNEL_PROOF_KIND, "mail", {
      ...{ channel: "mail", kind: "mail", ...proof },
    });
    await server.store.put(TENANT, CHANNEL_PROOF_KIND, "leitstelle", {
      ...{ channel: "leitstelle", kind: "webhook", circuit: "open", changedAt: NOW },
      fault: { at: NOW, kind: "unreachable", message: "503 \u202e<b>" },
    });
    await openBoard();
    const channels = page.getByRole("table", { name: "Kanäle mit letztem Lebenszeichen" });
    await channels.getByText("✓ in Betrieb").waitFor();
    await channels.getByText("⚠ gestört, Alarme warten").waitFor();
    await page.getByRole("link", { name: paged.detector.title }).waitFor();
    await page.getByText("wer Dienst hat (Bereitschaft SOC)").waitFor();
    await page.getByText("10 Minuten später").waitFor();
    await page.getByText("P3 heute wird einmal am Tag gesammelt gemeldet.").waitFor();
    await page.getByRole("table", { name: "Was die Prüfung gefunden hat" }).waitFor();
    const noise = page.getByRole("table", { name: "Alarme je Woche" });
    expect(await noise.getByRole("row").nth(1).textContent()).toContain("2026-W47");
    expect(await page.locator("b").count()).toBe(0);
    expect(await page.content()).not.toMatch(/@kreis|\+49151/);
    expect(await axeViolations()).toEqual([]);
    await picture("paging", true);
  });

  it("asks for a test page and shows its result", async () => {
    await openBoard();
    await button("Testalarm über sms-modem").focus();
    await page.keyboard.press("Enter");
    await page.getByText("Der Testalarm ist angefordert.").waitFor();
    const table = page.getByRole("table", { name: "Angeforderte Testalarme und ihr Ergebnis" });
    await table.getByText("wartet").waitFor();
    const sort = [{ field: "requestedAt", order: "desc" }] as const;
    const { hits } = await server.store.search(TENANT, TEST_PAGE_KIND, { sort, limit: 1 });
    const asked = hits[0]?.document;
    expect(asked?.target).toEqual({ channel: "sms-modem" });
    if (asked === undefined) return;
    await server.store.put(TENANT, TEST_PAGE_KIND, asked.id, {
      ...{ ...asked, state: "done", doneAt: NOW },
      results: [
        {
          ...{ id: "p", person: "bereitschaft-1", channel: "sms-modem", contact: 0 },
          ...{ state: "handed_over", at: NOW, tookMs: 1500, attempts: 1 },
        },
      ],
    });
    await table.getByText("abgeschlossen").waitFor();
    expect(await table.textContent()).toContain("bereitschaft-1 · sms-modem: angenommen 1,5 Sek.");
  });
});

describe("the paging of a finding", () => {
  const part = () => page.getByRole("region", { name: "Alarmierung" });

  it("shows who was called and who is next, and is taken by a key", async () => {
    await signIn(`/warteschlange/${ID}`);
    await part().getByText("P1 sofort").waitFor();
    await part()
      .getByText(/^Als Nächstes: Leitung IT, Kanal leitstelle, 20\.11\.2026, 10:49/)
      .waitFor();
    expect(await part().textContent()).toContain("Bereitschaft Eins über sms-modem: angenommen");
    expect(await part().textContent()).toContain("⚠ gescheitert");
    expect(await page.locator("b").count()).toBe(0);
    expect(await axeViolations()).toEqual([]);
    await picture("paging-finding");
    await page.keyboard.press("p");
    await page.getByText("Der Alarm ist übernommen. Es wird niemand sonst gerufen.").waitFor();
    await part().getByText("Bereitschaft Eins: übernommen in der Konsole").waitFor();
    expect(await part().getByRole("button").count()).toBe(0);
    expect(await stored()).toMatchObject({
      state: "acknowledged",
      answers: [{ kind: "acknowledged", person: "bereitschaft-1", via: "console" }],
    });
  });

  it("is declined by a button", async () => {
    await signIn(`/warteschlange/${ID}`);
    await part().getByRole("button", { name: "Ablehnen" }).click();
    await part().getByText("Bereitschaft Eins: abgelehnt in der Konsole").waitFor();
    expect((await stored())?.state).toBe("escalating");
  });
});

describe("the page behind a link", () => {
  it("acts on its button alone, without script, by day and by night", async () => {
    const link = { purpose: "acknowledge", tenant: TENANT, finding: ID, page: "page-1" } as const;
    const expiresAt = NOW + 60 * MINUTE_MS;
    const about = { ...link, person: "bereitschaft-1", expiresAt };
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(server.url + answerPath(signLink(PAGING_LINK.keys, about)));
    await page.getByRole("heading", { name: "Alarm übernehmen" }).waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("answer-dark-narrow");
    await page.emulateMedia({ colorScheme: "light" });
    await page.reload();
    expect(await axeViolations()).toEqual([]);
    await picture("answer-light-narrow");
    expect((await stored())?.answers).toEqual([]);
    await button("Alarm übernehmen").click();
    await page.getByText("Übernommen. Es wird niemand sonst gerufen.").waitFor();
    expect((await stored())?.state).toBe("acknowledged");
    expect(await axeViolations()).toEqual([]);
  });
});

describe("in other light", () => {
  it.each([
    ["dark", 1280],
    ["light", 360],
  ] as const)("%s at %i pixels nothing is lost", async (colorScheme, width) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    for (const [path, heading] of [
      ["/dienst", "Wer hat Dienst?"],
      ["/alarmierung", "Alarmierung"],
    ] as const) {
      if (path === "/dienst") await open(path, heading);
      else await page.goto(server.url + path);
      await page.getByRole("heading", { name: heading, exact: true }).waitFor();
      await page.getByRole("table").first().waitFor();
      expect(await axeViolations()).toEqual([]);
      const wide = Number(await page.evaluate("document.documentElement.scrollWidth"));
      expect(wide).toBeLessThanOrEqual(width);
      await picture(`${path.slice(1)}-${colorScheme}-${width}`, true);
    }
  });
});
