// Says why a finding is out of the queue, and what stands below one that is in.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Finding } from "../../store/finding.ts";
import { belowQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { HostileText } from "../shell/hostile-text.tsx";

export function QuietNotice({ finding }: { readonly finding: Finding }) {
  const { messages } = useSpeech();
  const texts = messages.silences;
  const { silencedBy = [], inhibitedBy = [], exceptedBy = [], maintenanceBy = [] } = finding;
  const reasons = [silencedBy, inhibitedBy, exceptedBy, maintenanceBy];
  if (reasons.every((ids) => ids.length === 0)) return null;
  return (
    <div className="alert quiet-notice">
      {silencedBy.length > 0 && (
        <p>
          {texts.isSilenced} <Link to="/stummschaltungen">{texts.toSilences}</Link>
        </p>
      )}
      {exceptedBy.length > 0 && (
        <p>
          {texts.isExcepted} <Link to="/ausnahmen">{messages.exceptions.title}</Link>
        </p>
      )}
      {maintenanceBy.length > 0 && (
        <p>
          {texts.isMaintained} <Link to="/wartung">{messages.maintenance.title}</Link>
        </p>
      )}
      {inhibitedBy.length > 0 && (
        <p>
          {texts.isInhibited}{" "}
          {inhibitedBy.map((id, at) => (
            <Link key={id} to="/warteschlange/$id" params={{ id }}>
              {texts.inhibitor(at + 1)}
            </Link>
          ))}
        </p>
      )}
    </div>
  );
}

export function FindingsBelow({ id }: { readonly id: string }) {
  const { messages, formats } = useSpeech();
  const { data } = useQuery(belowQuery(id));
  const texts = messages.silences;
  if (data === undefined || data.total === 0) return null;
  return (
    <section aria-labelledby="below">
      <h3 id="below">{texts.below}</h3>
      <p className="muted">{texts.belowCount(formats.number(data.total))}</p>
      <ul>
        {data.findings.map((row) => (
          <li key={row.id}>
            <Link to="/warteschlange/$id" params={{ id: row.id }}>
              <HostileText text={row.title} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
