// Incidents in a real Chromium: declared, contained, recovered, closed and re-opened in dialogs that show what
// the server refuses; time limits, tasks, evidence, merging and splitting.
import { describe, expect, it } from "vitest";
import { axeViolations, page, picture, server, setUpConsole, signIn } from "./console-browser.ts";
import { finding } from "./console-findings.ts";

const FINDINGS = 30;
setUpConsole(Array.from({ length: FINDINGS }, (_, n) => finding(n)));

const inDialog = () => page.getByRole("dialog");
const button = (name: string | RegExp) => page.getByRole("button", { name });
const send = (name: string) => inDialog().getByRole("button", { name, exact: true }).click();
const refusal = () => inDialog().getByRole("alert").textContent();
const field = (name: string) => inDialog().getByLabel(name, { exact: true });
const phase = () => page.locator(".phases [aria-current]").textContent();
const closed = () => expect.poll(() => inDialog().count()).toBe(0);

async function stateImpact(): Promise<void> {
  await field("Vertraulichkeit").selectOption("none");
  await field("Integrität").selectOption("none");
  await field("Verfügbarkeit").selectOption("limited");
}

/** Declares an incident from the list and waits for its page. */
async function declare(title: string): Promise<void> {
  await page.goto(`${server.url}/vorfaelle`);
  await button("Vorfall ausrufen").click();
  await field("Titel").fill(title);
  await field("Art").selectOption("malicious_code");
  await field("Woher ist die Zeit bekannt?").selectOption("estimate");
  await field("Zeitpunkt").fill("2026-11-20T08:00:00");
  await stateImpact();
  await send("Vorfall ausrufen …");
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
}

/** The first whole second after the identification, as a date field takes it. */
async function afterIdentification(): Promise<string> {
  const row = page.getByRole("row", { name: /^Identifiziert/ });
  const at = (await row.locator("time").getAttribute("datetime")) ?? "";
  const berlinMs = Date.parse(at) + 3_600_000;
  return new Date(Math.floor(berlinMs / 1000) * 1000 + 1000).toISOString().slice(0, 19);
}

async function link(...ids: string[]): Promise<void> {
  await button("Befund verknüpfen").click();
  await field("Kennung des Befunds").fill(ids.join(" "));
  await send("Befund verknüpfen");
  await closed();
}

/** As somebody else would, from another window. */
async function editElsewhere(title: string): Promise<void> {
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const status = await page.evaluate(
    async ([incident, text]) => {
      const answer = await (await fetch("/api/v1/session")).text();
      const session: { csrfToken: string } = JSON.parse(answer);
      const headers = { "content-type": "application/json", "x-csrf-token": session.csrfToken };
      const shown = await (await fetch(`/api/v1/incidents/${incident}`)).text();
      const present: { version: number } = JSON.parse(shown);
      const body = JSON.stringify({ version: present.version, title: text });
      const path = `/api/v1/incidents/${incident}/edit`;
      return (await fetch(path, { method: "POST", headers, body })).status;
    },
    [id, title] as const,
  );
  expect(status).toBe(200);
}

describe("an incident", () => {
  it("is declared with what the KPIs need; what is refused stands beside what was typed", async () => {
    await signIn("/vorfaelle");
    await page.getByText("Kein Vorfall passt.").waitFor();
    expect(await axeViolations()).toEqual([]);
    await button("Vorfall ausrufen").click();
    await expect.poll(() => inDialog().locator("input[type=text]:focus").count()).toBe(1);
    expect(await axeViolations()).toEqual([]);
    await field("Titel").fill("Verschlüsselung auf fs01");
    await field("Art").selectOption("malicious_code");
    await field("Woher ist die Zeit bekannt?").selectOption("evidence");
    await field("Zeitpunkt").fill("2026-11-20T08:00:00");
    await stateImpact();
    await picture("incident-declare");
    await send("Vorfall ausrufen …");
    await expect.poll(refusal).toContain("braucht mindestens einen Beleg");
    await field("Woher ist die Zeit bekannt?").selectOption("estimate");
    await send("Vorfall ausrufen …");
    await page.getByRole("heading", { level: 1, name: "Verschlüsselung auf fs01" }).waitFor();
    expect(await phase()).toBe("Ausgerufen");
    await page.getByText("Erkennung fehlt").waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("incident");

    await page.getByRole("link", { name: "Alle Vorfälle" }).click();
    const line = page.locator("tbody tr");
    await expect.poll(() => line.textContent()).toContain("3 Angaben");
    expect(await axeViolations()).toEqual([]);
    await picture("incidents");
    await page.getByLabel("Stand", { exact: true }).selectOption("closed");
    await page.getByText("Kein Vorfall passt.").waitFor();
    expect(new URL(page.url()).searchParams.get("status")).toBe("closed");
  });

  it("is contained from the work that is left, recovered, closed and opened again", async () => {
    await signIn();
    await declare("Verschlüsselung");
    await button(/^Angeben: Eindämmung fehlt/).click();
    await field("Woher ist die Zeit bekannt?").selectOption("estimate");
    await field("Zeitpunkt").fill("2026-11-20T07:00:00");
    await send("Speichern");
    await expect.poll(refusal).toContain("läge vor der ersten Kompromittierung");
    expect(await axeViolations()).toEqual([]);
    await picture("incident-refusal");
    await field("Zeitpunkt").fill("2026-11-20T09:30:15");
    await field("Ausfall durch die Eindämmung in Minuten").fill("45");
    await send("Speichern");
    await closed();
    await expect.poll(phase).toBe("Eingedämmt");
    await page.getByText("20.11.2026, 09:30:15").waitFor();
    await page.getByText("45 Minuten").waitFor();
    await button("Behebung angeben").click();
    await field("Woher ist die Zeit bekannt?").selectOption("estimate");
    await field("Zeitpunkt").fill("2026-11-20T10:00:00");
    await send("Speichern");
    await closed();
    await expect.poll(phase).toBe("Behoben");
    await button("Bewerten und abschließen").click();
    await field("Bewertung").selectOption("undetermined");
    await send("Bewerten und abschließen");
    await expect.poll(refusal).toContain("braucht einen Satz zur Begründung");
    await field("Bewertung").selectOption("true_positive");
    await send("Bewerten und abschließen");
    await closed();
    await expect.poll(phase).toBe("Abgeschlossen");
    await button("Wieder öffnen").click();
    await field("Begründung").fill("Noch ein Rechner betroffen");
    await send("Wieder öffnen");
    await closed();
    await expect.poll(phase).toBe("Eingedämmt");
    await page.getByText("Noch ein Rechner betroffen").waitFor();
    expect(await axeViolations()).toEqual([]);
  });

  it("counts its time limits down; a person takes the draft and writes down that it was sent", async () => {
    await signIn();
    await declare("Abfluss");
    const clock = page.locator(".clock").filter({ hasText: "Art. 33 DSGVO" });
    await expect.poll(() => clock.textContent()).toMatch(/noch (3 Tage|2 Tage 23 Std)/);
    await clock.getByRole("button", { name: "Entwurf ansehen" }).click();
    const draft = inDialog().getByRole("textbox");
    await expect.poll(() => draft.inputValue()).toContain("Art. 33 DSGVO");
    expect(await draft.inputValue()).not.toContain("Abfluss");
    expect(await axeViolations()).toEqual([]);
    await picture("incident-draft");
    await page.keyboard.press("Escape");
    await closed();
    await clock.getByRole("button", { name: "Als gemeldet eintragen" }).click();
    await field("An wen").fill("Landesbeauftragter für den Datenschutz");
    await field("Wann gemeldet oder entschieden").fill("2027-01-01T10:00:00");
    await send("Speichern");
    await expect.poll(refusal).toContain("liegt in der Zukunft");
    await field("Was ist geschehen?").selectOption("not_required");
    await field("Begründung oder Anmerkung").fill("Keine personenbezogenen Daten betroffen");
    await field("Wann gemeldet oder entschieden").fill(await afterIdentification());
    await picture("incident-notification");
    // The server's clock may still be in the second of the identification.
    await expect
      .poll(async () => {
        if ((await inDialog().count()) > 0) await send("Speichern");
        return inDialog().count();
      })
      .toBe(0);
    await expect.poll(() => clock.textContent()).toContain("Keine Meldung nötig");
  });

  it("shows a foreign change before it takes one's own", async () => {
    await signIn();
    await declare("Vorher");
    await button("Angaben ändern").click();
    await field("Beschreibung").fill("Drei Rechner");
    await editElsewhere("Nachher");
    await send("Speichern");
    await expect.poll(refusal).toContain("jemand anderes den Vorfall geändert");
    expect(await field("Beschreibung").inputValue()).toBe("Drei Rechner");
    await page.locator("h1", { hasText: "Nachher" }).waitFor();
    await send("Speichern");
    await closed();
    await page.getByText("Drei Rechner").waitFor();
  });
});

describe("the pages of incidents", () => {
  it("can be read in dark colours, in English, and on a narrow screen", async () => {
    await signIn();
    await declare("Dunkel");
    const dark = JSON.stringify({ theme: "dark", language: "en", shortcuts: true });
    await page.evaluate((text) => localStorage.setItem("heidewacht.preferences", text), dark);
    await page.reload();
    await page.getByText("What is missing for the KPIs").waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("incident-dark");
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await axeViolations()).toEqual([]);
    await picture("incident-narrow");
    await page.keyboard.press("g");
    await page.keyboard.press("v");
    await page.getByText("1 of 1 incidents").waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("incidents-narrow");
  });
});

describe("what an incident consists of", () => {
  it("are findings, tasks of their rules, actions, evidence and comments", async () => {
    await signIn();
    await declare("Bestandteile");
    await link("f-000000");
    await page.locator(".case-list a").first().waitFor();
    await button("Schritte der Regeln übernehmen").click();
    const task = page.getByRole("button", { name: /^Erledigt: / });
    await task.first().waitFor();
    const before = await task.count();
    await task.first().click();
    await expect.poll(() => task.count()).toBe(before - 1);
    await button(/^Doch offen: /).waitFor();

    await button("Maßnahme hinzufügen").click();
    await field("Was zu tun ist").fill("Makros sperren");
    await field("Bis wann").fill("2026-11-19T12:00:00");
    await send("Speichern");
    await closed();
    await page.getByText("Korrekturmaßnahme überfällig: Makros sperren").waitFor();
    await button(/^Angeben: Korrekturmaßnahme überfällig/).click();
    await send("Abschließen");
    await closed();
    await page.getByText("abgeschlossen am").waitFor();

    await button("Beweismittel hinzufügen").click();
    await field("Bezeichnung oder Kennung").fill("abbild.e01");
    await field("SHA-256 des Inhalts").fill("keine");
    await send("Speichern");
    await expect.poll(refusal).toContain("body/sha256");
    await field("SHA-256 des Inhalts").fill("a".repeat(64));
    await send("Speichern");
    await closed();
    await button("Übergabe eintragen: abbild.e01").click();
    await field("Was ist geschehen?").fill("an die Polizei übergeben");
    await send("Speichern");
    await closed();
    await page.getByText("Kette der Übergaben (2)").click();
    await page.getByText("an die Polizei übergeben").waitFor();

    await page.getByLabel("Kommentar", { exact: true }).fill("Rücksprache mit dem Fachamt");
    await button("Kommentieren").click();
    await page.locator(".comment-text").waitFor();
    await page.getByText("Übergabe eingetragen").waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("incident-parts");
  });

  it("is divided and put together, taken over and taken out again", async () => {
    await signIn();
    await declare("Erster");
    await link("f-000001", "f-000002");
    await button("Teilen").click();
    await inDialog().locator("select").nth(1).selectOption("1");
    expect(await axeViolations()).toEqual([]);
    await picture("incident-split");
    await send("Teilen");
    await closed();
    await page.getByRole("link", { name: "Teil 2" }).waitFor();
    await button("Teilung zurücknehmen").click();
    await button("Befund verknüpfen").waitFor();
    await declare("Zweiter");
    await button("Anderen Vorfall aufnehmen").click();
    const source = field("Welcher Vorfall geht in diesem auf?");
    await expect.poll(() => source.locator("option").count()).toBe(2);
    await source.selectOption({ index: 1 });
    await send("Anderen Vorfall aufnehmen");
    await closed();
    await button("Wieder trennen").click();
    await expect.poll(() => button("Wieder trennen").count()).toBe(0);
    await page.goto(`${server.url}/vorfaelle`);
    await expect.poll(() => page.locator("tbody tr").count()).toBe(2);
  });
});
