//! CPU time and memory of this process, as the kernel counts them.

/// CPU-seconds of all threads of this process so far.
pub fn cpu_seconds() -> f64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the call only writes the struct that it is given.
    let code = unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    assert_eq!(code, 0, "no CPU clock");
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Greatest resident memory so far in MiB.
pub fn peak_mib() -> f64 {
    status_kib("VmHWM") / 1024.0
}

/// Resident memory now in MiB.
pub fn resident_mib() -> f64 {
    status_kib("VmRSS") / 1024.0
}

fn status_kib(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find(|line| line.starts_with(name))
        .and_then(|line| line.split_whitespace().nth(1))
        .and_then(|number| number.parse().ok())
        .unwrap_or(f64::NAN)
}
