// Section 9: what the language model was asked, what of it held, and what people made of it.
import type { Block, Section } from "../../report-document/document.ts";
import { shareWords } from "../../store/kpi-words.ts";
import type { AiData } from "../collect/ai.ts";
import type { DocumentParts } from "./edition.ts";
import { AI } from "./evidence-messages.ts";
import { ANNOTATION_WORDS, CALL_WORDS, SUSPICION_WORDS, WORDS } from "./messages.ts";
import { code, commandLine, countWords, millisecondsWords, tableOf, timeWords } from "./words.ts";

export function aiSection({ data, command, tenantCommand }: DocumentParts): Section {
  const { ai } = data.sections;
  const { state } = ai;
  const { timeZone } = data.period;
  return {
    number: "9",
    title: AI.title,
    startsPage: true,
    blocks: [
      ...(ai.calls === 0 ? [{ kind: "paragraph" as const, text: AI.noCalls }] : callBlocks(ai)),
      {
        kind: "paragraph",
        text: state.model === null ? AI.noModel : AI.model(state.model, state.isOn),
      },
      {
        kind: "paragraph",
        text: AI.manipulation(countWords(ai.manipulations), countWords(ai.removedCharacters)),
      },
      tableOf({
        id: "ki-verdacht",
        caption: AI.suspicions,
        rows: ai.suspicions,
        columns: (of) => [
          of.named(AI.kind, ({ kind }) => SUSPICION_WORDS[kind]),
          of.numbers(AI.reported, ({ reported }) => reported),
          of.numbers(AI.delivered, ({ delivered }) => delivered),
        ],
      }),
      { kind: "paragraph", text: AI.switched(countWords(ai.switched)) },
      ...modelBlocks(ai, timeZone, WORDS.state(timeWords(data.at, timeZone))),
      commandLine(command("9")),
      commandLine(tenantCommand("llm export")),
    ],
  };
}

function callBlocks(ai: AiData): Block[] {
  const { claims, outages } = ai;
  const share = claims.total === 0 ? WORDS.none : shareWords(claims.dropped / claims.total, "de");
  const counted = (
    id: string,
    caption: string,
    header: string,
    rows: AiData["byOutcome"],
    names: Readonly<Record<string, string>> = {},
  ) =>
    tableOf({
      ...{ id, caption, rows },
      columns: (of) => [
        of.named(header, ({ name }) => names[name] ?? name),
        of.numbers(AI.number, ({ n }) => n),
      ],
    });
  return [
    {
      kind: "list",
      items: [
        AI.calls(
          countWords(ai.calls),
          countWords(ai.verified),
          countWords(ai.replaced),
          countWords(ai.failed),
        ),
        AI.claims(countWords(claims.total), countWords(claims.dropped), share),
        AI.outages(
          countWords(outages.n),
          millisecondsWords(outages.longestMs),
          millisecondsWords(outages.totalMs),
        ),
      ],
    },
    counted("ki-ausgang", AI.outcomes, AI.outcome, ai.byOutcome, CALL_WORDS),
    counted("ki-modelle", AI.models, AI.modelName, ai.byModel),
    tableOf({
      id: "ki-entscheidungen",
      caption: AI.decisions,
      rows: ai.decisions,
      columns: (of) => [
        of.named(AI.decision, ({ state }) => ANNOTATION_WORDS[state]),
        of.numbers(AI.number, ({ n }) => n),
      ],
    }),
  ];
}

function modelBlocks({ state, promotions }: AiData, timeZone: string, note: string): Block[] {
  return [
    tableOf({
      id: "modelle",
      caption: AI.learnt,
      rows: state.learnt,
      columns: (of) => [
        of.named(AI.modelName, ({ name }) => name),
        of.numbers(AI.version, ({ version }) => version),
        of.times(AI.trainedAt, timeZone, ({ trainedAt }) => trainedAt),
        of.shares(AI.recall, ({ recallAtFpr1pct }) => recallAtFpr1pct),
        of.shares(AI.auroc, ({ auroc }) => auroc),
        of.words(AI.hash, ({ hash }) => [code(hash)], 2),
      ],
      note,
    }),
    tableOf({
      id: "modelle-wechsel",
      caption: AI.promotions,
      rows: promotions,
      columns: (of) => [
        of.named(AI.modelName, ({ name }) => name),
        of.numbers(AI.version, ({ version }) => version),
        of.times(AI.at, timeZone, ({ at }) => at),
        of.words(AI.hash, ({ hash }) => [code(hash)], 2),
      ],
    }),
  ];
}
