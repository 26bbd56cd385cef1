// Exceptions, maintenance windows and block lists in a real Chromium: what they hide is seen before, a second
// person agrees, and all is taken back.
import { describe, expect, it } from "vitest";
import {
  axeViolations,
  heading,
  page,
  picture,
  server,
  setUpConsole,
  signIn,
} from "./console-browser.ts";
import { finding } from "./console-findings.ts";
import { ADMIN } from "./console-server.ts";

const FINDINGS = 30;
const RAISED_AT = Date.UTC(2026, 10, 20, 9, 30);
setUpConsole(Array.from({ length: FINDINGS }, (_, n) => finding(n)));

const inDialog = () => page.getByRole("dialog");
const button = (name: string | RegExp) => page.getByRole("button", { name });
const send = (name: string) => inDialog().getByRole("button", { name, exact: true }).click();
const field = (name: string) => inDialog().getByLabel(name, { exact: true });
const refusal = () => inDialog().getByRole("alert").textContent();
const closed = () => expect.poll(() => inDialog().count()).toBe(0);
const line = () => page.locator("tbody tr").first();

/** Somebody else signs in. */
async function becomeSecond(path: string): Promise<void> {
  await button("Abmelden").click();
  await page.getByLabel("Passwort").waitFor();
  await page.goto(server.url + path);
  await page.getByLabel("Name").fill(ADMIN.name);
  await page.getByLabel("Passwort").fill(ADMIN.password);
  await button("Anmelden").click();
  await line().waitFor();
}

describe("an exception", () => {
  it("shows every past true positive, waits for a second person, hides, and is withdrawn", async () => {
    const judged = { at: RAISED_AT, by: "a-2" };
    const wrong = { verdict: "false_positive", reason: "logic", ...judged } as const;
    const right = { verdict: "true_positive", ...judged } as const;
    await server.put(finding(0, { raisedAt: RAISED_AT, status: "closed", verdict: wrong }));
    const past = { id: "f-true", raisedAt: RAISED_AT, status: "closed", verdict: right } as const;
    await server.put(finding(0, past));
    await signIn("/warteschlange/f-000000");
    await heading().waitFor();
    await button("Ausnahme …").click();
    await inDialog().getByText("als richtig positiv bewertet wurden oder es waren: 1").waitFor();
    await inDialog().getByText("Eine zweite Person muss zustimmen").waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("exception-preview");
    await inDialog().getByLabel("Wert").fill("host:gibt-es-nicht");
    await inDialog().getByText("passen nicht auf den Befund").waitFor();
    await inDialog().getByLabel("Wert").fill("host:lk-dc01");
    await field("Von").fill("2026-11-20T10:00:00");
    await field("Grund").fill("Verteilsoftware");
    await send("Ausnahme vorschlagen");
    await closed();
    await page.goto(`${server.url}/ausnahmen`);
    await expect.poll(() => line().textContent()).toContain("Vorgeschlagen");
    expect(await line().textContent()).toContain("Sie haben das vorgeschlagen");
    expect(await button(/^Zustimmen/).count()).toBe(0);
    expect(await axeViolations()).toEqual([]);
    await picture("exceptions");

    await becomeSecond("/ausnahmen");
    await button(/^Zustimmen: /).click();
    await expect.poll(() => line().textContent()).toContain("Aktiv");
    await expect.poll(async () => (await server.get("f-000000"))?.exceptedBy?.length).toBe(1);
    await button(/^Zurücknehmen …: /).click();
    await field("Grund").fill("Verteilsoftware abgelöst");
    await send("Zurücknehmen");
    await closed();
    await expect.poll(() => line().textContent()).toContain("Zurückgenommen");
    expect((await server.get("f-000000"))?.exceptedBy).toBeUndefined();
  });
});

describe("a maintenance window", () => {
  it("is planned once or every month, and ended", async () => {
    await signIn("/wartung");
    await page.getByText("Es gibt kein Wartungsfenster.").waitFor();
    await button("Neues Wartungsfenster").click();
    await inDialog().getByText("Noch keine vollständige Bedingung").waitFor();
    await inDialog().getByLabel("Wert").fill("gibt-es-nicht");
    await inDialog().getByText("Es gilt sofort").waitFor();
    await field("Von").fill("2026-12-01T00:00:00");
    await field("Bis").fill("2026-11-30T00:00:00");
    await field("Grund").fill("Patchabend");
    await send("Planen");
    await expect.poll(refusal).toContain("Ende liegt vor dem Anfang");
    await field("Bis").fill("2027-11-01T00:00:00");
    await field("Wie oft").selectOption("month");
    await field("Welcher im Monat").selectOption("2");
    await field("Wochentag").selectOption("2");
    expect(await axeViolations()).toEqual([]);
    await picture("maintenance-dialog");
    await send("Planen");
    await closed();
    await expect.poll(() => line().textContent()).toContain("jeden zweiten Dienstag im Monat");
    await expect.poll(() => line().textContent()).toContain("08.12.2026, 22:00:00");
    expect(await axeViolations()).toEqual([]);
    await picture("maintenance");
    await button(/^Beenden …: Patchabend/).click();
    await inDialog().getByRole("button", { name: "Jetzt beenden" }).click();
    await closed();
    await expect.poll(() => line().textContent()).toContain("Vorbei");
  });
});

describe("an entry of a block list", () => {
  it("is refused for own addresses, approved by a second person, completed and withdrawn", async () => {
    await signIn("/warteschlange/f-000000");
    await heading().waitFor();
    await button("Sperre vorschlagen …").click();
    await field("Wert").fill("10.0.0.1");
    await field("Grund").fill("Steuerserver");
    await send("Vorschlagen");
    await expect.poll(refusal).toContain("nicht aus dem öffentlichen Netz");
    expect(await axeViolations()).toEqual([]);
    await picture("block-refusal");
    await field("Wert").fill("9.9.9.9");
    await send("Vorschlagen");
    await closed();
    await page.goto(`${server.url}/sperrlisten`);
    await expect.poll(() => line().textContent()).toContain("Vorgeschlagen");
    expect(await axeViolations()).toEqual([]);

    await becomeSecond("/sperrlisten");
    await button("Freigeben: 9.9.9.9").click();
    await expect.poll(() => line().textContent()).toContain("Freigegeben");
    await picture("blocks");
    await button("Als eingetragen melden …: 9.9.9.9").click();
    await send("Speichern");
    await closed();
    await expect.poll(() => line().textContent()).toContain("eingetragen seit");
    await button("Zurücknehmen …: 9.9.9.9").click();
    await field("Grund").fill("Falsche Adresse");
    await send("Zurücknehmen");
    await closed();
    await expect.poll(() => line().textContent()).toContain("Zurückgenommen");
  });
});
