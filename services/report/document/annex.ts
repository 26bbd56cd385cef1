// The annex: what the KPIs mean, word for word, and how the commands of the report are used.
import type { Section } from "../../report-document/document.ts";
import { KPI_MESSAGES } from "../../store/kpi-messages.ts";
import { KPI_NAMES } from "../../store/kpi-target.ts";
import { ANNEX } from "./evidence-messages.ts";
import { commandLine } from "./words.ts";

export function annexSection(): Section {
  const { names, definitions, scope } = KPI_MESSAGES.de;
  return {
    number: "A",
    title: ANNEX.title,
    startsPage: true,
    blocks: [
      { kind: "heading", text: ANNEX.scope },
      { kind: "paragraph", text: scope },
      ...KPI_NAMES.flatMap((name) => [
        { kind: "heading" as const, text: names[name] },
        { kind: "paragraph" as const, text: definitions[name] },
      ]),
      commandLine("heidewacht kpi definitions"),
      { kind: "heading", text: ANNEX.commands },
      { kind: "paragraph", text: ANNEX.commandsText },
    ],
  };
}
