// What a backtest found: sums, what to know of them, and each rule with its days and samples.
import { Link } from "@tanstack/react-router";
import type { BacktestJob } from "../api/contract.ts";
import { MatchedTable } from "../finding/why.tsx";
import { useSpeech } from "../messages/language.tsx";
import { localBerlin } from "../model/berlin-time.ts";
import { worstDay } from "../model/day-span.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { LevelSymbol } from "../shell/level-symbol.tsx";
import { DayChart } from "./day-chart.tsx";

type Result = NonNullable<BacktestJob["result"]>;
type Rule = Result["rules"][number];
type Sample = Rule["samples"][number];

/** Rules drawn at once, those with most findings. */
const RULES_MAX = 100;
const MINUTE_MS = 60_000;

interface ResultProps {
  readonly name: string;
  readonly result: Result;
}

export function BacktestResult({ name, result }: ResultProps) {
  const { messages, formats } = useSpeech();
  const texts = messages.backtest;
  // Of several rules those without hits are told of by the sum alone.
  const rules = result.rules
    .filter((rule) => rule.hits > 0 || result.ruleCount === 1)
    .sort((a, b) => b.findings - a.findings || b.hits - a.hits);
  const number = formats.number;
  return (
    <section aria-labelledby="backtest-result" className="backtest-result">
      <h2 id="backtest-result">
        {texts.result}
        {name !== "" && (
          <>
            {": "}
            <HostileText text={name} />
          </>
        )}
      </h2>
      <p role="status">
        <strong>
          {texts.sums(number(result.ruleCount), number(result.hits), number(result.findings))}
        </strong>
        <br />
        {texts.read(
          number(result.events),
          formats.share(result.share),
          formats.span(result.durationMs),
        )}
      </p>
      {result.stopped !== undefined && <p className="alert">{texts.stopped[result.stopped]}</p>}
      {result.isCut && <p className="alert">{texts.cut}</p>}
      {result.isCorrelationCut && (
        <p className="alert">{texts.correlationCut(number(result.observations))}</p>
      )}
      {result.faults.length > 0 && <Faults faults={result.faults} />}
      {result.hits === 0 && result.ruleCount > 0 && <p>{texts.nothing}</p>}
      <ul className="backtest-rules">
        {rules.slice(0, RULES_MAX).map((rule) => (
          <li key={rule.id}>
            <RuleResult rule={rule} isOpen={rules.length === 1} />
          </li>
        ))}
      </ul>
      {rules.length > RULES_MAX && (
        <p className="muted">{texts.moreRulesHit(number(rules.length - RULES_MAX))}</p>
      )}
    </section>
  );
}

function RuleResult({ rule, isOpen }: { readonly rule: Rule; readonly isOpen: boolean }) {
  const { messages, formats } = useSpeech();
  const texts = messages.backtest;
  const pairs: readonly (readonly [string, string])[] = [
    [texts.hits, formats.number(rule.hits)],
    [texts.findings, formats.number(rule.findings)],
    [texts.most, formats.number(worstDay(rule.days)?.findings ?? 0)],
  ];
  return (
    <details open={isOpen} className="backtest-rule">
      <summary>
        <LevelSymbol level={rule.level} />
        <span className="backtest-title">
          <HostileText text={rule.title} />
        </span>
        {!rule.isExact && <span className="chip">{texts.notExact}</span>}
        <dl className="backtest-sums">
          {pairs.map(([term, value]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd className="tabular">{value}</dd>
            </div>
          ))}
        </dl>
      </summary>
      <Notes rule={rule} />
      {rule.days.length > 0 && <DayChart days={rule.days} />}
      {rule.samples.length > 0 && (
        <section>
          <h3>{texts.samples}</h3>
          {rule.samples.map((sample) => (
            <SampleView key={sample.eventId} sample={sample} />
          ))}
        </section>
      )}
    </details>
  );
}

function Notes({ rule }: { readonly rule: Rule }) {
  const { messages, formats } = useSpeech();
  const texts = messages.backtest;
  const { firstHitAt, lastHitAt, inactive } = rule;
  return (
    <>
      {rule.joins !== undefined && (
        <p>
          <HostileText text={texts.joins(rule.joins.join(", "))} />
        </p>
      )}
      {rule.isSilenced && <p className="alert">{texts.silenced}</p>}
      {!rule.isExact && <p className="alert">{texts.notExactWhy(rule.inexactFields.join(", "))}</p>}
      {!rule.isReached && <p className="alert">{texts.notReached}</p>}
      {inactive !== undefined && <p className="alert">{texts.inactive(inactive)}</p>}
      {firstHitAt !== undefined && lastHitAt !== undefined && (
        <p className="muted">{texts.span(formats.moment(firstHitAt), formats.moment(lastHitAt))}</p>
      )}
    </>
  );
}

function SampleView({ sample }: { readonly sample: Sample }) {
  const { messages, formats } = useSpeech();
  const texts = messages.backtest;
  const { time, groupKey, eventId, matched } = sample;
  const search = {
    query: `event.id:"${eventId}"`,
    from: localBerlin(time),
    to: localBerlin(time + MINUTE_MS),
  };
  return (
    <article className="backtest-sample">
      <h4>
        <HostileText text={texts.sample(formats.moment(time), groupKey)} />
      </h4>
      <MatchedTable matched={matched} />
      <Link to="/ereignisse" search={search}>
        {texts.toEvent}
      </Link>
    </article>
  );
}

function Faults({ faults }: { readonly faults: Result["faults"] }) {
  const { messages } = useSpeech();
  return (
    <section className="alert" aria-labelledby="backtest-faults">
      <h3 id="backtest-faults">{messages.backtest.faults}</h3>
      <dl className="faults">
        {faults.map(({ place, message }) => (
          <div key={`${place} ${message}`}>
            <dt className="mono">
              <HostileText text={place} />
            </dt>
            <dd>
              <HostileText text={message} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
