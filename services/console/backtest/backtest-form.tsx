// What a backtest is asked: which rules, and over which span of the archive.
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { type FormEvent, useDeferredValue, useId, useState } from "react";
import type { BacktestBody, RulesAnswer } from "../api/contract.ts";
import { rulesQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { berlinTime } from "../model/berlin-time.ts";
import { visibleText } from "../model/visible-text.ts";

const KINDS = ["loaded", "own", "pack"] as const;
type Kind = (typeof KINDS)[number];
const RANGES = ["1", "7", "30", "own"] as const;
type Range = (typeof RANGES)[number];
/** Options drawn at once; the search finds the others. */
const OPTIONS_MAX = 200;
const DAY_MS = 86_400_000;

interface FormProps {
  readonly isRunning: boolean;
  readonly onStart: (body: BacktestBody) => void;
}

export function BacktestForm({ isRunning, onStart }: FormProps) {
  const { messages } = useSpeech();
  const texts = messages.backtest;
  const { regel }: { regel?: string } = useSearch({ strict: false });
  const [kind, setKind] = useState<Kind>("loaded");
  const [range, setRange] = useState<Range>("7");
  const [fault, setFault] = useState("");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name) ?? "");
    const span = spanOf(range, text("from"), text("to"));
    const rules = rulesOf(kind, text("rule"), text("yaml"));
    setFault(rules === undefined ? texts.ruleNeeded : span === undefined ? texts.rangeNeeded : "");
    if (rules !== undefined && span !== undefined) onStart({ ...rules, range: span });
  };
  return (
    <form className="backtest-form" onSubmit={submit} noValidate>
      <fieldset>
        <legend>{texts.which}</legend>
        {KINDS.map((one) => (
          <label key={one} className="backtest-choice">
            <input type="radio" name="kind" checked={kind === one} onChange={() => setKind(one)} />
            {texts[one]}
          </label>
        ))}
        {kind === "loaded" && <RuleChoice key={regel} chosen={regel} />}
        {kind === "own" && <YamlField />}
      </fieldset>
      <fieldset>
        <legend>{texts.range}</legend>
        {RANGES.map((one) => (
          <label key={one} className="backtest-choice">
            <input
              type="radio"
              name="range"
              checked={range === one}
              onChange={() => setRange(one)}
            />
            {texts.ranges[one]}
          </label>
        ))}
        {range === "own" && (
          <div className="backtest-span">
            <label>
              {texts.from}
              <input name="from" type="datetime-local" />
            </label>
            <label>
              {texts.to}
              <input name="to" type="datetime-local" />
            </label>
          </div>
        )}
      </fieldset>
      {fault !== "" && (
        <p className="alert alert-danger" role="alert">
          {fault}
        </p>
      )}
      <button type="submit" className="kern-btn kern-btn--primary" disabled={isRunning}>
        <span className="kern-label">{texts.start}</span>
      </button>
    </form>
  );
}

function rulesOf(
  kind: Kind,
  rule: string,
  yaml: string,
): Pick<BacktestBody, "ids" | "text" | "pack"> | undefined {
  if (kind === "pack") return { pack: true };
  if (kind === "loaded") return rule === "" ? undefined : { ids: [rule] };
  return yaml.trim() === "" ? undefined : { text: yaml };
}

function spanOf(range: Range, from: string, to: string): BacktestBody["range"] {
  const now = Date.now();
  if (range !== "own") return { from: now - Number(range) * DAY_MS, to: now };
  const span = { from: berlinTime(from) ?? Number.NaN, to: berlinTime(to) ?? Number.NaN };
  return span.to > span.from ? span : undefined;
}

function RuleChoice({ chosen }: { readonly chosen: string | undefined }) {
  const { messages, formats } = useSpeech();
  const texts = messages.backtest;
  const { data } = useQuery(rulesQuery);
  const id = useId();
  const [filter, setFilter] = useState("");
  const [selected, setSelected] = useState(chosen ?? "");
  const wanted = useDeferredValue(filter.toLowerCase());
  const found = matching(data?.rules ?? [], wanted, selected);
  return (
    <>
      <label className="backtest-field">
        {texts.filter}
        <input
          type="search"
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
      </label>
      <div className="backtest-field">
        <label htmlFor={id}>{texts.rule}</label>
        <select
          id={id}
          name="rule"
          size={8}
          value={selected}
          onChange={(event) => setSelected(event.currentTarget.value)}
        >
          {selected === "" && <option value="">{texts.choose}</option>}
          {found.slice(0, OPTIONS_MAX).map((rule) => (
            <option key={rule.id} value={rule.id}>
              {visibleText(rule.title)}
            </option>
          ))}
        </select>
      </div>
      <p className="muted small" role="status">
        {data !== undefined && found.length === 0 && texts.noRule}
        {found.length > OPTIONS_MAX && texts.moreRules(formats.number(found.length - OPTIONS_MAX))}
      </p>
    </>
  );
}

/** By title, the chosen one first, so that it is there however many they are. */
function matching(
  rules: RulesAnswer["rules"],
  wanted: string,
  chosen: string,
): RulesAnswer["rules"] {
  const rank = (id: string) => (id === chosen ? 0 : 1);
  return rules
    .filter(({ title, id }) => `${title} ${id}`.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a.id) - rank(b.id) || (a.title < b.title ? -1 : 1));
}

function YamlField() {
  const { messages } = useSpeech();
  const texts = messages.backtest;
  return (
    <label className="backtest-field">
      {texts.yaml}
      <textarea
        name="yaml"
        className="mono"
        rows={14}
        spellCheck={false}
        aria-describedby="yaml-hint"
      />
      <span id="yaml-hint" className="muted small">
        {texts.yamlHint}
      </span>
    </label>
  );
}
