// The list of firewalls, switches, proxies and sensors. A new one is one file and one line here.
import type { Format } from "../format.ts";
import { fortigate } from "./fortigate.ts";

export const NETWORK_FORMATS: readonly Format[] = [fortigate];
