// Whether the scores of each detector are still what they were: a table of all, and of those that have shifted the
// distributions before and after, as a picture and as a table.
import { useQuery } from "@tanstack/react-query";
import type { DriftList } from "../api/contract.ts";
import { driftQuery } from "../api/model-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { wordFor } from "../model/model-view.ts";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { DriftPicture } from "./drift-picture.tsx";

type Drift = DriftList["detectors"][number];

export function DriftSection() {
  const { messages } = useSpeech();
  const { data, error } = useQuery(driftQuery);
  const texts = messages.models.drift;
  const detectors = data?.detectors ?? [];
  return (
    <section aria-labelledby="models-drift">
      <h2 id="models-drift">{texts.title}</h2>
      <p className="prose">{texts.what}</p>
      {error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(error, messages)}
        </p>
      )}
      {data !== undefined && detectors.length === 0 && <p className="muted">{texts.none}</p>}
      {detectors.length > 0 && <Detectors detectors={detectors} />}
      {detectors
        .filter(({ state }) => state === "drift")
        .map((drift) => (
          <DriftPicture key={drift.detector} drift={drift} />
        ))}
    </section>
  );
}

function Detectors({ detectors }: { readonly detectors: readonly Drift[] }) {
  const { messages } = useSpeech();
  const texts = messages.models.drift;
  return (
    <table className="data wide">
      <caption className="kern-sr-only">{texts.table}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.detector}</th>
          <th scope="col">{texts.state}</th>
          <th scope="col">{texts.day}</th>
          <th scope="col">{texts.psi}</th>
          <th scope="col">{texts.ks}</th>
          <th scope="col">{texts.held}</th>
        </tr>
      </thead>
      <tbody>
        {detectors.map((drift) => (
          <Row key={drift.detector} drift={drift} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ drift }: { readonly drift: Drift }) {
  const { messages, formats } = useSpeech();
  const texts = messages.models.drift;
  const { detector, state, day, since, psi, psiLimit, ks, ksLimit, held, heldTotal } = drift;
  const isKnown = state !== "learning";
  const none = messages.common.none;
  const of = (value: number, limit: number) =>
    texts.ofLimit(formats.ratio(value), formats.ratio(limit));
  return (
    <tr>
      <th scope="row">
        <HostileText text={wordFor(messages.models.detectors, detector)} />
      </th>
      <td data-label={texts.state}>
        <span className={`chip chip-drift-${state}`}>{texts.states[state]}</span>
        {since !== undefined && (
          <span className="muted small note">{texts.since(formats.day(since))}</span>
        )}
      </td>
      <td data-label={texts.day} className="tabular">
        {formats.day(day)}
      </td>
      <td data-label={texts.psi} className="tabular">
        {isKnown ? of(psi, psiLimit) : none}
      </td>
      <td data-label={texts.ks} className="tabular">
        {isKnown ? of(ks, ksLimit) : none}
      </td>
      <td data-label={texts.held} className="tabular">
        {heldTotal === 0 ? none : texts.heldOf(formats.number(held), formats.number(heldTotal))}
      </td>
    </tr>
  );
}
