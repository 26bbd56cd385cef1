// The list of formats that many products share. A new one is one file and one line here.
import type { Format } from "../format.ts";
import { cef } from "./cef.ts";
import { ecsJson } from "./ecs-json.ts";
import { gelf } from "./gelf.ts";
import { jsonGeneric } from "./json-generic.ts";
import { keyValue } from "./key-value.ts";
import { leef } from "./leef.ts";
import { plain } from "./plain.ts";
import { syslog } from "./syslog.ts";

export const GENERIC_FORMATS: readonly Format[] = [
  cef,
  leef,
  gelf,
  ecsJson,
  syslog,
  keyValue,
  jsonGeneric,
  plain,
];
