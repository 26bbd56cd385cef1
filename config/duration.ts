// Spans as people write them in the configuration and in rules: `90s`, `30m`, `4h`, `2d`.

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const DURATION = /^(\d{1,6})([smhd])$/;

/** Milliseconds; undefined for what is no span, or one of no length. */
export function readDuration(text: string): number | undefined {
  const [, number, unit] = DURATION.exec(text) ?? [];
  const ms = Number(number) * (UNIT_MS[unit ?? ""] ?? 0);
  return ms > 0 ? ms : undefined;
}
