// Programs that run in the county and what their version resource says, as Sysmon reports it.

export interface Program {
  /** Full path; `%PROFILE%` stands for the profile folder of the user. */
  readonly path: string;
  readonly description: string;
  readonly product: string;
  readonly company: string;
  /** `OriginalFileName` of the version resource; `-` when there is none. */
  readonly original: string;
  readonly version: string;
}

const WINDOWS = "Microsoft® Windows® Operating System";
const MICROSOFT = "Microsoft Corporation";

function windows(path: string, description: string, original: string): Program {
  return {
    path,
    description,
    product: WINDOWS,
    company: MICROSOFT,
    original,
    version: "10.0.22621.3880 (WinBuild.160101.0800)",
  };
}

function office(file: string, description: string, original: string): Program {
  return {
    path: `C:\\Program Files\\Microsoft Office\\root\\Office16\\${file}`,
    description,
    product: "Microsoft Office",
    company: MICROSOFT,
    original,
    version: "16.0.17928.20156",
  };
}

/** A program of a simulated vendor, or one without a version resource. */
export function program(
  path: string,
  description = "-",
  product = "-",
  company = "-",
  original = "-",
): Program {
  return {
    path,
    description,
    product,
    company,
    original,
    version: description === "-" ? "-" : "7.4.1.0",
  };
}

const SYSTEM32 = "C:\\Windows\\System32";

export const PROGRAMS = {
  services: windows(`${SYSTEM32}\\services.exe`, "Services and Controller app", "services.exe"),
  svchost: windows(`${SYSTEM32}\\svchost.exe`, "Host Process for Windows Services", "svchost.exe"),
  wininit: windows(`${SYSTEM32}\\wininit.exe`, "Windows Start-Up Application", "WinInit.exe"),
  winlogon: windows(`${SYSTEM32}\\winlogon.exe`, "Windows Logon Application", "WINLOGON.EXE"),
  userinit: windows(`${SYSTEM32}\\userinit.exe`, "Userinit Logon Application", "USERINIT.EXE"),
  explorer: windows("C:\\Windows\\explorer.exe", "Windows Explorer", "EXPLORER.EXE"),
  gpscript: windows(`${SYSTEM32}\\gpscript.exe`, "Group Policy Script Application", "GPSCRIPT.EXE"),
  cmd: windows(`${SYSTEM32}\\cmd.exe`, "Windows Command Processor", "Cmd.Exe"),
  conhost: windows(`${SYSTEM32}\\conhost.exe`, "Console Window Host", "CONHOST.EXE"),
  powershell: windows(
    `${SYSTEM32}\\WindowsPowerShell\\v1.0\\powershell.exe`,
    "Windows PowerShell",
    "PowerShell.EXE",
  ),
  wscript: windows(
    `${SYSTEM32}\\wscript.exe`,
    "Microsoft ® Windows Based Script Host",
    "wscript.exe",
  ),
  cscript: windows(
    `${SYSTEM32}\\cscript.exe`,
    "Microsoft ® Console Based Script Host",
    "cscript.exe",
  ),
  mshta: windows(`${SYSTEM32}\\mshta.exe`, "Microsoft (R) HTML Application host", "MSHTA.EXE"),
  rundll32: windows(`${SYSTEM32}\\rundll32.exe`, "Windows host process (Rundll32)", "RUNDLL32.EXE"),
  regsvr32: windows(`${SYSTEM32}\\regsvr32.exe`, "Microsoft(C) Register Server", "REGSVR32.EXE"),
  certutil: windows(`${SYSTEM32}\\certutil.exe`, "CertUtil.exe", "CertUtil.exe"),
  curl: windows(`${SYSTEM32}\\curl.exe`, "The curl executable", "curl.exe"),
  net: windows(`${SYSTEM32}\\net.exe`, "Net Command", "net.exe"),
  net1: windows(`${SYSTEM32}\\net1.exe`, "Net Command", "net1.exe"),
  nltest: windows(
    `${SYSTEM32}\\nltest.exe`,
    "Microsoft® Logon Server Test Utility",
    "nltestrk.exe",
  ),
  whoami: windows(
    `${SYSTEM32}\\whoami.exe`,
    "whoami - displays logged on user information",
    "whoami.exe",
  ),
  ipconfig: windows(`${SYSTEM32}\\ipconfig.exe`, "IP Configuration Utility", "ipconfig.exe"),
  systeminfo: windows(`${SYSTEM32}\\systeminfo.exe`, "Displays system information", "sysinfo.exe"),
  quser: windows(`${SYSTEM32}\\quser.exe`, "Query User Utility", "quser.exe"),
  ping: windows(`${SYSTEM32}\\PING.EXE`, "TCP/IP Ping Command", "ping.exe"),
  reg: windows(`${SYSTEM32}\\reg.exe`, "Registry Console Tool", "reg.exe"),
  sc: windows(`${SYSTEM32}\\sc.exe`, "Service Control Manager Configuration Tool", "sc.exe"),
  schtasks: windows(
    `${SYSTEM32}\\schtasks.exe`,
    "Task Scheduler Configuration Tool",
    "schtasks.exe",
  ),
  taskkill: windows(`${SYSTEM32}\\taskkill.exe`, "Terminates Processes", "taskkill.exe"),
  gpupdate: windows(
    `${SYSTEM32}\\gpupdate.exe`,
    "Microsoft® Group Policy Update Utility",
    "GPUpdate.exe",
  ),
  gpresult: windows(`${SYSTEM32}\\gpresult.exe`, "Query Group Policy RSOP Data", "gprslt.exe"),
  mmc: windows(`${SYSTEM32}\\mmc.exe`, "Microsoft Management Console", "mmc.exe"),
  mstsc: windows(`${SYSTEM32}\\mstsc.exe`, "Remote Desktop Connection", "mstsc.exe"),
  wmic: windows(`${SYSTEM32}\\wbem\\WMIC.exe`, "WMI Commandline Utility", "wmic.exe"),
  wmiprvse: windows(`${SYSTEM32}\\wbem\\WmiPrvSE.exe`, "WMI Provider Host", "Wmiprvse.exe"),
  wsmprovhost: windows(
    `${SYSTEM32}\\wsmprovhost.exe`,
    "Host process for WinRM plug-ins",
    "wsmprovhost.exe",
  ),
  vssadmin: windows(
    `${SYSTEM32}\\vssadmin.exe`,
    "Command Line Interface for Microsoft® Volume Shadow Copy Service",
    "VSSADMIN.EXE",
  ),
  wbadmin: windows(
    `${SYSTEM32}\\wbadmin.exe`,
    "Command Line Interface for Microsoft® BLB Backup",
    "WBADMIN.EXE",
  ),
  bcdedit: windows(`${SYSTEM32}\\bcdedit.exe`, "Boot Configuration Data Editor", "bcdedit.exe"),
  wevtutil: windows(`${SYSTEM32}\\wevtutil.exe`, "Eventing Command Line Utility", "wevtutil.exe"),
  netsh: windows(`${SYSTEM32}\\netsh.exe`, "Network Command Shell", "netsh.exe"),
  ntdsutil: windows(`${SYSTEM32}\\ntdsutil.exe`, "NT5DS", "ntdsutil.exe"),
  msiexec: windows(`${SYSTEM32}\\msiexec.exe`, "Windows® installer", "msiexec.exe"),
  dism: windows(`${SYSTEM32}\\Dism.exe`, "Dism Image Servicing Utility", "DISM.EXE"),
  robocopy: windows(`${SYSTEM32}\\Robocopy.exe`, "Microsoft Robocopy", "robocopy.exe"),
  spoolsv: windows(`${SYSTEM32}\\spoolsv.exe`, "Spooler SubSystem App", "spoolsv.exe"),
  splwow64: windows(
    "C:\\Windows\\splwow64.exe",
    "Print driver host for applications",
    "splwow64.exe",
  ),
  notepad: windows(`${SYSTEM32}\\notepad.exe`, "Notepad", "NOTEPAD.EXE"),
  taskhostw: windows(
    `${SYSTEM32}\\taskhostw.exe`,
    "Host Process for Windows Tasks",
    "taskhostw.exe",
  ),
  searchIndexer: windows(
    `${SYSTEM32}\\SearchProtocolHost.exe`,
    "Microsoft Windows Search Protocol Host",
    "SearchProtocolHost.exe",
  ),
  backgroundTask: windows(
    `${SYSTEM32}\\backgroundTaskHost.exe`,
    "Background Task Host",
    "backgroundTaskHost.exe",
  ),
  werfault: windows(`${SYSTEM32}\\WerFault.exe`, "Windows Problem Reporting", "WerFault.exe"),
  wuauclt: windows(`${SYSTEM32}\\wuauclt.exe`, "Windows Update", "wuauclt.exe"),
  lsass: windows(`${SYSTEM32}\\lsass.exe`, "Local Security Authority Process", "lsass.exe"),
  taskmgr: windows(`${SYSTEM32}\\Taskmgr.exe`, "Task Manager", "Taskmgr.exe"),
  defender: {
    ...windows(
      "C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.24080.9-0\\MsMpEng.exe",
      "Antimalware Service Executable",
      "MsMpEng.exe",
    ),
  },
  outlook: office("OUTLOOK.EXE", "Microsoft Outlook", "Outlook.exe"),
  word: office("WINWORD.EXE", "Microsoft Word", "WinWord.exe"),
  excel: office("EXCEL.EXE", "Microsoft Excel", "Excel.exe"),
  powerpoint: office("POWERPNT.EXE", "Microsoft PowerPoint", "POWERPNT.EXE"),
  onenote: office("ONENOTE.EXE", "Microsoft OneNote", "OneNote.exe"),
  edge: {
    path: "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
    description: "Microsoft Edge",
    product: "Microsoft Edge",
    company: MICROSOFT,
    original: "msedge.exe",
    version: "128.0.2739.42",
  },
  firefox: {
    path: "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
    description: "Firefox",
    product: "Firefox",
    company: "Mozilla Corporation",
    original: "firefox.exe",
    version: "128.2.0",
  },
  reader: program(
    "C:\\Program Files\\SimPDF\\SimPdfReader.exe",
    "SimPDF Reader",
    "SimPDF",
    "SimPDF (simuliert)",
    "SimPdfReader.exe",
  ),
  meldewesen: program(
    "C:\\Program Files (x86)\\MESO-Sim\\Meldewesen.exe",
    "Fachverfahren Meldewesen",
    "MESO-Sim",
    "Verfahrenshaus (simuliert)",
    "Meldewesen.exe",
  ),
  kfz: program(
    "C:\\Program Files (x86)\\KFZ-Sim\\KfzZulassung.exe",
    "Fachverfahren KFZ-Zulassung",
    "KFZ-Sim",
    "Verfahrenshaus (simuliert)",
    "KfzZulassung.exe",
  ),
  soziales: program(
    "C:\\Program Files\\SozialSim\\SozialClient.exe",
    "Fachverfahren Sozialwesen",
    "SozialSim",
    "Verfahrenshaus (simuliert)",
    "SozialClient.exe",
  ),
  finanzen: program(
    "C:\\Program Files\\FinanzSim\\HKR.exe",
    "Haushalts- und Kassenwesen",
    "FinanzSim",
    "Verfahrenshaus (simuliert)",
    "HKR.exe",
  ),
  updater: program(
    "C:\\Program Files (x86)\\MESO-Sim\\Update\\MesoUpdate.exe",
    "MESO-Sim Aktualisierung",
    "MESO-Sim",
    "Verfahrenshaus (simuliert)",
    "MesoUpdate.exe",
  ),
  deployAgent: program(
    "C:\\Program Files\\VerteilSim\\Agent\\VsAgent.exe",
    "Softwareverteilung Agent",
    "VerteilSim",
    "VerteilSim (simuliert)",
    "VsAgent.exe",
  ),
  veeamManager: program(
    "C:\\Program Files\\Veeam\\Backup and Replication\\Backup\\Veeam.Backup.Manager.exe",
    "Veeam Backup Manager",
    "Veeam Backup & Replication",
    "Veeam Software Group GmbH",
    "Veeam.Backup.Manager.exe",
  ),
  veeamService: program(
    "C:\\Program Files\\Veeam\\Backup and Replication\\Backup\\Veeam.Backup.Service.exe",
    "Veeam Backup Service",
    "Veeam Backup & Replication",
    "Veeam Software Group GmbH",
    "Veeam.Backup.Service.exe",
  ),
  veeamAgent: program(
    "C:\\Program Files (x86)\\Veeam\\Backup Transport\\x64\\VeeamAgent.exe",
    "Veeam Agent",
    "Veeam Backup & Replication",
    "Veeam Software Group GmbH",
    "VeeamAgent.exe",
  ),
  scanAgent: program(
    "C:\\Program Files\\ScanSim\\scanagent.exe",
    "Inventarisierung",
    "ScanSim",
    "ScanSim (simuliert)",
    "scanagent.exe",
  ),
} as const satisfies Record<string, Program>;
