// Policies as people read them: who is called first, who after how long, and what happens without an answer.
import type { Paging } from "../api/paging-queries.ts";
import type { Messages } from "../messages/de.ts";
import { useSpeech } from "../messages/language.tsx";
import { HostileText } from "../shell/hostile-text.tsx";

export function Policies({ paging }: { readonly paging: Paging }) {
  const { messages, formats } = useSpeech();
  const { policies: texts, priorities } = messages.paging;
  const words = (some: readonly (keyof typeof priorities)[]) =>
    some.map((one) => priorities[one]).join(", ");
  return (
    <section aria-labelledby="policies">
      <h2 id="policies">{texts.title}</h2>
      {paging.policies.length === 0 && <p className="muted">{texts.none}</p>}
      {paging.policies.map((policy) => (
        <section key={policy.id} className="policy" aria-labelledby={`policy-${policy.id}`}>
          <h3 id={`policy-${policy.id}`}>{policy.id}</h3>
          <p>
            {policy.priorities.length === 0 ? texts.unused : texts.for(words(policy.priorities))}
          </p>
          <ol className="policy-steps">
            {policy.steps.map((step, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
              <li key={at}>
                <strong>
                  {step.afterMinutes === 0
                    ? texts.atOnce
                    : texts.after(formats.number(step.afterMinutes))}
                </strong>
                :{" "}
                <HostileText
                  text={step.to.map((target) => targetName(target, messages)).join(", ")}
                />
              </li>
            ))}
          </ol>
          {policy.repeats > 0 && (
            <p className="muted">
              {texts.repeats(
                formats.number(policy.repeats),
                formats.number(policy.repeatAfterMinutes),
              )}
            </p>
          )}
          {policy.actionWithinMinutes > 0 && (
            <p className="muted">{texts.action(formats.number(policy.actionWithinMinutes))}</p>
          )}
        </section>
      ))}
      {paging.digest.length > 0 && <p>{texts.digest(words(paging.digest))}</p>}
    </section>
  );
}

type Target = Paging["policies"][number]["steps"][number]["to"][number];

/** A person, whoever has a duty, or a channel, in words. */
export function targetName(target: Target, { paging }: Messages): string {
  if ("person" in target) return target.person.name;
  if ("schedule" in target) return paging.policies.schedule(target.schedule.title);
  return paging.policies.channel(target.channel);
}
