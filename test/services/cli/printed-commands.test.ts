// A report prints with its figures the commands that give them again: each is one that the command line
// knows, with options that it has, for the tenant of the report, whichever that is.
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { makeProgram } from "../../../services/cli/program.ts";
import { readLedger } from "../../../services/kpi/calculator.ts";
import { publishPeriod } from "../../../services/kpi/publish.ts";
import { collectReport } from "../../../services/report/collect.ts";
import { documentOf } from "../../../services/report/document/report-document.ts";
import type { Block, Text } from "../../../services/report-document/document.ts";
import { reportContext } from "../../../services/report-link.ts";
import { INCIDENT_KIND } from "../../../services/store/kinds.ts";
import { at, incidentOf, stated } from "../kpi/incidents.ts";
import { NOW, openReportStore } from "../report/report-world.ts";

const SECOND = "samtgemeinde";
/** They say the same for every tenant. */
const OF_ALL_TENANTS = ["heidewacht kpi definitions"];

function commandsOf(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => {
    if (block.kind === "code") return block.text.split("\n");
    if (block.kind === "tiles") return block.tiles.map(({ command }) => command ?? "");
    return block.kind === "paragraph" ? codeOf(block.text) : [];
  });
}

function codeOf(text: Text): string[] {
  if (typeof text === "string") return [];
  return text.filter(({ style }) => style === "code").map((run) => run.text);
}

/** All that a report of a quarter of the second tenant prints. */
async function printed(): Promise<string[]> {
  const { store, parts } = openReportStore({
    tenants: [
      { id: "landkreis", name: "Landkreis Beispiel", timeZone: "UTC" },
      { id: SECOND, name: "Samtgemeinde Beispiel", timeZone: "UTC" },
    ],
  });
  const incident = incidentOf("i1", {
    ...{ tenant: SECOND, detectedAt: at("2026-08-05T07:00"), identifiedAt: at("2026-08-05T08:00") },
    recovered: stated("2026-08-05T11:00"),
  });
  await store.put(SECOND, INCIDENT_KIND, "i1", incident);
  const context = reportContext(parts, SECOND, "2026-Q3", NOW);
  const ledger = await readLedger(store, SECOND, "UTC");
  await publishPeriod(store, ledger, SECOND, context.period, { at: NOW, actor: "account-1" });
  const draft = { author: "Samtgemeinde Beispiel", reference: undefined };
  const { sections } = documentOf(await collectReport(context), draft, "full");
  const all = sections.flatMap(({ blocks }) => commandsOf(blocks));
  return [...new Set(all.filter((text) => text.startsWith("heidewacht ")))];
}

/** Parses it with the program's own parser, and runs nothing. @returns what was called, and for which tenant */
async function parsed(text: string): Promise<{ words: string; tenant: unknown }> {
  const program = makeProgram("de", "0.0.0");
  const called: { words: string; tenant: unknown }[] = [];
  const disarm = (command: Command, words: string) => {
    command
      .exitOverride()
      .configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    for (const one of command.commands) disarm(one, `${words} ${one.name()}`);
    if (command.commands.length > 0) return;
    command.action(() => {
      called.push({ words, tenant: command.opts().tenant });
    });
  };
  disarm(program, "heidewacht");
  const [, ...words] = text.split(" ");
  await program.parseAsync(words, { from: "user" });
  const [one] = called;
  if (one === undefined || called.length > 1) throw new Error(`${text} calls no one command`);
  return one;
}

describe("the commands that a report prints", () => {
  it("are understood by the command line, and name the tenant", async () => {
    const all = await printed();
    const found = await Promise.all(all.map(parsed));
    const kinds = new Set(found.map(({ words }) => words));
    expect([...kinds].sort()).toEqual([
      "heidewacht audit verify",
      "heidewacht kpi definitions",
      "heidewacht kpi months",
      "heidewacht kpi periods",
      "heidewacht kpi show",
      "heidewacht llm export",
      "heidewacht report show",
      "heidewacht report verify",
    ]);
    for (const [index, { tenant }] of found.entries()) {
      const text = all[index] ?? "";
      expect([text, tenant]).toEqual([text, OF_ALL_TENANTS.includes(text) ? undefined : SECOND]);
    }
  });

  it.each(["heidewacht kpi shows --tenant x", "heidewacht kpi months --mandant x"])(
    "would be found out: %s",
    async (text) => {
      await expect(parsed(text)).rejects.toThrow();
    },
  );
});
