// What the numbers in the logs of the Network Policy Server mean, and the columns of its database format
// (Microsoft: "Interpret NPS Database Format Log Files" and "Interpret IAS Format Log Files").

/** Columns of the database-compatible format. */
export const DATABASE_COLUMNS =
  "Computer-Name Event-Source Record-Date Record-Time Packet-Type User-Name Fully-Qualified-User-Name Called-Station-Id Calling-Station-Id Callback-Number Framed-IP-Address NAS-Identifier NAS-IP-Address NAS-Port Client-Vendor Client-IP-Address Client-Friendly-Name Event-Timestamp Port-Limit NAS-Port-Type Connect-Info Framed-Protocol Service-Type Authentication-Type NP-Policy-Name Reason-Code Class Session-Timeout Idle-Timeout Termination-Action EAP-Friendly-Name Acct-Status-Type Acct-Delay-Time Acct-Input-Octets Acct-Output-Octets Acct-Session-Id Acct-Authentic Acct-Session-Time Acct-Input-Packets Acct-Output-Packets Acct-Terminate-Cause Acct-Multi-Ssn-ID Acct-Link-Count Acct-Interim-Interval Tunnel-Type Tunnel-Medium-Type Tunnel-Client-Endpt Tunnel-Server-Endpt Acct-Tunnel-Conn Tunnel-Pvt-Group-ID Tunnel-Assignment-ID Tunnel-Preference MS-Acct-Auth-Type MS-Acct-EAP-Type MS-RAS-Version MS-RAS-Vendor MS-CHAP-Error MS-CHAP-Domain MS-MPPE-Encryption-Types MS-MPPE-Encryption-Policy Proxy-Policy-Name Provider-Type Provider-Name Remote-Server-Address MS-RAS-Client-Name MS-RAS-Client-Version".split(
    " ",
  );

/** RADIUS and NPS attributes by their number, as the IAS format writes them. */
export const ATTRIBUTES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "1": "User-Name",
    "4": "NAS-IP-Address",
    "5": "NAS-Port",
    "6": "Service-Type",
    "7": "Framed-Protocol",
    "8": "Framed-IP-Address",
    "25": "Class",
    "30": "Called-Station-Id",
    "31": "Calling-Station-Id",
    "32": "NAS-Identifier",
    "40": "Acct-Status-Type",
    "42": "Acct-Input-Octets",
    "43": "Acct-Output-Octets",
    "44": "Acct-Session-Id",
    "46": "Acct-Session-Time",
    "49": "Acct-Terminate-Cause",
    "55": "Event-Timestamp",
    "61": "NAS-Port-Type",
    "77": "Connect-Info",
    "87": "NAS-Port-Id",
    "4108": "Client-IP-Address",
    "4116": "Client-Vendor",
    "4127": "Authentication-Type",
    "4128": "Client-Friendly-Name",
    "4129": "SAM-Account-Name",
    "4130": "Fully-Qualified-User-Name",
    "4132": "EAP-Friendly-Name",
    "4136": "Packet-Type",
    "4142": "Reason-Code",
    "4149": "NP-Policy-Name",
    "4154": "Proxy-Policy-Name",
  }),
);

/** Packet-Type → ECS action and, where it decides one, outcome. */
export const PACKETS: ReadonlyMap<string, readonly [string, ("success" | "failure")?]> = new Map([
  ["1", ["access-request"]],
  ["2", ["access-accept", "success"]],
  ["3", ["access-reject", "failure"]],
  ["4", ["accounting-request"]],
  ["5", ["accounting-response"]],
  ["11", ["access-challenge"]],
]);

/** The reasons that turn up when somebody is refused. */
export const REASONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "1": "internal error",
    "3": "malformed request",
    "6": "server unavailable",
    "7": "no such domain",
    "8": "no such user",
    "16": "authentication failed, credentials mismatch",
    "21": "rejected by an extension",
    "22": "EAP type not available",
    "23": "error during EAP",
    "32": "local users only",
    "33": "password must be changed",
    "34": "account disabled",
    "35": "account expired",
    "36": "account locked out",
    "37": "logon hours",
    "48": "no policy matched",
    "49": "no connection request policy matched",
    "64": "dial-in locked out",
    "65": "dial-in denied for the account",
    "66": "authentication method not enabled",
    "112": "refused by the remote RADIUS server",
    "262": "certificate chain incomplete",
    "265": "certificate authority not trusted",
    "266": "unexpected message",
    "269": "no common algorithm",
    "293": "certificate not valid for the use",
    "295": "certificate chain not trusted",
    "300": "no credentials in the security package",
  }),
);
