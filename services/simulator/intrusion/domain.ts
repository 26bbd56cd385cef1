// Step 8: from the file server to rule the domain.
import { NETBIOS } from "../county/county.ts";
import { type Process, running, writesFile } from "../emit/process.ts";
import { PROGRAMS } from "../emit/programs.ts";
import { subject, windows } from "../emit/security.ts";
import { WINDOWS_EVENTS } from "../emit/windows-event.ts";
import { guid, MINUTE, SECOND, type World } from "../world.ts";
import { networkLogon } from "./network-logon.ts";
import { atController, run, type Scene, type Step } from "./scene.ts";

/** A shell on the domain controller, through WMI or WinRM: every way of step 8 ends or begins there. */
function controllerShell(world: World, scene: Scene, time: number): Process {
  const target = scene.controller;
  networkLogon(world, scene, time, target);
  const [parent, line] = world.random.pick([
    [running(world, target, PROGRAMS.wmiprvse), "/Q /c whoami"],
    [running(world, target, PROGRAMS.wsmprovhost, scene.stolen.account), "/c whoami"],
  ] as const);
  return run(world, time + 900, parent, PROGRAMS.cmd, line, {
    account: scene.stolen.account,
    integrity: "High",
  });
}

function replication(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const { account } = scene.stolen;
  const session = networkLogon(world, scene, time, scene.controller);
  const rights = [
    "{1131f6aa-9c07-11d1-f79f-00c04fc2dcd2}",
    "{1131f6ad-9c07-11d1-f79f-00c04fc2dcd2}",
    "{89e95b76-444d-4c62-991a-0facbeda640c}",
  ];
  for (let part = random.int(2, 5); part > 0; part--) {
    windows(world, time + part * 300, scene.controller, WINDOWS_EVENTS.objectAccess, {
      ...subject(account, session),
      ObjectServer: "DS",
      ObjectType: "%{19195a5b-6da0-11d0-afd3-00c04fd930c9}",
      ObjectName: guid(random).replace("{", "%{"),
      OperationType: "Object Access",
      HandleId: "0x0",
      AccessList: "%%7688\r\n\t\t\t\t",
      AccessMask: "0x100",
      Properties: `%%7688\r\n\t\t${random.pick(rights.slice(0, 2))}\r\n\t{19195a5b-6da0-11d0-afd3-00c04fd930c9}\r\n`,
      AdditionalInfo: "-",
      AdditionalInfo2: "",
    });
  }
  scene.controllerShell = controllerShell(world, scene, time + 5 * MINUTE);
  return time + 6 * MINUTE;
}

function newAdministrator(world: World, scene: Scene, time: number): number {
  const { random, county } = world;
  const shell = controllerShell(world, scene, time);
  const name = random.pick([
    "svc_support",
    "hilfskonto",
    `adm${random.int(10, 99)}`,
    "sql_wartung",
  ]);
  const group = random.pick(["Domänen-Admins", "Domain Admins"]);
  const create = run(
    world,
    time + 20 * SECOND,
    shell,
    PROGRAMS.net,
    `user ${name} ${random.hex(6)}!A /add /domain`,
  );
  run(world, time + 20_100, create, PROGRAMS.net1, `user ${name} /add /domain`);
  const sid = `${county.domainSid}-${random.int(9901, 9990)}`;
  const by = subject(scene.stolen.account, shell.logon);
  windows(world, time + 21 * SECOND, scene.controller, WINDOWS_EVENTS.userCreated, {
    TargetUserName: name,
    TargetDomainName: NETBIOS,
    TargetSid: sid,
    ...by,
    PrivilegeList: "-",
    SamAccountName: name,
    DisplayName: "-",
    UserPrincipalName: "-",
    HomeDirectory: "-",
    ScriptPath: "-",
    UserAccountControl: "\r\n\t\t%%2080\r\n\t\t%%2082\r\n\t\t%%2084",
    OldUacValue: "0x0",
    NewUacValue: "0x15",
  });
  run(world, time + 40 * SECOND, shell, PROGRAMS.net, `group "${group}" ${name} /add /domain`);
  windows(world, time + 41 * SECOND, scene.controller, WINDOWS_EVENTS.globalGroupMember, {
    MemberName: `CN=${name},CN=Users,DC=lk-heide,DC=example`,
    MemberSid: sid,
    TargetUserName: group,
    TargetDomainName: NETBIOS,
    TargetSid: `${county.domainSid}-512`,
    ...by,
    PrivilegeList: "-",
  });
  scene.controllerShell = shell;
  return time + 60 * SECOND;
}

function directoryCopy(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const shell = controllerShell(world, scene, time);
  const folder = `${scene.folder}\\${random.hex(4)}`;
  if (random.chance(0.5)) {
    const tool = run(
      world,
      time + 20 * SECOND,
      shell,
      PROGRAMS.ntdsutil,
      `"${random.pick(["ac i ntds", "activate instance ntds"])}" "ifm" "create full ${folder}" q q`,
    );
    writesFile(world, time + 45 * SECOND, tool, `${folder}\\Active Directory\\ntds.dit`);
  } else {
    run(world, time + 20 * SECOND, shell, PROGRAMS.vssadmin, "create shadow /for=C:");
    const copy = run(
      world,
      time + 40 * SECOND,
      shell,
      PROGRAMS.cmd,
      `/c copy \\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy${random.int(1, 9)}\\Windows\\NTDS\\ntds.dit ${folder}\\n.dit`,
    );
    writesFile(world, time + 50 * SECOND, copy, `${folder}\\n.dit`);
  }
  const hive = run(
    world,
    time + 60 * SECOND,
    shell,
    PROGRAMS.reg,
    `save HKLM\\SYSTEM ${folder}\\s.hiv`,
  );
  writesFile(world, time + 61 * SECOND, hive, `${folder}\\s.hiv`);
  scene.controllerShell = shell;
  return time + 70 * SECOND;
}

export const DOMAIN_RULE: Step = {
  id: "08-domain-rule",
  tactic: "credential-access",
  knownToRules: true,
  variants: [
    {
      technique: "T1003.006",
      title: "Kennwortdaten der Domäne repliziert (DCSync)",
      ...atController,
      run: replication,
    },
    {
      technique: "T1098",
      title: "Neues Konto in die Domänen-Admins aufgenommen",
      ...atController,
      run: newAdministrator,
    },
    {
      technique: "T1003.003",
      title: "Verzeichnisdatenbank NTDS kopiert",
      ...atController,
      run: directoryCopy,
    },
  ],
};
