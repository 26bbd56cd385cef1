// The list of cloud services. A new one is one file and one line here.
import type { Format } from "../format.ts";

export const CLOUD_FORMATS: readonly Format[] = [];
