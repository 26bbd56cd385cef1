// What is known of a source in sentences: its clock, its silence, its readability. Pure.
import type { SourceAnswer } from "../api/contract.ts";
import type { Messages } from "../messages/de.ts";
import type { Formats } from "./format.ts";

/** The worst states first, as a list of sources is read. */
export const STATE_ORDER: readonly SourceAnswer["state"][] = [
  "silent",
  "unreadable",
  "clock",
  "never",
  "learning",
  "well",
];

/** Sources whose name, format or input has the words, the worst first. */
export function filterSources(
  sources: readonly SourceAnswer[],
  words: string,
  state: SourceAnswer["state"] | undefined,
): readonly SourceAnswer[] {
  const wanted = words.trim().toLowerCase();
  return sources
    .filter((source) => state === undefined || source.state === state)
    .filter(({ name, inputs, formats }) =>
      [name, ...inputs, ...formats.map((one) => one.name)].some((text) =>
        text.toLowerCase().includes(wanted),
      ),
    )
    .sort((a, b) => STATE_ORDER.indexOf(a.state) - STATE_ORDER.indexOf(b.state));
}

/** `Uhr geht 1 Std. nach: falsche Zeitzone` */
export function clockWords(source: SourceAnswer, messages: Messages, formats: Formats): string {
  const texts = messages.sources;
  const skew = source.skewMs ?? 0;
  if (source.clock === "right") return texts.clockRight;
  const span = formats.span(Math.abs(skew));
  const off = skew > 0 ? texts.clockAhead(span) : texts.clockBehind(span);
  return source.clock === "zone" ? `${off}: ${texts.clockZone}` : off;
}

/** `nach 30 Min. ohne Eintrag (gelernt)` */
export function silenceWords(source: SourceAnswer, messages: Messages, formats: Formats): string {
  const texts = messages.sources;
  if (source.silenceAfterMs === undefined) return texts.silenceLearning;
  const span = formats.span(source.silenceAfterMs);
  return source.isSilenceConfigured ? texts.silenceConfigured(span) : texts.silenceLearned(span);
}

/** `4: Server von Datenbanken …`, or that it is missing. */
export function ndigWords(source: SourceAnswer, messages: Messages): string {
  const { ndigClass } = source;
  const texts = messages.sources;
  return ndigClass === undefined ? texts.ndigMissing : `${ndigClass}: ${texts.ndig[ndigClass]}`;
}
