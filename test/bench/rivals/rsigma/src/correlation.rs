//! Memory and pace of rsigma's correlation while it counts events of many groups, none of which fires.

use std::error::Error;

use rsigma_eval::event::JsonEvent;
use rsigma_eval::{CorrelationConfig, CorrelationEngine};
use rsigma_parser::parse_sigma_yaml;
use serde_json::{Value, json};

use crate::usage::{cpu_seconds, peak_mib, resident_mib};

const RULES: &str = r#"
title: Failed sign-in
id: 6d3d9c1e-0b52-4b7e-9d4e-0f5b1c6a7e21
logsource:
    product: windows
detection:
    selection:
        EventID: 4625
    condition: selection
---
title: Many failed sign-ins
id: 0c0e8f7a-56d1-4a37-8a55-3f8f6f1f2b90
correlation:
    type: event_count
    rules:
        - 6d3d9c1e-0b52-4b7e-9d4e-0f5b1c6a7e21
    group-by:
        - User
    timespan: 1h
    condition:
        gte: 1000
"#;
const START_S: i64 = 1_795_000_000;

/// Two events for each group, all within the timespan. Making the events is not counted.
pub fn run(groups: usize) -> Result<Value, Box<dyn Error>> {
    let config = CorrelationConfig {
        max_state_entries: groups * 2,
        ..CorrelationConfig::default()
    };
    let mut engine = CorrelationEngine::new(config);
    engine.add_collection(&parse_sigma_yaml(RULES)?)?;
    let resident_from = resident_mib();
    let make_from = cpu_seconds();
    for group in 0..groups {
        std::hint::black_box(event_of(group));
    }
    let make_cpu_s = cpu_seconds() - make_from;
    let (first_cpu_s, first_mib) = round(&mut engine, groups, START_S, resident_from);
    let (second_cpu_s, second_mib) = round(&mut engine, groups, START_S + 60, resident_from);
    Ok(json!({
        "groups": engine.state_count(),
        "events": groups * 2,
        "cpu_s": first_cpu_s + second_cpu_s - 2.0 * make_cpu_s,
        "one_event_a_group_mib": first_mib,
        "two_events_a_group_mib": second_mib,
        "peak_mib": peak_mib(),
    }))
}

fn event_of(group: usize) -> Value {
    json!({ "EventID": 4625, "User": format!("user_{group:08}") })
}

fn round(engine: &mut CorrelationEngine, groups: usize, at_s: i64, resident_from: f64) -> (f64, f64) {
    let from = cpu_seconds();
    for group in 0..groups {
        let value = event_of(group);
        engine.process_event_at(&JsonEvent::borrow(&value), at_s);
    }
    (cpu_seconds() - from, resident_mib() - resident_from)
}
