// Names of the system calls that audit rules watch, for logs without enrichment (`log_format = RAW`),
// which give numbers only. Numbers from the kernel's syscall_64.tbl (x86-64) and asm-generic/unistd.h
// (arm64); an architecture that is not here keeps its number.

const X86_64 =
  "write=1 open=2 socket=41 connect=42 accept=43 sendto=44 recvfrom=45 sendmsg=46 recvmsg=47 bind=49 " +
  "clone=56 fork=57 vfork=58 execve=59 kill=62 truncate=76 ftruncate=77 rename=82 mkdir=83 rmdir=84 " +
  "creat=85 link=86 unlink=87 symlink=88 chmod=90 fchmod=91 chown=92 fchown=93 lchown=94 sysinfo=99 " +
  "ptrace=101 syslog=103 setuid=105 setgid=106 setreuid=113 setresuid=117 capset=126 mknod=133 " +
  "personality=135 pivot_root=155 prctl=157 adjtimex=159 chroot=161 settimeofday=164 mount=165 " +
  "umount2=166 reboot=169 sethostname=170 setdomainname=171 iopl=172 ioperm=173 init_module=175 " +
  "delete_module=176 setxattr=188 lsetxattr=189 fsetxattr=190 removexattr=197 clock_settime=227 " +
  "kexec_load=246 add_key=248 keyctl=250 openat=257 mkdirat=258 mknodat=259 fchownat=260 unlinkat=263 " +
  "renameat=264 linkat=265 symlinkat=266 fchmodat=268 unshare=272 accept4=288 perf_event_open=298 " +
  "setns=308 process_vm_readv=310 process_vm_writev=311 finit_module=313 renameat2=316 " +
  "memfd_create=319 bpf=321 execveat=322 userfaultfd=323 io_uring_setup=425 openat2=437";

const ARM64 =
  "setxattr=5 lsetxattr=6 fsetxattr=7 removexattr=14 mknodat=33 mkdirat=34 unlinkat=35 symlinkat=36 " +
  "linkat=37 renameat=38 umount2=39 mount=40 pivot_root=41 truncate=45 ftruncate=46 chroot=51 fchmod=52 " +
  "fchmodat=53 fchownat=54 fchown=55 openat=56 write=64 capset=91 personality=92 unshare=97 " +
  "kexec_load=104 init_module=105 delete_module=106 clock_settime=112 syslog=116 ptrace=117 kill=129 " +
  "reboot=142 setgid=144 setreuid=145 setuid=146 setresuid=147 sethostname=161 setdomainname=162 " +
  "prctl=167 settimeofday=170 adjtimex=171 sysinfo=179 socket=198 bind=200 accept=202 connect=203 " +
  "sendto=206 recvfrom=207 sendmsg=211 recvmsg=212 add_key=217 keyctl=219 clone=220 execve=221 " +
  "perf_event_open=241 accept4=242 setns=268 process_vm_readv=270 process_vm_writev=271 " +
  "finit_module=273 renameat2=276 memfd_create=279 bpf=280 execveat=281 userfaultfd=282 " +
  "io_uring_setup=425 openat2=437";

/** `arch` of a SYSCALL record (AUDIT_ARCH_* of the kernel, hexadecimal) → number → name. */
const TABLES: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  ["c000003e", tableOf(X86_64)],
  ["c00000b7", tableOf(ARM64)],
]);

/** The name of a system call by the `arch` and `syscall` of its record; undefined: not known here. */
export function syscallName(arch: string, number: string): string | undefined {
  return TABLES.get(arch)?.get(number);
}

function tableOf(list: string): ReadonlyMap<string, string> {
  return new Map(
    list.split(" ").map((entry): [string, string] => {
      const equals = entry.indexOf("=");
      return [entry.slice(equals + 1), entry.slice(0, equals)];
    }),
  );
}
