// Somebody who does a little more each day, so that much becomes usual, gains little by it.
import { expect, it } from "vitest";
import type { DeedActivity } from "../../../../detectors/anomaly/activity.ts";
import { createVolume } from "../../../../detectors/anomaly/volume/volume.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEGIN = Date.UTC(2026, 1, 2);
const RAMP_FROM = 16;
const DAYS = 30;
const PUSHED = "host-3";
/** Half as much again every day, from four an hour. */
const pushedOf = (day: number) => Math.round(4 * 1.5 ** (day - RAMP_FROM));

/** Hosts that rename one to four files an hour, one of them more and more. */
function weeks(): DeedActivity[] {
  const activities: DeedActivity[] = [];
  for (let day = 0; day < DAYS; day += 1)
    for (let hour = 7; hour < 16; hour += 1)
      for (let host = 0; host < 10; host += 1) {
        const isPushed = day >= RAMP_FROM && `host-${host}` === PUSHED;
        const count = isPushed ? pushedOf(day) : 1 + ((day * 7 + hour * 3 + host * 5) % 4);
        const begin = BEGIN + day * DAY_MS + hour * HOUR_MS;
        for (let at = 0; at < count; at += 1) {
          const time = begin + Math.floor((at * HOUR_MS) / count);
          activities.push({
            ...{ kind: "deed", deed: "file_rename", id: `${time}-${host}-${at}`, time },
            ...{ source: "files", host: `host-${host}`, account: undefined, peers: undefined },
            object: "docx",
          });
        }
      }
  return activities.sort((a, b) => a.time - b.time);
}

it("tells the ramp on its way, and does not take its height for usual", () => {
  const detector = createVolume();
  const said = weeks()
    .flatMap((activity) => detector.observe(activity))
    .filter(({ entity }) => entity.value === PUSHED);
  const first = said[0];
  expect(pushedOf(Math.floor(((first?.time ?? Number.NaN) - BEGIN) / DAY_MS))).toBeLessThan(100);
  const limits = said.map(({ drivers }) => Number(drivers[0]?.limit ?? drivers[0]?.expected));
  // Of a day of nine hours.
  expect(Math.max(...limits)).toBeLessThan((9 * pushedOf(DAYS - 1)) / 10);
});
