// What is left of a time limit, by the server's clock.
import { expect, it } from "vitest";
import { restOf } from "../../../../services/console/model/countdown.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

it.each([
  [2 * DAY + 3 * HOUR + 4 * MINUTE, 0, [2, 3, 4, false]],
  [HOUR, HOUR - MINUTE, [0, 0, 1, false]],
  [HOUR, HOUR, [0, 0, 0, true]],
  [-5 * HOUR, 30 * MINUTE, [0, 5, 30, true]],
  [72 * HOUR, 0, [3, 0, 0, false]],
])(
  "of %i ms, %i ms after the answer, is %j",
  (remaining, later, [days, hours, minutes, isOver]) => {
    // This computer's clock may stand anywhere.
    for (const answered of [0, 1_700_000_000_000]) {
      expect(restOf(remaining, answered, answered + later)).toEqual({
        ...{ days, hours, minutes, isOver },
      });
    }
  },
);

it("does not grow when this computer's clock is set back", () => {
  expect(restOf(HOUR, 10 * DAY, 9 * DAY)).toEqual({ days: 0, hours: 1, minutes: 0, isOver: false });
});
