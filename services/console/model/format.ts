// Times, spans and numbers as people here read them: always in Europe/Berlin, whatever the machine says.

/** Languages of the screens. */
export type Language = "de" | "en";

const ZONE = "Europe/Berlin";
const LOCALES: Readonly<Record<Language, string>> = { de: "de-DE", en: "en-GB" };
/** Largest time that a calendar has, in either direction; what stands for one beyond it. */
const TIME_MAX = 8.64e15;
const NO_TIME = "?";
const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
];

export interface Formats {
  /** `21.11.2026, 05:38:11` */
  readonly moment: (ms: number) => string;
  /** `21.11.2026` */
  readonly day: (ms: number) => string;
  /** `05:38:11` on the day of `now`, `20.11., 05:38` before. */
  readonly short: (ms: number, now: number) => string;
  /** `05:38:11,042` */
  readonly clock: (ms: number) => string;
  /** `vor 3 Minuten` */
  readonly ago: (ms: number, now: number) => string;
  /** `vor 3 Min.` for columns. */
  readonly agoShort: (ms: number, now: number) => string;
  readonly number: (value: number) => string;
  /** At most one decimal. */
  readonly rate: (value: number) => string;
  /** At most three decimals. */
  readonly ratio: (value: number) => string;
  /** A share of 1 in percent, at most one decimal. */
  readonly share: (value: number) => string;
  /** The same of rare things: two digits that count, however small. */
  readonly fineShare: (value: number) => string;
  /** A span in the largest unit that fits: `420 ms`, `3,2 s`, `5 Min.` */
  readonly span: (ms: number) => string;
}

/** The formats of a language. Making them is slow, so keep what this returns. */
export function formatsOf(language: Language): Formats {
  const locale = LOCALES[language];
  const date = (options: Intl.DateTimeFormatOptions): { format: (ms: number) => string } => {
    const calendar = new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...options });
    // What a sender or a damaged document says must not take the page down.
    return { format: (ms) => (Math.abs(ms) <= TIME_MAX ? calendar.format(ms) : NO_TIME) };
  };
  const day = date({ year: "numeric", month: "2-digit", day: "2-digit" });
  const time = date({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const moment = date({ dateStyle: "medium", timeStyle: "medium" });
  const earlier = date({ day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit" });
  const clock = date({
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
  });
  const long = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const short = new Intl.RelativeTimeFormat(locale, { numeric: "always", style: "short" });
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const rate = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const ratio = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  const share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const fineShare = new Intl.NumberFormat(locale, {
    style: "percent",
    maximumSignificantDigits: 2,
  });
  const unit = (name: string, digits: number) =>
    new Intl.NumberFormat(locale, {
      style: "unit",
      unit: name,
      unitDisplay: "short",
      maximumFractionDigits: digits,
    });
  const units = {
    ms: unit("millisecond", 0),
    s: unit("second", 1),
    min: unit("minute", 0),
    h: unit("hour", 1),
  };
  return {
    moment: (ms) => moment.format(ms),
    day: (ms) => day.format(ms),
    short: (ms, now) => (day.format(ms) === day.format(now) ? time.format(ms) : earlier.format(ms)),
    clock: (ms) => clock.format(ms),
    ago: (ms, now) => relative(long, ms, now),
    agoShort: (ms, now) => relative(short, ms, now),
    number: (value) => number.format(value),
    rate: (value) => rate.format(value),
    ratio: (value) => ratio.format(value),
    share: (value) => share.format(value),
    fineShare: (value) => (value >= 0.1 ? share : fineShare).format(value),
    span: (ms) => {
      if (ms < 1000) return units.ms.format(ms);
      if (ms < 60_000) return units.s.format(ms / 1000);
      if (ms < 3_600_000) return units.min.format(ms / 60_000);
      return units.h.format(ms / 3_600_000);
    },
  };
}

function relative(format: Intl.RelativeTimeFormat, ms: number, now: number): string {
  const difference = ms - now;
  for (const [unit, size] of STEPS) {
    if (Math.abs(difference) >= size)
      return format.format(Math.trunc(difference / size) || 0, unit);
  }
  return format.format(0, "second");
}
