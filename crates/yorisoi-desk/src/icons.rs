//! Which small drawing stands beside a place's name? Decoration only: the name says it all.

use maud::{Markup, PreEscaped, html};

/// A place of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    /// A sun over a line.
    Today,
    /// People.
    Clients,
    /// An open door.
    LetGo,
    /// A hand with a gift.
    HandOn,
    /// Two paths that pass each other.
    Mismatch,
    /// A scale.
    Proof,
    /// Sliders.
    Policy,
    /// A shield.
    Privacy,
    /// A magnifier over bars.
    Study,
}

impl Icon {
    fn paths(self) -> &'static str {
        match self {
            Self::Today => {
                r#"<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4"/>"#
            }
            Self::Clients => {
                r#"<circle cx="9" cy="8" r="3.2"/><path d="M3 20c.5-4 3-6 6-6s5.500 2 6 6M16 5.200a3 3 0 0 1 0 5.600M17.500 14.500c2 .8 3.200 2.700 3.500 5.500"/>"#
            }
            Self::LetGo => r#"<path d="M5 21V4h9v17M3 21h18M14 6l5 2v13M11 12v1"/>"#,
            Self::HandOn => {
                r#"<path d="M3 17h4l4 2h5l5-4a1.500 1.500 0 0 0-2-2l-4 2M7 17v-4c2-1 4-1 5 0h3a1.500 1.500 0 0 1 0 3h-3"/><path d="M12 9V4M9 4h6v5H9zM9 6.500h6"/>"#
            }
            Self::Mismatch => r#"<path d="M4 8h13l-3-3M20 16H7l3 3"/>"#,
            Self::Proof => {
                r#"<path d="M12 4v16M7 20h10M5 7h14M5 7l-2.500 6h5zM19 7l-2.500 6h5z"/>"#
            }
            Self::Policy => {
                r#"<path d="M5 4v16M12 4v16M19 4v16"/><circle cx="5" cy="14" r="2"/><circle cx="12" cy="8" r="2"/><circle cx="19" cy="16" r="2"/>"#
            }
            Self::Privacy => {
                r#"<path d="M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6z"/><path d="M9 12l2 2 4-4"/>"#
            }
            Self::Study => {
                r#"<path d="M4 20V10M9 20V6M14 20v-5"/><circle cx="16.500" cy="9.500" r="4"/><path d="M19.500 12.500 22 15"/>"#
            }
        }
    }

    /// The drawing.
    pub(crate) fn markup(self) -> Markup {
        html! {
            svg viewBox="0 0 24 24" aria-hidden="true" focusable="false" { (PreEscaped(self.paths())) }
        }
    }
}
