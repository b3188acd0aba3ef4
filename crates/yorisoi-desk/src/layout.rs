//! What surrounds every page: the bar above, the places at the side, the foot.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use yorisoi_app::Right;

use crate::context::Context;
use crate::icons::Icon;
use crate::lang::Text;
use crate::words::frame as words;

/// A place that the side leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) path: &'static str,
    pub(crate) name: &'static Text,
    pub(crate) icon: Icon,
    /// The letter that leads there after `g`.
    pub(crate) key: Option<&'static str>,
    /// Whoever has it finds the place at the side.
    pub(crate) right: Right,
}

/// Every place, in the order of a working day.
pub(crate) const PLACES: &[Place] = &[
    Place {
        path: "/today",
        name: &words::TODAY,
        icon: Icon::Today,
        key: Some("t"),
        right: Right::SeeWork,
    },
    Place {
        path: "/clients",
        name: &words::CLIENTS,
        icon: Icon::Clients,
        key: Some("c"),
        right: Right::ReadPeople,
    },
    Place {
        path: "/exits",
        name: &words::EXITS,
        icon: Icon::LetGo,
        key: Some("e"),
        right: Right::SeeWork,
    },
    Place {
        path: "/hand-on",
        name: &words::HAND_ON,
        icon: Icon::HandOn,
        key: Some("h"),
        right: Right::SeeWork,
    },
    Place {
        path: "/landings",
        name: &words::LANDINGS,
        icon: Icon::Mismatch,
        key: Some("l"),
        right: Right::ReadProof,
    },
    Place {
        path: "/proof",
        name: &words::PROOF,
        icon: Icon::Proof,
        key: Some("p"),
        right: Right::ReadProof,
    },
    Place {
        path: "/studies",
        name: &words::STUDIES,
        icon: Icon::Study,
        key: None,
        right: Right::KeepModels,
    },
    Place {
        path: "/policy",
        name: &words::POLICY,
        icon: Icon::Policy,
        key: None,
        right: Right::ReadPolicy,
    },
    Place {
        path: "/privacy",
        name: &words::PRIVACY,
        icon: Icon::Privacy,
        key: None,
        right: Right::ReadAudit,
    },
];

/// A whole page.
pub(crate) struct Page<'a> {
    /// Its title.
    pub(crate) title: &'a str,
    /// What it shows.
    pub(crate) main: Markup,
    /// Where the page renews itself from, when something happens.
    pub(crate) live: Option<&'a str>,
}

/// Returns the page inside the desk's frame.
pub(crate) fn framed(cx: &Context, page: &Page<'_>) -> String {
    document(
        cx,
        page.title,
        &html! {
            a.skip href="#main" { (cx.t(&words::SKIP)) }
            (bar(cx))
            div.frame {
                (places(cx))
                div {
                    main #main tabindex="-1" data-live=[page.live] data-seen=(cx.seen) {
                        (flash(cx))
                        (page.main)
                    }
                    (foot(cx))
                }
            }
            (finder(cx))
        },
    )
}

/// Returns a page without frame: signing in, a receipt to print.
pub(crate) fn bare(cx: &Context, title: &str, main: &Markup) -> String {
    document(
        cx,
        title,
        &html! {
            a.skip href="#main" { (cx.t(&words::SKIP)) }
            main #main tabindex="-1" { (flash(cx)) (main) }
        },
    )
}

fn document(cx: &Context, title: &str, body: &Markup) -> String {
    html! {
        (DOCTYPE)
        html lang=(cx.lang.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) " – Yorisoi" }
                link rel="icon" href={ "/desk/" (crate::assets::icon()) } type="image/svg+xml";
                link rel="stylesheet" href={ "/desk/" (crate::assets::style()) };
                script defer src={ "/desk/" (crate::assets::script()) } {}
            }
            body { (PreEscaped(crate::assets::PATTERNS)) (body) }
        }
    }
    .into_string()
}

fn bar(cx: &Context) -> Markup {
    html! {
        header.bar {
            a.brand href="/" translate="no" { "Yorisoi" span lang="ja" { "寄り添い" } }
            @if cx.may(Right::ReadPeople) {
                search.find {
                    form action="/clients" method="get" role="search" {
                        label.hidden-visually for="find" { (cx.t(&words::FIND)) }
                        input #find type="search" name="q" autocomplete="off" maxlength="200"
                            placeholder=(cx.t(&words::FIND)) data-find;
                        kbd aria-hidden="true" { "⌘K" }
                    }
                }
            }
            div.me {
                span.who { bdi { (cx.name()) } " · " (cx.t(&words::role(cx.caller.role))) }
                form.inline method="post" action="/language" {
                    input type="hidden" name="lang" value=(cx.lang.other().code());
                    input type="hidden" name="back" value=(cx.path);
                    button.quiet lang=(cx.lang.other().code()) { (words::LANGUAGE.in_lang(cx.lang.other())) }
                }
                form.inline method="post" action="/sign-out" {
                    (cx.csrf())
                    button.quiet { (cx.t(&words::SIGN_OUT)) }
                }
            }
        }
    }
}

fn places(cx: &Context) -> Markup {
    html! {
        nav.places aria-label=(cx.t(&words::PLACES)) {
            ul {
                @for place in PLACES.iter().filter(|place| cx.may(place.right)) {
                    li {
                        a href=(place.path) aria-current=[cx.is_at(place.path).then_some("page")] data-go=[place.key] {
                            (place.icon.markup()) span { (cx.t(place.name)) }
                        }
                    }
                }
            }
        }
    }
}

fn flash(cx: &Context) -> Markup {
    html! {
        @if let Some((tone, text)) = &cx.flash {
            div.note.flash.(*tone) role=(if *tone == "harm" { "alert" } else { "status" }) data-said { p { (text) } }
        }
    }
}

fn foot(cx: &Context) -> Markup {
    html! {
        footer {
            p { (cx.t(&words::FOOT)) " " a href="/tour" { (cx.t(&words::TOUR)) } " · "
                a href="/design" { (cx.t(&words::DESIGN)) } }
            p { (PreEscaped(cx.t(&words::KEYS))) }
        }
    }
}

/// The dialog that ⌘K opens; without a script the field in the bar does the same.
fn finder(cx: &Context) -> Markup {
    html! {
        @if cx.may(Right::ReadPeople) {
            dialog #finder aria-label=(cx.t(&words::FIND)) {
                form action="/clients" method="get" role="search" {
                    label for="finder-q" { (cx.t(&words::FIND)) }
                    input #finder-q type="search" name="q" autocomplete="off" maxlength="200";
                }
                ul.found #found aria-live="polite" {}
                p.small.soft { (cx.t(&words::FIND_HINT)) }
            }
        }
    }
}
