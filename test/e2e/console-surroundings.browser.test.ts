// What is known around a finding, on its page in a real Chromium: known parts, empty ones, and those that
// could not be found out.
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
import { LOST_HOST } from "./console-server.ts";

const raisedAt = Date.UTC(2026, 10, 20, 9, 30);
const base = finding(0);
const verdict = { verdict: "false_positive", reason: "logic", at: 1, by: "a-2" } as const;

setUpConsole([
  finding(0, { raisedAt }),
  finding(1, {
    ...{ detector: base.detector, entities: base.entities, raisedAt: raisedAt - 86_400_000 },
    ...{ status: "closed", verdict },
  }),
]);

const part = (name: string) =>
  page.locator(".surroundings-part").filter({ has: page.getByRole("heading", { name }) });

describe("the surroundings of a finding", () => {
  it("name machines, techniques, earlier findings, and how the rule was judged", async () => {
    await signIn("/warteschlange/f-000000");
    await heading().waitFor();
    await page.getByRole("heading", { name: "Umfeld" }).waitFor();
    await expect.poll(() => part("Rechner im Verzeichnis").textContent()).toContain("sehr hoch");
    expect(await part("Rechner im Verzeichnis").textContent()).toContain("Kritikalität");
    expect(await part("ATT&CK").textContent()).toMatch(/T1490\s*\S+/);
    const earlier = part("Frühere Befunde");
    expect(await earlier.textContent()).toContain("Fehlalarm");
    expect(await part("Diese Regel").textContent()).toMatch(/2 Befunde in 30 Tagen/);
    expect(await part("Diese Regel").textContent()).toContain("1 × Fehlalarm");
    expect(await part("Bedrohungslisten").textContent()).toContain("In keiner Liste genannt.");
    expect(await axeViolations()).toEqual([]);
    await picture("surroundings");
    await earlier.getByRole("link").first().click();
    await page.waitForURL(/f-000001$/);
  });

  it("say which part could not be found out, and show the others", async () => {
    const entities = [{ type: "host" as const, value: LOST_HOST }];
    await server.put(finding(0, { raisedAt, entities, evidence: [] }));
    await signIn("/warteschlange/f-000000");
    await page.getByRole("heading", { name: "Umfeld" }).waitFor();
    const assets = part("Rechner im Verzeichnis");
    await expect.poll(() => assets.textContent()).toContain("Konnte nicht ermittelt werden.");
    expect(await part("Frühere Befunde").textContent()).toContain("Keine früheren Befunde.");
    expect(await axeViolations()).toEqual([]);
  });
});
