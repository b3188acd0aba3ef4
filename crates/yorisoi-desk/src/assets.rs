//! What does a page load? One style sheet, one script, one icon, all inside the binary.
//!
//! The name of each holds its hash, so a browser may keep it for ever and never keeps an old one.

use std::sync::LazyLock;

/// A file that pages load.
pub(crate) struct Asset {
    stem: &'static str,
    ending: &'static str,
    /// Its media type.
    pub(crate) media_type: &'static str,
    /// Its bytes.
    pub(crate) body: &'static str,
}

impl Asset {
    /// The name with its hash: `desk-1a2b3c4d.css`.
    fn name(&self) -> String {
        let hash = blake3::hash(self.body.as_bytes()).to_hex();
        format!("{}-{}.{}", self.stem, &hash[..8], self.ending)
    }
}

const STYLE: Asset = Asset {
    stem: "desk",
    ending: "css",
    media_type: "text/css; charset=utf-8",
    body: include_str!("../assets/desk.css"),
};
const SCRIPT: Asset = Asset {
    stem: "desk",
    ending: "js",
    media_type: "text/javascript; charset=utf-8",
    body: include_str!("../assets/desk.js"),
};
const ICON: Asset = Asset {
    stem: "icon",
    ending: "svg",
    media_type: "image/svg+xml",
    body: include_str!("../assets/icon.svg"),
};

/// The fill patterns that pictures use.
pub(crate) const PATTERNS: &str = include_str!("../../yorisoi-report/src/chart/patterns.svg");

static NAMES: LazyLock<[(String, Asset); 3]> =
    LazyLock::new(|| [STYLE, SCRIPT, ICON].map(|asset| (asset.name(), asset)));

/// The name of the style sheet.
pub(crate) fn style() -> &'static str {
    &NAMES[0].0
}

/// The name of the script.
pub(crate) fn script() -> &'static str {
    &NAMES[1].0
}

/// The name of the icon of a browser's tab.
pub(crate) fn icon() -> &'static str {
    &NAMES[2].0
}

/// The asset of that name.
pub(crate) fn find(name: &str) -> Option<&'static Asset> {
    NAMES.iter().find(|(known, _)| known == name).map(|(_, asset)| asset)
}
