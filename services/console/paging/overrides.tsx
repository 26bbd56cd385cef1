// Overrides of the schedules: swapping a duty, and ending what was swapped.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type OnCall, type OverrideList, overridesQuery } from "../api/paging-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { HostileText } from "../shell/hostile-text.tsx";
import { SwapDialog } from "./swap-dialog.tsx";
import { useQuickPagingChange } from "./use-paging-change.ts";

interface OverridesProps {
  readonly onCall: OnCall;
  readonly mayChange: boolean;
}

export function Overrides({ onCall, mayChange }: OverridesProps) {
  const { messages } = useSpeech();
  const { data } = useQuery(overridesQuery);
  const [swapping, setSwapping] = useState(false);
  const texts = messages.paging.swap;
  const overrides = data?.overrides ?? [];
  return (
    <section aria-labelledby="overrides">
      <h2 id="overrides">{texts.title}</h2>
      {mayChange && (
        <p>
          <button
            type="button"
            className="kern-btn kern-btn--primary"
            onClick={() => setSwapping(true)}
          >
            <span className="kern-label">{texts.add}</span>
          </button>
        </p>
      )}
      {data !== undefined && overrides.length === 0 && <p className="muted">{texts.none}</p>}
      {overrides.length > 0 && (
        <OverrideTable overrides={overrides} onCall={onCall} mayChange={mayChange} />
      )}
      {swapping && <SwapDialog onCall={onCall} onClose={() => setSwapping(false)} />}
    </section>
  );
}

function OverrideTable({
  overrides,
  onCall,
  mayChange,
}: OverridesProps & { readonly overrides: OverrideList["overrides"] }) {
  const { messages, formats } = useSpeech();
  const change = useQuickPagingChange();
  const { swap: texts, duty } = messages.paging;
  const titles = new Map(onCall.schedules.map(({ id, title }) => [id, title]));
  return (
    <table className="data wide">
      <caption className="kern-sr-only">{texts.table}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.state}</th>
          <th scope="col">{texts.person}</th>
          <th scope="col">{texts.schedule}</th>
          <th scope="col">{texts.span}</th>
          <th scope="col">{texts.reason}</th>
          {mayChange && <th scope="col">{texts.end}</th>}
        </tr>
      </thead>
      <tbody>
        {overrides.map((one) => (
          <tr key={one.id}>
            <td>
              <span className="chip">{texts.states[one.state]}</span>
            </td>
            <th scope="row">
              <HostileText text={one.personName} />
            </th>
            <td data-label={texts.schedule}>
              <HostileText text={titles.get(one.schedule) ?? one.schedule} />
            </td>
            <td data-label={texts.span} className="tabular">
              {duty.span(formats.moment(one.from), formats.moment(one.endedAt ?? one.until))}
            </td>
            <td data-label={texts.reason}>
              <HostileText text={one.reason} />
            </td>
            {mayChange && (
              <td>
                {one.state !== "over" && (
                  <button
                    type="button"
                    className="judge"
                    aria-label={`${texts.end}: ${one.personName}, ${formats.moment(one.from)}`}
                    onClick={() => {
                      const path = `/on-call/overrides/${encodeURIComponent(one.id)}`;
                      change("DELETE", path, undefined, texts.ended);
                    }}
                  >
                    {texts.end}
                  </button>
                )}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
