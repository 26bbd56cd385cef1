// What is known around a finding: machines, addresses, ATT&CK, the past, threat lists. Each part stands by
// itself: one that was late or failed says so, and takes nothing from the others.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { FindingContext } from "../api/contract.ts";
import { contextQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { HostileText } from "../shell/hostile-text.tsx";
import { LevelSymbol } from "../shell/level-symbol.tsx";
import { Past } from "./surroundings-past.tsx";

type PartName = keyof FindingContext;
type Known<Name extends PartName> = Extract<FindingContext[Name], { state: "known" }>["value"];

export function Surroundings({ id }: { readonly id: string }) {
  const { messages } = useSpeech();
  const { data, isError } = useQuery(contextQuery(id));
  const texts = messages.surroundings;
  return (
    <section aria-labelledby="surroundings" aria-busy={data === undefined && !isError}>
      <h3 id="surroundings">{texts.title}</h3>
      {isError && <p role="status">{texts.failed}</p>}
      {data === undefined && !isError && <p className="muted">{texts.loading}</p>}
      {data !== undefined && (
        <>
          <Part name="assets" part={data.assets}>
            {(all) => (
              <Facts none="assets" of={all.map(({ host, facts }) => ({ name: host, facts }))} />
            )}
          </Part>
          <Part name="addresses" part={data.addresses}>
            {(all) => (
              <Facts
                none="addresses"
                of={all.map(({ address, facts }) => ({ name: address, facts }))}
              />
            )}
          </Part>
          <Part name="attack" part={data.attack}>
            {(attack) => <Names attack={attack} />}
          </Part>
          <Part name="earlier" part={data.earlier}>
            {(earlier) => <Earlier earlier={earlier} />}
          </Part>
          <Part name="detector" part={data.detector}>
            {(past) => <Past past={past} />}
          </Part>
          <Part name="intelligence" part={data.intelligence}>
            {(entries) => <Entries entries={entries} />}
          </Part>
        </>
      )}
    </section>
  );
}

interface PartProps<Value> {
  readonly name: PartName;
  readonly part: { readonly state: "known"; readonly value: Value } | { state: "late" | "failed" };
  readonly children: (value: Value) => ReactNode;
}

function Part<Value>({ name, part, children }: PartProps<Value>) {
  const { messages } = useSpeech();
  const texts = messages.surroundings;
  return (
    <div className="surroundings-part">
      <h4>{texts.parts[name]}</h4>
      {part.state === "known" ? (
        children(part.value)
      ) : (
        <p role="status">
          <span aria-hidden="true">⚠ </span>
          {texts.state[part.state]}
        </p>
      )}
    </div>
  );
}

function None({ of }: { readonly of: Exclude<PartName, "detector"> }) {
  const { messages } = useSpeech();
  return <p className="muted">{messages.surroundings.none[of]}</p>;
}

interface FactsProps {
  readonly none: "assets" | "addresses";
  readonly of: readonly {
    readonly name: string;
    readonly facts: Known<"assets">[number]["facts"];
  }[];
}

function Facts({ of, none }: FactsProps) {
  const { messages } = useSpeech();
  const { fact } = messages.surroundings;
  if (of.length === 0) return <None of={none} />;
  return (
    <ul className="steps">
      {of.map(({ name, facts }) => (
        <li key={name}>
          <strong className="mono">
            <HostileText text={name} />
          </strong>
          {Object.entries(facts).map(([key, value]) => (
            <span key={key}>
              {" · "}
              <span className="muted">{Object.hasOwn(fact, key) ? fact[key] : key}:</span>{" "}
              <HostileText text={String(value)} />
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}

function Names({ attack: { tactics, techniques } }: { readonly attack: Known<"attack"> }) {
  if (tactics.length + techniques.length === 0) return <None of="attack" />;
  return (
    <ul className="tags">
      {[...tactics, ...techniques].map(({ id, name }) => (
        <li key={id}>
          <span className="mono">
            <HostileText text={id} />
          </span>
          {name !== undefined && (
            <>
              {" "}
              <HostileText text={name} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function Earlier({ earlier: { total, findings } }: { readonly earlier: Known<"earlier"> }) {
  const { messages, formats } = useSpeech();
  const texts = messages.surroundings;
  if (findings.length === 0) return <None of="earlier" />;
  return (
    <>
      <p className="muted small">
        {texts.earlier(formats.number(findings.length), formats.number(total))}
      </p>
      <ul className="steps">
        {findings.map(({ id, title, level, status, verdict, raisedAt }) => (
          <li key={id}>
            <LevelSymbol level={level} />{" "}
            <Link to="/warteschlange/$id" params={{ id }}>
              <HostileText text={title} />
            </Link>{" "}
            <span className="muted">
              {formats.moment(raisedAt)} ·{" "}
              {verdict === undefined ? messages.status[status] : messages.verdict[verdict]}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Entries({ entries }: { readonly entries: Known<"intelligence"> }) {
  const { messages } = useSpeech();
  const texts = messages.surroundings;
  if (entries.length === 0) return <None of="intelligence" />;
  return (
    <ul className="steps">
      {entries.map(({ indicator, providers, tlp, confidence, listedThen, listedNow }) => (
        <li key={indicator}>
          <strong className="mono">
            <HostileText text={indicator} />
          </strong>{" "}
          <span className="muted">
            {listedThen && listedNow && texts.listed.both}
            {listedThen && !listedNow && texts.listed.before}
            {!listedThen && texts.listed.later}
            {" · "}
            <HostileText text={texts.from(providers.join(", "))} />
            {[confidence, tlp].filter((one) => one !== "").map((one) => ` · ${one}`)}
          </span>
        </li>
      ))}
    </ul>
  );
}
