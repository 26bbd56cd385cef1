// The screen's word for a term of rules and detectors (tactic, condition, maturity). Rules are foreign
// data: what the catalogue does not know is shown as it stands.
import type { Messages } from "../messages/de.ts";

type Words = Readonly<Record<string, string>>;

/** `credential-access` → `Zugangsdaten`; an unknown one → `Credential Access`. */
export function tacticName(tactic: string, messages: Pick<Messages, "tactic">): string {
  const key = tactic.replaceAll("_", "-");
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  return known(messages.tactic, key) ?? key.split("-").map(capital).join(" ");
}

/** `contains|all` → `enthält`: every value is shown on its own, so `all` says nothing more. */
export function operatorName(operator: string, messages: Messages): string {
  const chain = operator.split("|");
  const name = Object.keys(messages.operator).find((one) => chain.includes(one));
  return (name === undefined ? undefined : known(messages.operator, name)) ?? operator;
}

/** `test` → `in Erprobung`. */
export function maturityName(status: string, messages: Messages): string {
  return known(messages.maturity, status) ?? status;
}

function known(words: Words, key: string): string | undefined {
  return Object.hasOwn(words, key) ? words[key] : undefined;
}
