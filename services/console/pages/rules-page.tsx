// The loaded rules with their hits, and those that could not be loaded with the place of the fault.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useDeferredValue, useMemo, useState } from "react";
import type { RulesAnswer } from "../api/contract.ts";
import { rulesQuery, sessionQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { maturityName } from "../model/term-name.ts";
import { visibleText } from "../model/visible-text.ts";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { LevelSymbol } from "../shell/level-symbol.tsx";
import { useTitle } from "../shell/use-title.ts";

/** Rows drawn at once; the filter finds the others. */
const ROWS_MAX = 500;

export function RulesPage() {
  const { messages, formats } = useSpeech();
  const { data, error, isPending } = useQuery(rulesQuery);
  const mayTest = useMayTest();
  const [filter, setFilter] = useState("");
  const wanted = useDeferredValue(filter.toLowerCase());
  const texts = messages.rules;
  useTitle(texts.title);
  const shown = useMemo(() => filtered(data?.rules ?? [], wanted), [data, wanted]);
  return (
    <div className="page">
      <h1>{texts.title}</h1>
      <p className="muted" role="status">
        {isPending && messages.common.loading}
        {data && texts.loaded(formats.number(data.rules.length))}
        {data && data.faults.length > 0 && `, ${texts.faults(formats.number(data.faults.length))}`}
      </p>
      {error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(error, messages)}
        </p>
      )}
      {mayTest && (
        <p>
          <Link to="/rueckschau">{messages.backtest.open}</Link>
        </p>
      )}
      {data && data.faults.length > 0 && <Faults faults={data.faults} />}
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

/** Whether the account may run backtests. */
function useMayTest(): boolean {
  const { data: session } = useQuery(sessionQuery);
  return session?.capabilities.includes("rules:test") === true;
}

function filtered(rules: RulesAnswer["rules"], wanted: string): RulesAnswer["rules"] {
  return rules
    .filter((rule) =>
      [rule.title, rule.id, rule.origin, ...rule.techniques, ...rule.tactics].some((text) =>
        text.toLowerCase().includes(wanted),
      ),
    )
    .sort((a, b) => b.hits - a.hits || (a.title < b.title ? -1 : 1));
}

function RuleTable({ rules }: { readonly rules: RulesAnswer["rules"] }) {
  const { messages, formats } = useSpeech();
  const mayTest = useMayTest();
  const texts = messages.rules;
  return (
    <table className="data wide">
      <caption className="kern-sr-only">{texts.table}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.level}</th>
          <th scope="col">{texts.rule}</th>
          <th scope="col" className="number">
            {texts.hits}
          </th>
          <th scope="col">{texts.attack}</th>
          <th scope="col">{texts.status}</th>
          <th scope="col">{texts.origin}</th>
        </tr>
      </thead>
      <tbody>
        {rules.map((rule) => (
          <tr key={rule.id}>
            <td>
              <LevelSymbol level={rule.level} />
            </td>
            <th scope="row">
              <HostileText text={rule.title} />
              {mayTest && (
                <>
                  {" "}
                  <Link
                    to="/rueckschau"
                    search={{ regel: rule.id }}
                    className="small"
                    aria-label={messages.backtest.openFor(visibleText(rule.title))}
                  >
                    {messages.backtest.open}
                  </Link>
                </>
              )}
            </th>
            <td className="number tabular" data-label={texts.hits}>
              {formats.number(rule.hits)}
            </td>
            <td className="mono" data-label={texts.attack}>
              <HostileText text={rule.techniques.join(" ")} />
            </td>
            <td data-label={texts.status}>
              <HostileText text={maturityName(rule.status, messages)} />
            </td>
            <td className="mono origin">
              <HostileText text={rule.origin} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Faults({ faults }: { readonly faults: RulesAnswer["faults"] }) {
  const { messages } = useSpeech();
  const texts = messages.rules;
  return (
    <section className="alert" aria-labelledby="faults">
      <h2 id="faults">{texts.faultsTitle}</h2>
      <dl className="faults">
        {faults.map((fault) => (
          <div key={`${fault.place} ${fault.message}`}>
            <dt className="mono">
              <HostileText text={fault.place} />
            </dt>
            <dd>
              <HostileText text={fault.message} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
