//! Loads a folder of rules, parses and matches every line of a lane, and counts.
//! The log source of each line is given in a file of its own, `category/service` with `None` for none;
//! the product is Windows throughout.

use std::collections::HashMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use rsigma_eval::event::JsonEvent;
use rsigma_eval::{Engine, EvaluationResult};
use rsigma_parser::{LogSource, SigmaRule, parse_sigma_directory};
use serde_json::{Value, json};

use crate::usage::{cpu_seconds, peak_mib};

/// Sigma's name for all four kinds of registry events.
const REGISTRY_EVENT: &str = "registry_event";
const REGISTRY_KINDS: [&str; 4] = [
    "registry_add",
    "registry_set",
    "registry_delete",
    "registry_rename",
];

/// What lines of one log source are matched with.
enum Route {
    /// One engine holds all rules and is told the log source of each event.
    Told(LogSource),
    /// An engine of its own, which holds only the rules for this log source.
    Own(Box<Engine>),
}

struct Matcher {
    all: Engine,
    routes: Vec<Route>,
    /// For each line its place in `routes`.
    route_of_line: Vec<usize>,
}

impl Matcher {
    fn evaluate(&self, line: usize, text: &str) -> Result<Vec<EvaluationResult>, serde_json::Error> {
        let value: Value = serde_json::from_str(text)?;
        let event = JsonEvent::borrow(&value);
        Ok(match &self.routes[self.route_of_line[line]] {
            Route::Told(source) => self.all.evaluate_with_logsource(&event, source),
            Route::Own(engine) => engine.evaluate(&event),
        })
    }
}

/// Options: rules, lane, logsources, repeat, threads, routing (`told` or `own`), hits (a file to write).
pub fn run(options: &HashMap<String, String>) -> Result<Value, Box<dyn Error>> {
    let option = |name: &str| options.get(name).ok_or(format!("--{name} is missing"));
    let text = std::fs::read_to_string(option("lane")?)?;
    let lines: Vec<&str> = text.lines().collect();
    let sources = std::fs::read_to_string(option("logsources")?)?;
    let repeat: usize = option("repeat")?.parse()?;
    let threads: usize = option("threads")?.parse()?;

    let load_from = cpu_seconds();
    let collection = parse_sigma_directory(Path::new(option("rules")?))?;
    let rules = with_registry_kinds(&collection.rules);
    let (matcher, rejected) = matcher(&rules, &sources, option("routing")? == "own");
    let load_cpu_s = cpu_seconds() - load_from;

    let (cpu_from, wall_from) = (cpu_seconds(), Instant::now());
    let hits = count(&matcher, &lines, repeat, threads)?;
    let (cpu_s, wall_s) = (cpu_seconds() - cpu_from, wall_from.elapsed().as_secs_f64());

    if let Some(path) = options.get("hits") {
        std::fs::write(path, hit_list(&matcher, &lines)?)?;
    }
    Ok(json!({
        "rules": collection.rules.len(),
        "rejected": collection.errors.len() + rejected,
        "load_cpu_s": load_cpu_s,
        "cpu_s": cpu_s,
        "wall_s": wall_s,
        "events": lines.len() * repeat,
        "hits": hits,
        "peak_mib": peak_mib(),
    }))
}

fn with_registry_kinds(rules: &[SigmaRule]) -> Vec<SigmaRule> {
    let mut all = Vec::with_capacity(rules.len());
    for rule in rules {
        if rule.logsource.category.as_deref() != Some(REGISTRY_EVENT) {
            all.push(rule.clone());
            continue;
        }
        for kind in REGISTRY_KINDS {
            let mut one = rule.clone();
            one.logsource.category = Some(kind.to_string());
            all.push(one);
        }
    }
    all
}

fn matcher(rules: &[SigmaRule], sources: &str, own: bool) -> (Matcher, usize) {
    let mut all = Engine::new();
    let mut rejected = 0;
    if !own {
        rejected = all.add_rules(rules).len();
    }
    let mut routes = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    let route_of_line = sources
        .lines()
        .map(|name| {
            *known.entry(name).or_insert_with(|| {
                let source = log_source(name);
                routes.push(if own {
                    let mut engine = Engine::new();
                    let fitting = rules.iter().filter(|rule| fits(&rule.logsource, &source));
                    rejected += engine.add_rules(fitting).len();
                    Route::Own(Box::new(engine))
                } else {
                    Route::Told(source)
                });
                routes.len() - 1
            })
        })
        .collect();
    let matcher = Matcher {
        all,
        routes,
        route_of_line,
    };
    (matcher, rejected)
}

fn log_source(name: &str) -> LogSource {
    let part = |text: &str| (text != "None").then(|| text.to_string());
    let (category, service) = name.split_once('/').unwrap_or((name, "None"));
    LogSource {
        category: part(category),
        product: Some("windows".to_string()),
        service: part(service),
        ..LogSource::default()
    }
}

fn fits(rule: &LogSource, event: &LogSource) -> bool {
    let fit = |asked: &Option<String>, is: &Option<String>| asked.is_none() || asked == is;
    fit(&rule.category, &event.category)
        && fit(&rule.product, &event.product)
        && fit(&rule.service, &event.service)
}

/// Each thread takes its own share of the lines, one after the other.
fn count(
    matcher: &Matcher,
    lines: &[&str],
    repeat: usize,
    threads: usize,
) -> Result<usize, Box<dyn Error>> {
    let share = |from: usize, to: usize| -> Result<usize, serde_json::Error> {
        let mut hits = 0;
        for _ in 0..repeat {
            for (line, text) in lines.iter().enumerate().take(to).skip(from) {
                hits += matcher.evaluate(line, text)?.len();
            }
        }
        Ok(hits)
    };
    if threads == 1 {
        return Ok(share(0, lines.len())?);
    }
    let share = &share;
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|index| {
                let bound = |at: usize| at * lines.len() / threads;
                scope.spawn(move || share(bound(index), bound(index + 1)))
            })
            .collect();
        let mut hits = 0;
        for thread in running {
            hits += thread.join().map_err(|_| "a thread broke")??;
        }
        Ok(hits)
    })
}

/// One line a hit: number of the event from 0, tab, id of the rule.
fn hit_list(matcher: &Matcher, lines: &[&str]) -> Result<String, Box<dyn Error>> {
    let mut list = String::new();
    for (line, text) in lines.iter().enumerate() {
        for hit in matcher.evaluate(line, text)? {
            let id = hit.header.rule_id.unwrap_or_default();
            writeln!(list, "{line}\t{id}")?;
        }
    }
    Ok(list)
}
