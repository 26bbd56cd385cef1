// What the check of the paging settings found: what, where, and how to mend it.
import { useQuery } from "@tanstack/react-query";
import { checkQuery } from "../api/paging-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";

const MARKS = { error: "✗", warning: "⚠", info: "ℹ" } as const;

export function CheckSection() {
  const { messages } = useSpeech();
  const { data, error } = useQuery(checkQuery);
  const texts = messages.paging.check;
  return (
    <section aria-labelledby="paging-check">
      <h2 id="paging-check">{texts.title}</h2>
      {error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(error, messages)}
        </p>
      )}
      {data?.faults.length === 0 && <p>{`✓ ${texts.good}`}</p>}
      {data !== undefined && data.faults.length > 0 && (
        <table className="data wide">
          <caption className="kern-sr-only">{texts.table}</caption>
          <thead>
            <tr>
              <th scope="col">{texts.severity}</th>
              <th scope="col">{texts.what}</th>
              <th scope="col">{texts.mend}</th>
              <th scope="col">{texts.where}</th>
            </tr>
          </thead>
          <tbody>
            {data.faults.map(({ key, severity, path, message, mend }) => (
              <tr key={`${key} ${path} ${message}`}>
                <td>
                  <span className={`chip check-${severity}`}>
                    {`${MARKS[severity]} ${texts.severities[severity]}`}
                  </span>
                </td>
                <th scope="row">
                  <HostileText text={message} />
                </th>
                <td data-label={texts.mend}>
                  <HostileText text={mend} />
                </td>
                <td data-label={texts.where} className="mono check-path">
                  <HostileText text={path} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
