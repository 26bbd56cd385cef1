// The list of cloud services. A new one is one file and one line here.
import type { Format } from "../format.ts";
import { awsCloudtrail } from "./aws-cloudtrail.ts";
import { azureLogs } from "./azure-logs.ts";
import { azureSyslog } from "./azure-syslog.ts";
import { m365Audit } from "./m365-audit.ts";
import { okta } from "./okta.ts";
import { otlp } from "./otlp.ts";
import { splunkHec } from "./splunk-hec.ts";

export const CLOUD_FORMATS: readonly Format[] = [
  awsCloudtrail,
  azureLogs,
  azureSyslog,
  m365Audit,
  okta,
  otlp,
  splunkHec,
];
