// How often a sign-in may be tried: per address, per name, and per name from one address. All attempts
// count, good ones too, and before the password is looked at, so that parallel ones can't slip through.
// The per-name limit is the widest one: nobody shuts a colleague out from one address alone.

import { normalizeIP } from "@fastify/rate-limit";
import type { FastifyRequest } from "fastify";
import { nameKey } from "./accounts.ts";
import type { Api, ApiLimits } from "./context.ts";
import { ApiFault } from "./faults.ts";

const WINDOW_MS = 15 * 60_000;
const MINUTE_MS = 60_000;

export interface SignInLimits {
  /** @throws ApiFault HW_RATE_LIMITED with the minutes to wait */
  check(request: FastifyRequest, name: string): Promise<void>;
}

/** Counters in memory, bounded by the rate limiter's own cache. */
export function createSignInLimits(api: Api, limits: ApiLimits): SignInLimits {
  const names = new WeakMap<FastifyRequest, string>();
  const nameOf = (request: FastifyRequest) => names.get(request) ?? "";
  const addressOf = (request: FastifyRequest) => normalizeIP(request.ip);
  const counter = (max: number, keyGenerator: (request: FastifyRequest) => string) =>
    api.createRateLimit({ max, timeWindow: WINDOW_MS, keyGenerator });
  const counters = [
    counter(limits.signInsPerAddressMax, addressOf),
    counter(limits.signInsPerNameAndAddressMax, (r) => `${nameOf(r)} ${addressOf(r)}`),
    counter(limits.signInsPerNameMax, nameOf),
  ];
  return {
    async check(request, name) {
      names.set(request, nameKey(name));
      for (const count of counters) {
        const result = await count(request);
        if (!result.isAllowed && result.isExceeded) {
          const minutes = Math.max(1, Math.ceil(result.ttl / MINUTE_MS));
          throw new ApiFault("HW_RATE_LIMITED", {
            text: (m) => m.signInLimited(minutes),
            details: { retryAfterSeconds: result.ttlInSeconds },
          });
        }
      }
    },
  };
}
