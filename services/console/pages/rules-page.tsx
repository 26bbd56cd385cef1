// The page of rules: what is loaded with its hits, what is not and why, and what the dearest rules are.
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState } from "react";
import type { RulesAnswer } from "../api/contract.ts";
import { rulesQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { ReloadRules } from "../rules/reload-rules.tsx";
import { Costs, Differing, Faults, LeftOut, Notes } from "../rules/rule-notices.tsx";
import { RuleTable } from "../rules/rule-table.tsx";
import { errorText } from "../shell/error-text.ts";
import { DetectingNav } from "../shell/sub-nav.tsx";
import { useTitle } from "../shell/use-title.ts";

/** Rows drawn at once; the filter finds the others. */
const ROWS_MAX = 500;

export function RulesPage() {
  const { messages, formats } = useSpeech();
  const { data, error, isPending } = useQuery(rulesQuery);
  const [filter, setFilter] = useState("");
  const wanted = useDeferredValue(filter.toLowerCase());
  const texts = messages.rules;
  useTitle(texts.title);
  const shown = useMemo(() => filtered(data?.rules ?? [], wanted), [data, wanted]);
  const correlations = data?.rules.filter(({ correlation }) => correlation).length ?? 0;
  return (
    <div className="page">
      <DetectingNav />
      <h1>{texts.title}</h1>
      <p className="muted" role="status">
        {isPending && messages.common.loading}
        {data && texts.loaded(formats.number(data.rules.length))}
        {correlations > 0 && `, ${texts.correlations(formats.number(correlations))}`}
        {data && data.faults.length > 0 && `, ${texts.faults(formats.number(data.faults.length))}`}
      </p>
      {error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(error, messages)}
        </p>
      )}
      <ReloadRules />
      {data?.processes && <Differing processes={data.processes} />}
      {data && data.faults.length > 0 && <Faults faults={data.faults} />}
      {data && data.notes.length > 0 && <Notes notes={data.notes} />}
      {data && data.leftOut.length > 0 && <LeftOut leftOut={data.leftOut} />}
      {data && data.costs.length > 0 && <Costs costs={data.costs} />}
      <label className="inline-field rule-filter">
        <span>{texts.filter}</span>
        <input
          type="search"
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
      </label>
      {data && shown.length === 0 && <p className="muted">{texts.empty}</p>}
      {shown.length > 0 && <RuleTable rules={shown.slice(0, ROWS_MAX)} />}
      {shown.length > ROWS_MAX && (
        <p className="muted small">{`${formats.number(ROWS_MAX)} / ${formats.number(shown.length)}`}</p>
      )}
    </div>
  );
}

function filtered(rules: RulesAnswer["rules"], wanted: string): RulesAnswer["rules"] {
  return rules
    .filter((rule) =>
      [
        ...[rule.title, rule.id, rule.origin, ...rule.techniques, ...rule.tactics],
        ...(rule.correlation?.rules.map(({ title }) => title) ?? []),
      ].some((text) => text.toLowerCase().includes(wanted)),
    )
    .sort((a, b) => b.hits - a.hits || (a.title < b.title ? -1 : 1));
}
