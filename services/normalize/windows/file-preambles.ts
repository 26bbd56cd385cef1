// The explanations that Windows' DHCP and DNS servers write at the beginning of each log file. They are
// no events; only these very texts are taken for them, so that nothing else goes by unread.

/** Whether a line is part of the head of a DHCP audit log (IPv4). Blank lines are. */
export function isDhcpPreamble(line: string): boolean {
  return isOneOf(line, DHCP);
}

/** Whether a line is part of the head of a DNS debug log. Blank lines are. */
export function isDnsPreamble(line: string): boolean {
  return isOneOf(line, DNS) || CREATED.test(line.slice(0, CREATED_CHARACTERS_MAX));
}

// As the servers of Windows 2008 R2 to 2025 write them; "has began" and "failed.as" are theirs.
const DHCP = textsOf(`
  Microsoft DHCP Service Activity Log
  Event ID Meaning
  00 The log was started.
  01 The log was stopped.
  02 The log was temporarily paused due to low disk space.
  10 A new IP address was leased to a client.
  11 A lease was renewed by a client.
  12 A lease was released by a client.
  13 An IP address was found to be in use on the network.
  14 A lease request could not be satisfied because the scope's address pool was exhausted.
  15 A lease was denied.
  16 A lease was deleted.
  17 A lease was expired and DNS records for an expired leases have not been deleted.
  17 A lease was expired.
  18 A lease was expired and DNS records were deleted.
  20 A BOOTP address was leased to a client.
  21 A dynamic BOOTP address was leased to a client.
  22 A BOOTP request could not be satisfied because the scope's address pool for BOOTP was exhausted.
  23 A BOOTP IP address was deleted after checking to see it was not in use.
  24 IP address cleanup operation has began.
  25 IP address cleanup statistics.
  30 DNS update request to the named DNS server.
  31 DNS update failed.
  32 DNS update successful.
  33 Packet dropped due to NAP policy.
  34 DNS update request failed.as the DNS update request queue limit exceeded.
  35 DNS update request failed.
  36 Packet dropped because the server is in failover standby role or the hash of the client ID does not match.
  50+ Codes above 50 are used for Rogue Server Detection information.
  QResult: 0: NoQuarantine, 1:Quarantine, 2:Drop Packet, 3:Probation,6:No Quarantine Information ProbationTime:Year-Month-Day Hour:Minute:Second:MilliSecond.
  ID,Date,Time,Description,IP Address,Host Name,MAC Address
  ID,Date,Time,Description,IP Address,Host Name,MAC Address,
  ID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name, TransactionID, QResult,Probationtime, CorrelationID
  ID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name, TransactionID, QResult,Probationtime, CorrelationID,Dhcid,VendorClass(Hex),VendorClass(ASCII),UserClass(Hex),UserClass(ASCII),RelayAgentInformation,DnsRegError.
`);

const DNS = textsOf(`
  Message logging key (for packets - other items use a subset of these fields):
  Message logging key:
  Field # Information Values
  ------- ----------- ------
  1 Date
  2 Time
  3 Thread ID
  4 Context
  5 Internal packet identifier
  6 UDP/TCP indicator
  7 Send/Receive indicator
  8 Remote IP
  9 Xid (hex)
  10 Query/Response R = Response
  blank = Query
  11 Opcode Q = Standard Query
  N = Notify
  U = Update
  ? = Unknown
  12 [ Flags (hex)
  12 Flags (hex)
  13 Flags (char codes) A = Authoritative Answer
  T = Truncated Response
  D = Recursion Desired
  R = Recursion Available
  14 ResponseCode ]
  14 ResponseCode
  15 Question Type
  16 Question Name
`);
// The time is written as the server's region writes it.
const CREATED =
  /^(?:DNS Server log file creation at|Log file wrap at) [\d./-]{8,10} \d{1,2}:\d\d:\d\d(?: [AP]M)?(?: UTC)?\s{0,2}$/;
const CREATED_CHARACTERS_MAX = 80;
const TEXT_CHARACTERS_MAX = 300;

function isOneOf(line: string, texts: ReadonlySet<string>): boolean {
  return line.length <= TEXT_CHARACTERS_MAX && texts.has(line.trim().replace(/\s+/g, " "));
}

function textsOf(lines: string): ReadonlySet<string> {
  return new Set(lines.split("\n").map((line) => line.trim()));
}
