//! How long until a page is there, and how much does it weigh?

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use crate::Failure;
use crate::web::{Connection, get};

/// What a page costs.
pub(crate) struct Visits {
    first_byte: Vec<Duration>,
    whole: Vec<Duration>,
    page_bytes: usize,
    /// Style, script and picture, which a browser fetches once.
    asset_bytes: usize,
}

impl fmt::Display for Visits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = |times: &[Duration], share: f64| {
            let k = (share * times.len().saturating_sub(1) as f64).round() as usize;
            times.get(k).map_or(f64::NAN, |time| time.as_secs_f64() * 1_000.0)
        };
        write!(
            f,
            "first byte p50 {:.1} ms, p99 {:.1} ms; whole page p50 {:.1} ms, p99 {:.1} ms; {} kB and {} kB of style and script",
            at(&self.first_byte, 0.5),
            at(&self.first_byte, 0.99),
            at(&self.whole, 0.5),
            at(&self.whole, 0.99),
            self.page_bytes.div_ceil(1_000),
            self.asset_bytes.div_ceil(1_000)
        )
    }
}

/// Fetches a page so many times, one after another.
pub(crate) async fn measure(
    address: SocketAddr,
    cookie: &str,
    path: &str,
    times: usize,
) -> Result<Visits, Failure> {
    let mut connection = Connection::open(address).await?;
    let request = get(path, cookie);
    let mut found =
        Visits { first_byte: Vec::new(), whole: Vec::new(), page_bytes: 0, asset_bytes: 0 };
    let mut page = String::new();
    for _ in 0..times {
        let answer = connection.call(&request).await?;
        if answer.status != 200 {
            return Err(format!("{path}: {}", answer.status).into());
        }
        found.first_byte.push(answer.first_byte);
        found.whole.push(answer.whole);
        found.page_bytes = answer.body.len();
        page = String::from_utf8(answer.body)?;
    }
    for asset in assets(&page) {
        found.asset_bytes += connection.call(&get(&asset, cookie)).await?.body.len();
    }
    found.first_byte.sort_unstable();
    found.whole.sort_unstable();
    Ok(found)
}

/// The addresses of style, script and picture in the head of a page.
fn assets(page: &str) -> Vec<String> {
    let mut found: Vec<String> = page
        .split('"')
        .filter(|word| word.starts_with("/desk/") && word.contains('.'))
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}
