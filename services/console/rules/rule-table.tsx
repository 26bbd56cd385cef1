// The loaded rules and correlations with their hits: what a correlation joins, and what applies to a rule
// besides its own text.
import { Link } from "@tanstack/react-router";
import type { RulesAnswer } from "../api/contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { maturityName } from "../model/term-name.ts";
import { visibleText } from "../model/visible-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { LevelSymbol } from "../shell/level-symbol.tsx";
import { useMay } from "../shell/use-may.ts";

type Rule = RulesAnswer["rules"][number];

export function RuleTable({ rules }: { readonly rules: readonly Rule[] }) {
  const { messages, formats } = useSpeech();
  const mayTest = useMay("rules:test");
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
              <HostileText text={rule.title} />{" "}
              {rule.correlation && <span className="chip">{texts.correlation}</span>}{" "}
              {mayTest && <TestLink rule={rule} />}
              <Details rule={rule} />
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

function TestLink({ rule }: { readonly rule: Rule }) {
  const { messages } = useSpeech();
  return (
    <Link
      to="/rueckschau"
      search={{ regel: rule.id }}
      className="small"
      aria-label={messages.backtest.openFor(visibleText(rule.title))}
    >
      {messages.backtest.open}
    </Link>
  );
}

function Details({ rule }: { readonly rule: Rule }) {
  const { messages, formats } = useSpeech();
  const texts = messages.rules;
  const { correlation, filteredBy, isSilenced } = rule;
  return (
    <div className="rule-details muted small">
      {correlation && (
        <>
          <p>
            <HostileText
              text={texts.joins(
                texts.correlationTypes[correlation.type] ?? correlation.type,
                formats.span(correlation.timespanMs),
              )}
            />
          </p>
          <ul>
            {correlation.rules.map(({ id, title }) => (
              <li key={id}>
                <HostileText text={title} />
              </li>
            ))}
          </ul>
        </>
      )}
      {isSilenced && <p>{texts.silenced}</p>}
      {filteredBy.length > 0 && (
        <p>
          <HostileText text={texts.filteredBy(filteredBy.join(", "))} />
        </p>
      )}
    </div>
  );
}
