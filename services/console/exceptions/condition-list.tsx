// Conditions of an exception or a maintenance window, as text.
import type { Exception } from "../api/case-contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { HostileText } from "../shell/hostile-text.tsx";

export function ConditionList({ matchers }: { readonly matchers: Exception["matchers"] }) {
  const { messages } = useSpeech();
  const { operators } = messages.silences;
  return (
    <ul className="silence-conditions">
      {matchers.map(({ field, operator, value }) => (
        <li key={`${field} ${operator} ${value}`}>
          <span className="mono">
            <HostileText text={field} />
          </span>{" "}
          <span className="muted">{operators[operator]}</span>{" "}
          <span className="mono">
            <HostileText text={value} />
          </span>
        </li>
      ))}
    </ul>
  );
}
