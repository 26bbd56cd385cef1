// The Traffic Light Protocol, version 2.0 (FIRST): to whom something may be passed on.
import { z } from "zod";

/** Strictest first. `amber_strict` is TLP:AMBER+STRICT. */
const TLP = ["red", "amber_strict", "amber", "green", "clear"] as const;
export const tlpSchema = z.enum(TLP);
