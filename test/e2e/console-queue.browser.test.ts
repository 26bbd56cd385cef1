// Proposed incidents, changes of many findings, and what the language model suggests, in a real Chromium
// over the real grouping.
import { describe, expect, it } from "vitest";
import { ANNOTATION_KIND, type Annotation } from "../../services/store/annotation.ts";
import type { Finding } from "../../services/store/finding.ts";
import { SUSPICION_KIND } from "../../services/store/suspicion.ts";
import {
  axeViolations,
  heading,
  openId,
  page,
  picture,
  row,
  server,
  setUpConsole,
  signIn,
} from "./console-browser.ts";
import { finding, HOSTILE_TITLE } from "./console-findings.ts";

const MINUTE_MS = 60_000;
const TENANT = "lklg";
const LONE = 40;

/** Steps of one intrusion on one host, which belong together. */
const STORY: readonly Finding[] = ["execution", "credential-access", "lateral-movement"].map(
  (tactic, n) => {
    const plain = finding(n);
    const at = plain.lastEventAt - (200 - n * 20) * MINUTE_MS;
    return {
      ...plain,
      id: `s-${n}`,
      detector: { ...plain.detector, id: `rule-${n}`, tactics: [tactic] },
      groupKey: "host:lk-ws99",
      entities: [{ type: "host", value: "lk-ws99" }],
      firstEventAt: at,
      lastEventAt: at,
    };
  },
);

setUpConsole(Array.from({ length: LONE }, (_, n) => loneFinding(n)));

/** Nothing in common with others, so that it stands alone. */
function loneFinding(n: number): Finding {
  const plain = finding(n + 2);
  return {
    ...plain,
    detector: { ...plain.detector, id: `lone-${n}`, level: "low", tactics: [] },
    groupKey: `host:lk-lone${n}`,
    entities: [{ type: "host", value: `lk-lone${n}` }],
    score: 20,
  };
}

const dialog = () => page.getByRole("dialog");
const proposalRow = () => page.locator(".grid-row.proposal");

async function withStory(): Promise<void> {
  for (const one of STORY) await server.put(one);
  await server.regroup(STORY.map(({ firstEventAt }) => firstEventAt));
}

describe("a proposed incident", () => {
  it("is one row on top that opens to its story and its findings", async () => {
    await withStory();
    await signIn();
    await proposalRow().waitFor();
    expect(await proposalRow().getAttribute("aria-rowindex")).toBe("2");
    expect(await row("s-1").count()).toBe(0);
    expect(await axeViolations()).toEqual([]);
    await picture("queue-grouped");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Was nacheinander geschah" }).waitFor();
    await row("s-1").waitFor();
    expect(await proposalRow().getAttribute("aria-expanded")).toBe("true");
    expect(await page.locator(".story li").count()).toBe(3);
    expect(await axeViolations()).toEqual([]);
    await picture("proposal");
    await page.keyboard.press("j");
    await expect.poll(openId).toMatch(/^s-/);
    await heading().waitFor();
    const first = openId() ?? "";
    await page.keyboard.press("t");
    await expect
      .poll(async () => (await server.get(first))?.verdict?.verdict)
      .toBe("true_positive");
  });

  it("is judged as a whole with two keystrokes, and the judgement taken back", async () => {
    await withStory();
    await signIn();
    await proposalRow().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("b");
    await dialog().getByRole("button", { name: "Auf 3 Befunde anwenden" }).waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("bulk-preview");
    await page.keyboard.press("Enter");
    await page.getByText("3 Befunde geändert.").waitFor();
    await expect.poll(() => proposalRow().count()).toBe(0);
    expect((await server.get("s-2"))?.verdict?.verdict).toBe("benign_true_positive");
    expect(await axeViolations()).toEqual([]);
    await page.getByRole("button", { name: /^Rückgängig \(noch/ }).click();
    await page.getByText("3 Befunde zurückgesetzt.").waitFor();
    await proposalRow().waitFor();
    expect((await server.get("s-2"))?.verdict).toBeUndefined();
  });

  it("lets findings be taken out of it, and that be taken back", async () => {
    await withStory();
    await signIn();
    await proposalRow().click();
    const members = page.locator(".member-table tbody tr");
    await expect.poll(() => members.count()).toBe(3);
    await members.last().getByRole("checkbox").check();
    await page.getByRole("button", { name: "Auswahl herausnehmen" }).click();
    await dialog().waitFor();
    expect(await axeViolations()).toEqual([]);
    await dialog().getByLabel("Grund").fill("Geplante Wartung");
    await dialog().getByRole("button", { name: "Befunde herausnehmen" }).click();
    await page.getByText("Herausgenommen.").waitFor();
    await page.locator(".toast").getByRole("button", { name: "Rückgängig" }).click();
    await page.getByText("Bündelung zurückgenommen.").waitFor();
  });

  it("is declared an incident with its findings", async () => {
    await withStory();
    await signIn();
    await proposalRow().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("a");
    await dialog().getByText("Verknüpfte Befunde: 3").waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("declare");
  });

  it("gives way to the plain list of findings", async () => {
    await withStory();
    await signIn();
    await proposalRow().waitFor();
    await page.getByRole("button", { name: "Gebündelt" }).click();
    await row("s-0").waitFor();
    expect(await proposalRow().count()).toBe(0);
    expect(page.url()).toContain("view=list");
  });
});

describe("a change of many findings", () => {
  it("takes the marked ones, warns, and shows how far it is", async () => {
    await server.put({ ...loneFinding(0), assignee: "a-2" });
    await signIn();
    await row(loneFinding(0).id).waitFor();
    await row(loneFinding(0).id).getByRole("checkbox").check();
    await row(loneFinding(1).id).getByRole("checkbox").check();
    await page.getByText("2 ausgewählt").waitFor();
    await page.keyboard.press("m");
    await dialog().getByLabel("Was geändert wird").selectOption({ label: "Schlagwörter" });
    await dialog().getByLabel("Hinzufügen").fill("übung, vpn");
    expect(await axeViolations()).toEqual([]);
    await picture("bulk-form");
    await dialog().getByRole("button", { name: "Vorschau" }).click();
    await dialog().getByText("1 Befund darunter: jemandem zugewiesen.").waitFor();
    await dialog().getByRole("button", { name: "Auf 2 Befunde anwenden" }).click();
    await page.getByText("2 Befunde geändert.").waitFor();
    expect((await server.get(loneFinding(1).id))?.tags).toEqual(["vpn", "übung"]);
  });

  it("takes all that fit the filter", async () => {
    await signIn("/warteschlange?level=low");
    await row(loneFinding(0).id).waitFor();
    await page.getByRole("button", { name: "Mehrere ändern" }).click();
    await dialog().getByLabel("Was geändert wird").selectOption({ label: "Mir zuweisen" });
    await dialog().getByRole("button", { name: "Vorschau" }).click();
    await dialog()
      .getByRole("button", { name: `Auf ${LONE} Befunde anwenden` })
      .click();
    await page.getByText(`${LONE} Befunde geändert.`).waitFor();
    expect((await server.get(loneFinding(7).id))?.assignee).toBeDefined();
  });
});

function annotation(change: Partial<Annotation> = {}): Annotation {
  const [evidence] = STORY[1]?.evidence ?? [];
  const event = evidence?.events[0]?.id ?? "";
  return {
    ...{ id: "n-1", tenant: TENANT, subject: { kind: "finding", id: "s-1" }, task: "summary" },
    ...{ state: "proposed", outcome: "verified", createdAt: 1, contentHash: "h" },
    ...{ at: Date.UTC(2026, 10, 20, 9), durationMs: 2100, model: "modell-7b" },
    assessment: "likely_attack",
    claims: [
      {
        ...{ kind: "statement", section: "what" },
        parts: [
          { type: "text", text: "Ein Prozess las den Speicher, zu sehen an " },
          { type: "value", value: HOSTILE_TITLE, event, field: "process.target.executable" },
          { type: "text", text: "." },
        ],
      },
    ],
    verification: { total: 4, dropped: { unknown_item: 1 }, removedCharacters: 3 },
    template: "Vorlage",
    ...change,
  };
}

describe("a suggestion of the language model", () => {
  it("is marked, folded at a high level, cites its events and is decided on", async () => {
    await withStory();
    await server.store.put(TENANT, ANNOTATION_KIND, "n-1", annotation());
    await signIn("/warteschlange/s-1");
    await heading().waitFor();
    const card = page.locator(".suggestion");
    await card.waitFor();
    const head = (await card.textContent()) ?? "";
    expect(head).toContain("KI-Vorschlag, ungeprüft");
    expect(head).toContain("Modell modell-7b");
    expect(head).toContain("3 von 4 Aussagen belegt, 1 verworfen");
    expect(await page.locator(".slot").isVisible()).toBe(false);
    await card.locator("summary").click();
    await page.locator(".slot").waitFor();
    expect(await page.locator(".slot").textContent()).toContain("⟨U+202E⟩");
    expect(await page.locator("main img").count()).toBe(0);
    expect(await axeViolations()).toEqual([]);
    await picture("suggestion");
    await page.locator(".slot").click();
    await expect.poll(() => page.locator(".cited").count()).toBe(1);
    await card.getByRole("button", { name: "Verwerfen" }).click();
    await dialog().getByLabel("Grund").fill("Stimmt so nicht.");
    await dialog().getByRole("button", { name: "Speichern" }).click();
    await card.getByText("von einem Menschen verworfen").first().waitFor();
    const stored = await server.store.get(TENANT, ANNOTATION_KIND, "n-1");
    expect(stored?.document).toMatchObject({ state: "rejected", reason: "Stimmt so nicht." });
  });

  it("can be reported with one key", async () => {
    await withStory();
    await server.store.put(TENANT, ANNOTATION_KIND, "n-1", annotation());
    await signIn("/warteschlange/s-1");
    await page.locator(".suggestion").waitFor();
    await page.keyboard.press("v");
    await dialog().getByLabel("Was Ihnen auffällt").waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("suspicion");
    await dialog().getByRole("button", { name: "Melden" }).click();
    await page.getByText("Verdacht gemeldet.").waitFor();
    const { hits } = await server.store.search(TENANT, SUSPICION_KIND, {
      terms: { finding: ["s-1"] },
      sort: [{ field: "createdAt", order: "desc" }],
      limit: 2,
    });
    expect(hits.map(({ document }) => document.kind)).toEqual(["injection"]);
  });
});

describe("handling a finding", () => {
  it("assigns, watches, marks, tags and comments by hand and by key", async () => {
    const { id } = loneFinding(3);
    await signIn(`/warteschlange/${id}`);
    await heading().waitFor();
    await page.keyboard.press("i");
    await page.getByText("Zugewiesen: Ihnen").waitFor();
    await page.keyboard.press("w");
    await page.getByText("Sie beobachten diesen Befund.").waitFor();
    await page.getByLabel("Weitergabe (TLP)").selectOption({ label: "nicht gekennzeichnet" });
    await page.getByLabel("Weitergabe (TLP)").selectOption("amber");
    await expect.poll(async () => (await server.get(id))?.tlp).toBe("amber");
    await page.getByLabel("Schlagwort hinzufügen").fill("vpn");
    await page.getByRole("button", { name: "Hinzufügen" }).click();
    await page.getByRole("button", { name: "Schlagwort entfernen: vpn" }).waitFor();
    await heading().click();
    await page.keyboard.press("c");
    await page.keyboard.type("Rückruf bei der Fachstelle vereinbart.");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Rückruf bei der Fachstelle vereinbart.").waitFor();
    expect(await axeViolations()).toEqual([]);
    await picture("handling");
    expect(await server.get(id)).toMatchObject({ tlp: "amber", tags: ["vpn"] });
  });
});
