//! How is the service doing? Counters and latencies in Prometheus' text format.
//!
//! Labels are names of routes, statuses and states: nothing that names a person or a caller.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper ends of the latency buckets, in seconds. The promise is 5 ms at the median and 25 ms at the
/// 99th percentile, so buckets are finest around these.
const BUCKETS_S: [f64; 13] =
    [0.0005, 0.001, 0.002, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Everything that is counted.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    routes: Mutex<BTreeMap<Series, Latency>>,
    in_flight: AtomicI64,
    webhooks: Mutex<BTreeMap<&'static str, u64>>,
    swept: AtomicU64,
    sweep_failures: AtomicU64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Series {
    route: &'static str,
    status: u16,
}

#[derive(Debug, Clone, Default)]
struct Latency {
    buckets: [u64; BUCKETS_S.len()],
    count: u64,
    sum_s: f64,
}

/// A request that is being answered; dropped when it is.
pub(crate) struct InFlight<'a>(&'a Metrics);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    /// Counts a request as being answered, as long as the result lives.
    pub(crate) fn enter(&self) -> InFlight<'_> {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        InFlight(self)
    }

    /// Counts an answer.
    pub(crate) fn answered(&self, route: &'static str, status: u16, took: Duration) {
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let latency = routes.entry(Series { route, status }).or_default();
        let seconds = took.as_secs_f64();
        if let Some(bucket) = BUCKETS_S.iter().position(|end| seconds <= *end) {
            latency.buckets[bucket] += 1;
        }
        latency.count += 1;
        latency.sum_s += seconds;
    }

    /// Counts a webhook by what became of it: `delivered`, `failed`, `refused`, `given_up`.
    pub(crate) fn webhook(&self, became: &'static str) {
        let mut webhooks = self.webhooks.lock().unwrap_or_else(PoisonError::into_inner);
        *webhooks.entry(became).or_default() += 1;
    }

    /// Counts what a sweep ended.
    pub(crate) fn swept(&self, ended: u64) {
        self.swept.fetch_add(ended, Ordering::Relaxed);
    }

    /// Counts a sweep that failed.
    pub(crate) fn sweep_failed(&self) {
        self.sweep_failures.fetch_add(1, Ordering::Relaxed);
    }

    /// Everything as text, for Prometheus to read. `state` is the ledger's.
    pub(crate) fn text(&self, state: &str) -> String {
        let mut out = String::with_capacity(4_096);
        self.write_routes(&mut out);
        head(&mut out, "yorisoi_requests_in_flight", "gauge", "Requests being answered.");
        let in_flight = self.in_flight.load(Ordering::Relaxed);
        line(&mut out, format_args!("yorisoi_requests_in_flight {in_flight}"));
        head(&mut out, "yorisoi_ledger_state", "gauge", "1 for the state the ledger is in.");
        for name in ["ready", "starting", "read_only", "slow", "damaged", "unavailable"] {
            let is = u8::from(name == state);
            line(&mut out, format_args!("yorisoi_ledger_state{{state=\"{name}\"}} {is}"));
        }
        head(&mut out, "yorisoi_webhooks_total", "counter", "Webhooks by what became of them.");
        for (became, count) in self.webhooks.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            line(&mut out, format_args!("yorisoi_webhooks_total{{became=\"{became}\"}} {count}"));
        }
        head(&mut out, "yorisoi_swept_total", "counter", "Reservations and hand-ons expired.");
        let swept = self.swept.load(Ordering::Relaxed);
        line(&mut out, format_args!("yorisoi_swept_total {swept}"));
        head(&mut out, "yorisoi_sweep_failures_total", "counter", "Sweeps that failed.");
        let failures = self.sweep_failures.load(Ordering::Relaxed);
        line(&mut out, format_args!("yorisoi_sweep_failures_total {failures}"));
        out
    }

    fn write_routes(&self, out: &mut String) {
        const NAME: &str = "yorisoi_request_seconds";
        head(out, NAME, "histogram", "Time to answer, by operation and status.");
        for (Series { route, status }, latency) in
            self.routes.lock().unwrap_or_else(PoisonError::into_inner).iter()
        {
            let labels = format!("operation=\"{route}\",status=\"{status}\"");
            let mut below = 0;
            for (end, count) in BUCKETS_S.iter().zip(latency.buckets) {
                below += count;
                line(out, format_args!("{NAME}_bucket{{{labels},le=\"{end}\"}} {below}"));
            }
            let Latency { count, sum_s, .. } = latency;
            line(out, format_args!("{NAME}_bucket{{{labels},le=\"+Inf\"}} {count}"));
            line(out, format_args!("{NAME}_sum{{{labels}}} {sum_s}"));
            line(out, format_args!("{NAME}_count{{{labels}}} {count}"));
        }
    }
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    line(out, format_args!("# HELP {name} {help}"));
    line(out, format_args!("# TYPE {name} {kind}"));
}

/// Appends a line. Writing into a string cannot fail.
fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = writeln!(out, "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_cumulative_and_end_in_the_count() {
        let metrics = Metrics::default();
        for millis in [1, 4, 4, 9_000] {
            metrics.answered("decide", 200, Duration::from_millis(millis));
        }
        let text = metrics.text("ready");
        let labels = "operation=\"decide\",status=\"200\"";
        let bucket = |le| format!("yorisoi_request_seconds_bucket{{{labels},le=\"{le}\"}}");
        assert!(text.contains(&format!("{} 1\n", bucket("0.001"))), "{text}");
        assert!(text.contains(&format!("{} 3\n", bucket("0.005"))), "{text}");
        assert!(text.contains(&format!("{} 3\n", bucket("5"))), "{text}");
        assert!(text.contains(&format!("{} 4\n", bucket("+Inf"))), "{text}");
        assert!(text.contains(&format!("yorisoi_request_seconds_count{{{labels}}} 4\n")));
    }

    #[test]
    fn requests_in_flight_come_and_go() {
        let metrics = Metrics::default();
        let first = metrics.enter();
        assert!(metrics.text("ready").contains("yorisoi_requests_in_flight 1\n"));
        drop(first);
        assert!(metrics.text("ready").contains("yorisoi_requests_in_flight 0\n"));
        assert!(metrics.text("read_only").contains("{state=\"read_only\"} 1"));
    }
}
