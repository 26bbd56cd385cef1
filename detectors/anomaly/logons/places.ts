// Where countries lie, roughly: one point each, for the question how fast somebody would have had to travel.
// Degrees north and east of the capital or largest centre, rounded; facts of general geography.

const POINTS: Readonly<Record<string, readonly [number, number]>> = {
  ...{ AE: [24, 54], AL: [41, 20], AR: [-35, -58], AT: [48, 16], AU: [-34, 151], BA: [44, 18] },
  ...{ BD: [24, 90], BE: [51, 4], BG: [43, 23], BR: [-23, -46], BY: [54, 28], CA: [44, -79] },
  ...{ CH: [47, 8], CL: [-33, -71], CN: [40, 116], CO: [5, -74], CY: [35, 33], CZ: [50, 14] },
  ...{ DE: [52, 10], DK: [56, 12], DZ: [37, 3], EE: [59, 25], EG: [30, 31], ES: [40, -4] },
  ...{ FI: [60, 25], FR: [49, 2], GB: [52, 0], GE: [42, 45], GR: [38, 24], HK: [22, 114] },
  ...{ HR: [46, 16], HU: [47, 19], ID: [-6, 107], IE: [53, -6], IL: [32, 35], IN: [28, 77] },
  ...{ IQ: [33, 44], IR: [36, 51], IS: [64, -22], IT: [42, 12], JP: [36, 140], KE: [-1, 37] },
  ...{ KP: [39, 126], KR: [38, 127], KZ: [51, 71], LT: [55, 25], LU: [50, 6], LV: [57, 24] },
  ...{ MA: [34, -7], MD: [47, 29], ME: [42, 19], MK: [42, 21], MT: [36, 15], MX: [19, -99] },
  ...{ MY: [3, 102], NG: [7, 3], NL: [52, 5], NO: [60, 11], NZ: [-41, 175], PH: [15, 121] },
  ...{ PK: [34, 73], PL: [52, 21], PT: [39, -9], RO: [44, 26], RS: [45, 20], RU: [56, 38] },
  ...{ SA: [25, 47], SE: [59, 18], SG: [1, 104], SI: [46, 15], SK: [48, 17], SY: [33, 36] },
  ...{ TH: [14, 100], TN: [37, 10], TR: [40, 33], TW: [25, 121], UA: [50, 31], US: [39, -77] },
  ...{ VE: [10, -67], VN: [21, 106], XK: [43, 21], ZA: [-26, 28] },
};
const EARTH_RADIUS_KM = 6371;
/** Between two countries of which one is not in the table. */
const UNKNOWN_KM = 1500;
/** Half the size of a country such as Germany: points stand for areas. */
const SLACK_KM = 300;

/**
 * Least distance in kilometres that lies between two places (`DE`, `DE-NI`); 0 within a country, because
 * addresses are located no better.
 */
export function distanceKm(from: string, to: string): number {
  const [a, b] = [countryOf(from), countryOf(to)];
  if (a === b) return 0;
  const one = Object.hasOwn(POINTS, a) ? POINTS[a] : undefined;
  const two = Object.hasOwn(POINTS, b) ? POINTS[b] : undefined;
  if (one === undefined || two === undefined) return UNKNOWN_KM;
  return Math.max(0, arcKm(one, two) - SLACK_KM);
}

function countryOf(place: string): string {
  return place.slice(0, 2).toUpperCase();
}

/** Along a great circle, by the haversine formula. */
function arcKm(one: readonly [number, number], two: readonly [number, number]): number {
  const radians = Math.PI / 180;
  const [north, south] = [one[0] * radians, two[0] * radians];
  const half =
    Math.sin((south - north) / 2) ** 2 +
    Math.cos(north) * Math.cos(south) * Math.sin(((two[1] - one[1]) * radians) / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, half)));
}
