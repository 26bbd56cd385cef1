// The list of Linux and of server applications. A new one is one file and one line here.
import type { Format } from "../format.ts";
import { apacheError } from "./apache-error.ts";
import { auditd } from "./auditd.ts";
import { criContainer, docker } from "./container-log.ts";
import { dockerDaemon } from "./docker-daemon.ts";
import { dovecot } from "./dovecot.ts";
import { haproxy } from "./haproxy.ts";
import { journald } from "./journald.ts";
import { keycloak, keycloakJson } from "./keycloak.ts";
import { kubernetesAudit } from "./kubernetes-audit.ts";
import { linuxAuth } from "./linux-auth.ts";
import { linuxSystem } from "./linux-system.ts";
import { mysql } from "./mysql.ts";
import { mysqlAudit } from "./mysql-audit.ts";
import { netscaler } from "./netscaler.ts";
import { nextcloud } from "./nextcloud.ts";
import { nginxError } from "./nginx-error.ts";
import { postfix } from "./postfix.ts";
import { postgresql, postgresqlJson } from "./postgresql.ts";
import { proxmox } from "./proxmox.ts";
import { samba } from "./samba.ts";
import { sambaJson } from "./samba-json.ts";
import { vcenter } from "./vcenter.ts";
import { veeam } from "./veeam.ts";
import { vmwareEsxi } from "./vmware-esxi.ts";
import { webAccess } from "./web-access.ts";

export const SERVERS_FORMATS: readonly Format[] = [
  auditd,
  webAccess,
  apacheError,
  nginxError,
  haproxy,
  vmwareEsxi,
  vcenter,
  netscaler,
  veeam,
  proxmox,
  journald,
  docker,
  criContainer,
  dockerDaemon,
  postfix,
  dovecot,
  samba,
  sambaJson,
  postgresql,
  postgresqlJson,
  mysql,
  mysqlAudit,
  nextcloud,
  keycloak,
  keycloakJson,
  kubernetesAudit,
  linuxAuth,
  linuxSystem,
];
