// The incidents behind the figures of a period: durations and kinds without titles, findings or people. Who
// may see incidents gets from each one to its page.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { shortIds } from "../../store/short-id.ts";
import { type KpiIncidents, kpiIncidentsQuery } from "../api/kpi-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { figureText } from "../model/figure-text.ts";
import { ColumnHeads } from "../shell/column-heads.tsx";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { LevelSymbol } from "../shell/level-symbol.tsx";
import { useMay } from "../shell/use-may.ts";

export function IncidentFigures({ period }: { readonly period: string }) {
  const { messages, formats } = useSpeech();
  const { data, error, isPending } = useQuery(kpiIncidentsQuery(period));
  const texts = messages.figures.incidents;
  if (isPending) return <p className="muted">{messages.common.loading}</p>;
  if (error !== null) {
    return (
      <p className="alert alert-danger" role="alert">
        {errorText(error, messages)}
      </p>
    );
  }
  if (data.total === 0) return <p className="muted">{texts.none}</p>;
  const { columns } = texts;
  const shorts = shortIds(data.incidents.map(({ id }) => id));
  return (
    <>
      <p className="muted small">
        {texts.intro}
        {data.incidents.length < data.total &&
          ` ${texts.more(formats.number(data.incidents.length), formats.number(data.total))}`}
      </p>
      <table className="data wide kpi-incidents">
        <caption className="kern-sr-only">{texts.title}</caption>
        <ColumnHeads
          heads={[
            columns.id,
            columns.severity,
            columns.category,
            { number: columns.corrective },
            { number: columns.identification },
            { number: columns.recovery },
            { number: columns.open },
            columns.containment,
          ]}
        />
        <tbody>
          {data.incidents.map((one) => (
            <Row key={one.id} one={one} short={shorts.get(one.id) ?? one.id} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function Row({
  one,
  short,
}: {
  readonly one: KpiIncidents["incidents"][number];
  readonly short: string;
}) {
  const { messages, language } = useSpeech();
  const mayOpen = useMay("findings:read");
  const texts = messages.figures.incidents;
  const { columns } = texts;
  const seconds = (value: number | null) =>
    value === null ? messages.common.none : figureText(value, "seconds", language);
  return (
    <tr>
      <th scope="row">
        {mayOpen ? (
          <Link to="/vorfaelle/$id" params={{ id: one.id }} title={one.id}>
            <HostileText text={short} />
          </Link>
        ) : (
          <span title={one.id}>
            <HostileText text={short} />
          </span>
        )}
        {one.isSimulated && <span className="chip">{texts.simulated}</span>}
      </th>
      <td data-label={columns.severity}>
        <LevelSymbol level={one.severity} />
      </td>
      <td data-label={columns.category}>{messages.incidents.categories[one.category]}</td>
      <td data-label={columns.corrective} className="number tabular">
        {seconds(one.correctiveS)}
      </td>
      <td data-label={columns.identification} className="number tabular">
        {seconds(one.identificationS)}
      </td>
      <td data-label={columns.recovery} className="number tabular">
        {seconds(one.recoveryS)}
        {one.wasReopened && ` (${texts.reopened})`}
      </td>
      <td data-label={columns.open} className="number tabular">
        {seconds(one.openS)}
      </td>
      <td data-label={columns.containment}>
        {one.containment === null ? messages.common.none : texts.containments[one.containment]}
      </td>
    </tr>
  );
}
