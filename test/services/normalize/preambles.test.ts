// The explanatory heads that products write at the beginning of their log files: each line of them is
// skipped, whether the source is told its format or not, and nothing that only looks like them.
import { describe, expect, it } from "vitest";
import { createNormalizer } from "../../../services/normalize/normalizer.ts";
import { CONTEXT } from "./format-check.ts";

const DHCP = `		Microsoft DHCP Service Activity Log


Event ID  Meaning
00	The log was started.
01	The log was stopped.
02	The log was temporarily paused due to low disk space.
10	A new IP address was leased to a client.
11	A lease was renewed by a client.
12	A lease was released by a client.
13	An IP address was found to be in use on the network.
14	A lease request could not be satisfied because the scope's address pool was exhausted.
15	A lease was denied.
16	A lease was deleted.
17	A lease was expired and DNS records for an expired leases have not been deleted.
18	A lease was expired and DNS records were deleted.
20	A BOOTP address was leased to a client.
21	A dynamic BOOTP address was leased to a client.
22	A BOOTP request could not be satisfied because the scope's address pool for BOOTP was exhausted.
23	A BOOTP IP address was deleted after checking to see it was not in use.
24	IP address cleanup operation has began.
25	IP address cleanup statistics.
30	DNS update request to the named DNS server.
31	DNS update failed.
32	DNS update successful.
33	Packet dropped due to NAP policy.
34	DNS update request failed.as the DNS update request queue limit exceeded.
35	DNS update request failed.
36	Packet dropped because the server is in failover standby role or the hash of the client ID does not match.
50+	Codes above 50 are used for Rogue Server Detection information.

QResult: 0: NoQuarantine, 1:Quarantine, 2:Drop Packet, 3:Probation,6:No Quarantine Information ProbationTime:Year-Month-Day Hour:Minute:Second:MilliSecond.

ID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name, TransactionID, QResult,Probationtime, CorrelationID,Dhcid,VendorClass(Hex),VendorClass(ASCII),UserClass(Hex),UserClass(ASCII),RelayAgentInformation,DnsRegError.
ID,Date,Time,Description,IP Address,Host Name,MAC Address`;
const DNS = `DNS Server log file creation at 21.11.2026 05:38:16
DNS Server log file creation at 11/21/2026 5:38:16 AM
Log file wrap at 11/21/2026 5:38:16 AM

Message logging key (for packets - other items use a subset of these fields):
	Field #  Information         Values
	-------  -----------         ------
	   1     Date
	   2     Time
	   3     Thread ID
	   4     Context
	   5     Internal packet identifier
	   6     UDP/TCP indicator
	   7     Send/Receive indicator
	   8     Remote IP
	   9     Xid (hex)
	  10     Query/Response      R = Response
	                             blank = Query
	  11     Opcode              Q = Standard Query
	                             N = Notify
	                             U = Update
	                             ? = Unknown
	  12     [ Flags (hex)
	  13     Flags (char codes)  A = Authoritative Answer
	                             T = Truncated Response
	                             D = Recursion Desired
	                             R = Recursion Available
	  14     ResponseCode ]
	  15     Question Type
	  16     Question Name`;
const HTTP_PROXY =
  "DateTime,RequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,ClientRequestId,Protocol,UrlHost,UrlStem,ProtocolAction,AuthenticationType,IsAuthenticated,AuthenticatedUser,Organization,AnchorMailbox,UserAgent,ClientIpAddress,ServerHostName,HttpStatus,BackEndStatus,ErrorCode,Method,GenericErrors";
const SKYHIGH =
  '#time_stamp "auth_user" src_ip status_code "req_line" "categories" "rep_level" "media_type" bytes_to_client bytes_from_client "user_agent" "virus_name" "block_res" "application_name"';
const IIS_HEADER =
  "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip sc-status sc-substatus sc-win32-status time-taken";
const EXCHANGE_HEADER =
  "#Software: Microsoft Exchange Server\n#Log-type: HttpProxy Logs\n#Fields: DateTime,RequestId,Protocol";

const PREAMBLES: readonly (readonly [format: string, lines: readonly string[]])[] = [
  ["dhcp-windows", DHCP.split("\n")],
  ["dns-windows", DNS.split("\n")],
  ["exchange-log", [HTTP_PROXY, `\ufeff${HTTP_PROXY}`]],
  ["skyhigh-swg", [SKYHIGH]],
  ["iis", [`${IIS_HEADER}\n#Log-Roll: hourly`, `${IIS_HEADER}\n#GMT-Offset: 0`]],
  ["exchange-log", [`${EXCHANGE_HEADER}\n#Schema-Version: 15.2`]],
  ["exchange-tracking", [`${EXCHANGE_HEADER}\n#Schema-Version: 15.2`]],
];
const CASES = PREAMBLES.flatMap(([format, lines]) => lines.map((line) => ({ format, line })));

function outcome(text: string, format?: string): string {
  const made = createNormalizer({ mappings: [] }).normalize(
    { id: "r1", idFromSender: false, source: "src", text, format, ...CONTEXT },
    "kreis",
  );
  if ("event" in made) return made.format.id;
  return "skipped" in made ? made.skipped : made.fault.code;
}

describe("the head of a file", () => {
  it.each(CASES)("is skipped by $format: $line", ({ format, line }) => {
    expect(outcome(line, format)).toBe("header");
  });

  it.each(CASES.filter(({ line }) => line !== ""))(
    "is skipped untold ($format): $line",
    ({ line }) => {
      expect(outcome(line)).toBe("header");
    },
  );

  it.each([
    ["dhcp-windows", "10\tA new password was leased to a client."],
    ["dhcp-windows", "Event ID  Meaning of life"],
    ["dhcp-windows", "ID,Date,Time,Description,IP Address,Host Name,MAC Address,DROP TABLE"],
    ["dns-windows", "DNS Server log file creation at home, and much more of it than a time has"],
    ["dns-windows", "	  17     Question Name"],
    ["dns-windows", "UDP question info at 000002C53117D990"],
    ["exchange-log", "DateTime,RequestId"],
    ["exchange-log", `${HTTP_PROXY},rm -rf /`],
    ["exchange-log", "#Schema-Version: 15.2"],
    ["iis", "#Log-Roll: hourly"],
    ["iis", `${IIS_HEADER}\n#!/bin/sh`],
    ["skyhigh-swg", '#time_stamp "auth_user"'],
  ])("is no line that only looks like one of %s: %s", (format, line) => {
    expect(outcome(line, format)).toBe("HW_PARSE_FAILED");
    expect(outcome(line)).toBe("HW_PARSE_FAILED");
  });
});
