// What a model says of an unusual entity: the sentence, the series with the band of what was expected, and
// what drove it. The picture has a text of the same content, and its parts differ in form, not in colour alone.
import { useId } from "react";
import type { Finding } from "../../store/finding.ts";
import type { Messages } from "../messages/de.ts";
import { useSpeech } from "../messages/language.tsx";
import type { Formats } from "../model/format.ts";
import { type Sparkline, sparklineOf } from "../model/sparkline.ts";
import { HostileText } from "../shell/hostile-text.tsx";

type Told = NonNullable<Finding["anomaly"]>;
type Picture = NonNullable<Told["picture"]>;

const MARK_RADIUS = 3.5;
const DAY_MS = 86_400_000;
/** From here on only the size of a number says something. */
const HUGE = 1e15;

interface UnusualProps {
  readonly anomaly: Told;
  /** The summary has told the sentence already: nobody wants to read it twice. */
  readonly isSaid: boolean;
}

export function Unusual({ anomaly, isSaid }: UnusualProps) {
  return (
    <div className="unusual">
      {!isSaid && (
        <p className="prose">
          <HostileText text={anomaly.sentence} />
        </p>
      )}
      {anomaly.picture && <Series picture={anomaly.picture} />}
      {anomaly.drivers.length > 0 && <Drivers drivers={anomaly.drivers} />}
    </div>
  );
}

function Series({ picture }: { readonly picture: Picture }) {
  const { messages, formats } = useSpeech();
  const titleId = useId();
  const drawn = sparklineOf(picture);
  if (drawn === undefined) return null;
  const texts = messages.unusual;
  const { seen } = drawn;
  const value = (one: number) => valueText(one, formats);
  const last = seen && texts.last(value(seen.value), bandText(seen, value, texts));
  const { range } = drawn;
  const between = range && texts.range(value(range.least), value(range.most));
  const text = [`${picture.name}:`, spanText(picture, texts, formats), between, last]
    .filter((part) => part !== undefined)
    .join(" ");
  return (
    <figure className="unusual-series">
      <div className="unusual-plot">
        <div className="unusual-scale muted small tabular" aria-hidden="true">
          <span>{value(drawn.top)}</span>
          <span>{value(drawn.bottom)}</span>
        </div>
        <svg viewBox={`0 0 ${drawn.width} ${drawn.height}`} role="img" aria-labelledby={titleId}>
          <title id={titleId}>{text}</title>
          {drawn.band !== "" && <path className="unusual-band" d={drawn.band} />}
          {drawn.line !== "" && <path className="unusual-line" d={drawn.line} />}
          {seen && <Mark seen={seen} />}
        </svg>
      </div>
      <figcaption className="muted small">
        <HostileText text={text} />
      </figcaption>
    </figure>
  );
}

function spanText(
  { from, stepMs, values }: Picture,
  texts: Messages["unusual"],
  formats: Formats,
): string {
  const count = formats.number(values.length);
  const end = from + (values.length - 1) * stepMs;
  // Of days the hour says nothing.
  return stepMs % DAY_MS === 0
    ? texts.days(count, formats.day(from), formats.day(end))
    : texts.span(count, formats.span(stepMs), formats.moment(from), formats.moment(end));
}

function valueText(value: number, formats: Formats): string {
  if (Math.abs(value) >= HUGE) return value.toExponential(1);
  return Math.abs(value) < 1 ? formats.ratio(value) : formats.rate(value);
}

/** Outside of the band a filled diamond, inside an open circle. */
function Mark({ seen }: { readonly seen: NonNullable<Sparkline["seen"]> }) {
  const { x, y, isOutside } = seen;
  const r = MARK_RADIUS;
  if (!isOutside) return <circle className="unusual-inside" cx={x} cy={y} r={r - 1} />;
  const diamond = `M${x - r} ${y}L${x} ${y - r}L${x + r} ${y}L${x} ${y + r}Z`;
  return <path className="unusual-outside" d={diamond} />;
}

/** Inside of it the band is no news: what is unusual there is the shape, or another feature. */
function bandText(
  { low, high, isOutside }: NonNullable<Sparkline["seen"]>,
  value: (one: number) => string,
  texts: Messages["unusual"],
): string | undefined {
  if (low === undefined || high === undefined || !isOutside) return undefined;
  return texts.outside(value(low), value(high));
}

function Drivers({ drivers }: { readonly drivers: Told["drivers"] }) {
  const { messages, formats } = useSpeech();
  const texts = messages.unusual;
  return (
    <table className="data drivers-table">
      <caption className="muted small">{texts.drivers}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.driver}</th>
          <th scope="col">{texts.seen}</th>
          <th scope="col">{texts.expected}</th>
          <th scope="col">{texts.compared}</th>
          <th scope="col" className="number">
            {texts.share}
          </th>
        </tr>
      </thead>
      <tbody>
        {drivers.map((driver, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: drivers never change, and two may be alike
          <tr key={at}>
            <th scope="row">
              <HostileText text={driver.name} />
            </th>
            <td className="mono value" data-label={texts.seen}>
              <HostileText text={driver.seen} />
            </td>
            <td className="mono value" data-label={texts.expected}>
              {driver.expected === undefined ? (
                <span className="muted">
                  {driver.share > 0 ? texts.never : messages.common.none}
                </span>
              ) : (
                <HostileText text={driver.expected} />
              )}
              {driver.limit !== undefined && (
                <span className="muted">
                  {" "}
                  <HostileText text={texts.limit(driver.limit)} />
                </span>
              )}
            </td>
            <td data-label={texts.compared}>{texts.against[driver.against]}</td>
            <td className="number tabular" data-label={texts.share}>
              {driver.share > 0 ? formats.share(driver.share) : messages.common.none}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
