// The risk of the finding's own entities with its parts. Nowhere is there a list of entities by risk.
import { useQuery } from "@tanstack/react-query";
import type { FindingRisk } from "../api/contract.ts";
import { riskQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { HostileText } from "../shell/hostile-text.tsx";
import { LevelSymbol } from "../shell/level-symbol.tsx";

type EntityRisk = FindingRisk["entities"][number];

export function EntityRisks({ id }: { readonly id: string }) {
  const { messages } = useSpeech();
  const { data } = useQuery(riskQuery(id));
  const texts = messages.silences;
  if (data === undefined || data.entities.length === 0) return null;
  return (
    <section aria-labelledby="entity-risk">
      <h3 id="entity-risk">{texts.risk}</h3>
      <p className="muted small">{texts.riskText}</p>
      {data.entities.map((one) => (
        <OneEntity key={`${one.entity.type} ${one.entity.value}`} one={one} />
      ))}
    </section>
  );
}

function OneEntity({ one: { entity, spans } }: { readonly one: EntityRisk }) {
  const { messages, formats } = useSpeech();
  const texts = messages.silences;
  return (
    <div className="entity-risk">
      <h4>
        <span className="muted">{messages.entity[entity.type]}</span>{" "}
        <span className="mono">
          <HostileText text={entity.value} />
        </span>
      </h4>
      {spans.map(({ hours, value, factor, threshold, parts }) => (
        <details key={hours}>
          <summary>
            {texts.riskSpan(hours)}:{" "}
            <strong className="tabular">
              {texts.riskValue(formats.rate(value), formats.rate(factor))}
            </strong>{" "}
            <span className="muted">
              {threshold > 0 && `${texts.riskThreshold(formats.rate(threshold))}, `}
              {texts.riskParts(parts.length)}
            </span>
          </summary>
          <table className="data">
            <caption className="kern-sr-only">{texts.riskSpan(hours)}</caption>
            <thead>
              <tr>
                <th scope="col">{texts.riskColumns.rule}</th>
                <th scope="col">{texts.riskColumns.level}</th>
                <th scope="col" className="number">
                  {texts.riskColumns.points}
                </th>
              </tr>
            </thead>
            <tbody>
              {parts.map((part) => (
                <tr key={part.detector}>
                  <th scope="row">
                    <HostileText text={part.title} />
                  </th>
                  <td>
                    <LevelSymbol level={part.level} />
                  </td>
                  <td className="number tabular">{formats.number(part.points)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      ))}
    </div>
  );
}
