// The columns of PAN-OS logs in their default syslog format, in order (PAN-OS 10.x and 11.x Administrator's
// Guide, "Syslog Field Descriptions"). Later versions add columns at the end only. `-` is not used.
// Zones are called from_zone and to_zone here, the certificate's subject subject_cn.

const HEAD = "- receive_time serial type subtype - time_generated";
const FLOW =
  "src dst natsrc natdst rule srcuser dstuser app vsys from_zone to_zone inbound_if outbound_if logset - sessionid repeatcnt sport dport natsport natdport flags proto action";
const GROUPS =
  "dg_hier_level_1 dg_hier_level_2 dg_hier_level_3 dg_hier_level_4 vsys_name device_name";
const SOURCE =
  "src_category src_profile src_model src_vendor src_osfamily src_osversion src_host src_mac";
const DESTINATION =
  "dst_category dst_profile dst_model dst_vendor dst_osfamily dst_osversion dst_host dst_mac";
const CONTAINER = "container_id pod_namespace pod_name src_edl dst_edl";
const APPLICATION =
  "subcategory_of_app category_of_app technology_of_app risk_of_app characteristic_of_app container_of_app tunneled_app is_saas_of_app sanctioned_state_of_app";

const COLUMNS: Readonly<Record<string, string>> = {
  TRAFFIC: `${FLOW} bytes bytes_sent bytes_received packets start elapsed category - seqno actionflags srcloc dstloc - pkts_sent pkts_received session_end_reason ${GROUPS} action_source src_uuid dst_uuid tunnelid monitortag parent_session_id parent_start_time tunnel assoc_id chunks chunks_sent chunks_received rule_uuid http2_connection link_change_count policy_id link_switches sdwan_cluster sdwan_device_type sdwan_cluster_type sdwan_site dynusergroup_name xff_ip ${SOURCE} ${DESTINATION} ${CONTAINER} hostid serialnumber src_dag dst_dag session_owner high_res_timestamp nssai_sst nssai_sd ${APPLICATION} offloaded flow_type cluster_name`,
  THREAT: `${FLOW} misc threatid category severity direction seqno actionflags srcloc dstloc - contenttype pcap_id filedigest cloud url_idx user_agent filetype xff referer sender subject recipient reportid ${GROUPS} - src_uuid dst_uuid http_method tunnelid monitortag parent_session_id parent_start_time tunnel thr_category contentver - assoc_id ppid http_headers url_category_list rule_uuid http2_connection dynusergroup_name xff_ip ${SOURCE} ${DESTINATION} ${CONTAINER} hostid serialnumber domain_edl src_dag dst_dag partial_hash high_res_timestamp reason justification nssai_sst ${APPLICATION} cloud_reportid cluster_name flow_type`,
  SYSTEM: `vsys eventid object - - module severity opaque seqno actionflags ${GROUPS} - - high_res_timestamp`,
  CONFIG: `host vsys cmd admin client result path before_change_detail after_change_detail seqno actionflags ${GROUPS} dg_id comment - high_res_timestamp`,
  GLOBALPROTECT: `vsys eventid stage auth_method tunnel_type srcuser srcregion machinename public_ip public_ipv6 private_ip private_ipv6 hostid serialnumber client_ver client_os client_os_ver repeatcnt reason error opaque status location login_duration connect_method error_code portal seqno actionflags high_res_timestamp selection_type response_time priority attempted_gateways gateway ${GROUPS} vsys_id cluster_name`,
  USERID: `vsys ip user datasourcename eventid repeatcnt timeout beginport endport datasource datasourcetype seqno actionflags ${GROUPS} vsys_id factortype factorcompletiontime factorno ugflags userbysource tag_name high_res_timestamp origindatasource - cluster_name`,
  AUTHENTICATION: `vsys ip user normalize_user object authpolicy repeatcnt authid vendor logset serverprofile opaque clienttype event factorno seqno actionflags ${GROUPS} vsys_id authproto rule_uuid high_res_timestamp ${SOURCE} region - user_agent sessionid cluster_name`,
  HIPMATCH: `srcuser vsys machinename os src matchname repeatcnt matchtype - - seqno actionflags ${GROUPS} vsys_id srcipv6 hostid serialnumber mac high_res_timestamp cluster_name`,
  DECRYPTION: `${FLOW} tunnel - - src_uuid dst_uuid rule_uuid hs_stage_c2f hs_stage_f2s tls_version tls_keyxchg tls_enc tls_auth policy_name ec_curve err_index root_status chain_status proxy_type cert_serial fingerprint notbefore notafter cert_ver cert_size cn_len issuer_len rootcn_len sni_len cert_flags subject_cn issuer_cn root_cn sni error ${CONTAINER} src_dag dst_dag high_res_timestamp ${SOURCE} ${DESTINATION} seqno actionflags ${GROUPS} vsys_id`,
};

const BY_TYPE: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({ ...COLUMNS, "HIP-MATCH": COLUMNS.HIPMATCH ?? "" }).map(([type, names]) => [
    type,
    `${HEAD} ${names}`.split(" "),
  ]),
);

/** Types whose columns are not known by name; theirs are called `column_8` and so on. */
const OTHER_TYPES: ReadonlySet<string> = new Set(
  "CORRELATION GTP SCTP IPTAG AUDIT TUNNEL URL WILDFIRE DATA".split(" "),
);
const HEAD_NAMES = HEAD.split(" ");

/** Names of a log type's columns, with the head's; undefined for what PAN-OS doesn't write. */
export function paloAltoColumns(type: string): readonly string[] | undefined {
  return BY_TYPE.get(type) ?? (OTHER_TYPES.has(type) ? HEAD_NAMES : undefined);
}
