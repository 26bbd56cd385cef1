// The list of firewalls, switches, proxies and sensors. A new one is one file and one line here.
import type { Format } from "../format.ts";
import { checkpoint } from "./checkpoint.ts";
import { ciscoAsa } from "./cisco-asa.ts";
import { ciscoDuo } from "./cisco-duo.ts";
import { ciscoIos } from "./cisco-ios.ts";
import { ciscoIse } from "./cisco-ise.ts";
import { fortigate } from "./fortigate.ts";
import { fortigateCef } from "./fortigate-cef.ts";
import { hpAruba } from "./hp-aruba.ts";
import { lancom } from "./lancom.ts";
import { mikrotik } from "./mikrotik.ts";
import { netflowJson } from "./netflow-json.ts";
import { paloAlto } from "./palo-alto.ts";
import { pfsense } from "./pfsense.ts";
import { skyhighSwg } from "./skyhigh-swg.ts";
import { sophosSfos } from "./sophos-sfos.ts";
import { sophosUtm } from "./sophos-utm.ts";
import { squid } from "./squid.ts";
import { suricata } from "./suricata.ts";
import { w3cProxy } from "./w3c-proxy.ts";
import { zeekJson } from "./zeek-json.ts";
import { zeekTsv } from "./zeek-tsv.ts";

export const NETWORK_FORMATS: readonly Format[] = [
  fortigate,
  fortigateCef,
  ciscoAsa,
  ciscoIos,
  ciscoIse,
  ciscoDuo,
  paloAlto,
  sophosSfos,
  sophosUtm,
  checkpoint,
  pfsense,
  lancom,
  hpAruba,
  mikrotik,
  zeekTsv,
  zeekJson,
  suricata,
  netflowJson,
  squid,
  w3cProxy,
  skyhighSwg,
];
