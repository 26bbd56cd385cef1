// An anomaly, or a notice with anomalies as examples, with other names in all of its texts.
import type { Anomaly, Driver } from "./anomaly.ts";
import type { DriftNotice } from "./drift.ts";

type Rename = (text: string) => string;

/** The same anomaly of the same entity under its other name. */
export function renamedAnomaly(anomaly: Anomaly, rename: Rename): Anomaly {
  const { entity, drivers, source, picture } = anomaly;
  return {
    ...anomaly,
    ...(picture === undefined ? {} : { picture: { ...picture, feature: rename(picture.feature) } }),
    entity: { ...entity, value: rename(entity.value) },
    drivers: drivers.map((driver) => renamedDriver(driver, rename)),
    source: rename(source),
  };
}

export function renamedNotice(notice: DriftNotice, rename: Rename): DriftNotice {
  const examples = notice.examples.map((example) => renamedAnomaly(example, rename));
  return { ...notice, examples };
}

function renamedDriver(driver: Driver, rename: Rename): Driver {
  const { feature, seen, expected } = driver;
  return {
    ...driver,
    // Of metrics it is the name of a series, which may hold anything.
    feature: rename(feature),
    seen: typeof seen === "string" ? rename(seen) : seen,
    expected: typeof expected === "object" ? expected.map(rename) : expected,
  };
}
