//! What does the whole page promise, whatever the study found?

mod fixtures;

use std::collections::HashSet;

use roxmltree::{Document, Node, ParsingOptions};
use yorisoi::summary::Summary;
use yorisoi_report::{ReportError, render};

/// Bytes of a page, as promised.
const MOST_BYTES: usize = 2_000_000;

fn all() -> Vec<(&'static str, Summary)> {
    vec![
        ("hillstrom", fixtures::hillstrom()),
        ("people", fixtures::without_prices()),
        ("not proven", fixtures::not_proven()),
        ("unknowable", fixtures::unknowable()),
        ("hostile", fixtures::hostile()),
        ("huge", fixtures::huge()),
        ("bare", fixtures::bare()),
        ("less is better", fixtures::less_is_better()),
        ("amount", fixtures::amount()),
    ]
}

fn page(summary: &Summary) -> String {
    render(summary).expect("a fixture renders")
}

/// Parses the page as XML, which is stricter than any browser.
fn parse(page: &str) -> Document<'_> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(page, options).expect("the page is well-formed")
}

fn is(node: &Node<'_, '_>, name: &str) -> bool {
    node.tag_name().name() == name
}

fn within(node: &Node<'_, '_>, test: impl Fn(&Node<'_, '_>) -> bool) -> bool {
    node.ancestors().any(|ancestor| test(&ancestor))
}

#[test]
fn every_page_is_well_formed_and_keeps_its_size() {
    for (name, summary) in all() {
        let page = page(&summary);
        parse(&page);
        assert!(page.len() < MOST_BYTES, "{name}: {} bytes", page.len());
    }
}

#[test]
fn the_same_summary_gives_the_same_bytes() {
    assert_eq!(page(&fixtures::hillstrom()), page(&fixtures::hillstrom()));
}

#[test]
fn a_summary_that_went_through_json_gives_the_same_page() {
    for (name, summary) in all() {
        let json = serde_json::to_string(&summary).expect("a summary is JSON");
        let back: Summary = serde_json::from_str(&json).expect("what was written can be read");
        assert!(page(&back) == page(&summary), "{name}: the page has changed");
        assert!(
            serde_json::to_string(&back).expect("again") == json,
            "{name}: the JSON has changed"
        );
    }
}

#[test]
fn an_amount_is_told_as_one_unit_more_and_not_as_groups() {
    let page = page(&fixtures::amount());
    assert!(page.contains("What one unit more means here") && page.contains("1単位増やす"));
    assert!(page.contains("correlation with the amount"));
    assert!(!page.contains("Can the arms be compared?"));
    assert!(page.contains("too few people alike got so much"));
}

#[test]
fn a_number_that_nobody_knows_is_called_unknown() {
    let page = page(&fixtures::bare());
    assert!(page.contains("unknown") && page.contains("不明"));
    for wrong in ["NaN", "inf ", ">inf<", "null"] {
        assert!(!page.contains(wrong), "the page says `{wrong}`");
    }
}

#[test]
fn where_less_is_better_the_page_says_so_and_counts_reductions() {
    let page = page(&fixtures::less_is_better());
    for expected in [
        "Less of “cancelled” is better",
        "「cancelled」は小さいほど良い結果です",
        "reduction in cancelled, percentage points",
        "cancelledの減少（ポイント）",
        "which is what is wanted",
        "cancelledを減らす効果があります",
    ] {
        assert!(page.contains(expected), "`{expected}` is missing");
    }
    for wrong in ["change in cancelled", "cancelledの増加分", "raises cancelled:"] {
        assert!(!page.contains(wrong), "the page says `{wrong}`");
    }
}

#[test]
fn nothing_is_fetched_from_anywhere() {
    for (name, summary) in all() {
        let page = page(&summary);
        let document = parse(&page);
        for node in document.descendants().filter(Node::is_element) {
            let forbidden = [
                "link", "img", "iframe", "object", "embed", "image", "use", "video", "audio",
                "base",
            ];
            assert!(!forbidden.contains(&node.tag_name().name()), "{name}: {node:?}");
            for attribute in node.attributes() {
                let (key, value) = (attribute.name(), attribute.value());
                assert!(!key.starts_with("on"), "{name}: handler {key}");
                assert!(
                    !matches!(key, "src" | "srcset" | "action" | "formaction" | "data" | "poster"),
                    "{name}: {key}"
                );
                if key == "href" {
                    assert!(value.starts_with('#'), "{name}: leads to {value}");
                }
            }
            if is(&node, "style") || is(&node, "script") {
                let text = node.text().unwrap_or_default();
                for outside in
                    ["//", "@import", "fetch(", "XMLHttpRequest", "sendBeacon", "import("]
                {
                    assert!(!text.contains(outside), "{name}: {outside}");
                }
            }
        }
        assert!(page.contains("default-src 'none'"), "{name}: no policy");
    }
}

#[test]
fn every_reference_leads_to_an_element_and_no_id_stands_twice() {
    for (name, summary) in all() {
        let page = page(&summary);
        let document = parse(&page);
        let mut ids = HashSet::new();
        for id in document.descendants().filter_map(|node| node.attribute("id")) {
            assert!(ids.insert(id), "{name}: `{id}` stands twice");
        }
        let keys = ["aria-labelledby", "aria-describedby", "for", "href"];
        for node in document.descendants() {
            for key in keys {
                let targets = node.attribute(key).unwrap_or_default().split_whitespace();
                for target in targets.map(|target| target.trim_start_matches('#')) {
                    assert!(ids.contains(target), "{name}: `{target}` of {key} is missing");
                }
            }
        }
        let patterns = page.split("url(#").skip(1).filter_map(|rest| rest.split(')').next());
        for pattern in patterns {
            assert!(ids.contains(pattern), "{name}: pattern `{pattern}` is missing");
        }
    }
}

#[test]
fn all_visible_words_stand_in_both_languages() {
    for (name, summary) in all() {
        let page = page(&summary);
        let document = parse(&page);
        let body = document.descendants().find(|node| is(node, "body")).expect("a body");
        for node in body.descendants().filter(Node::is_text) {
            let text = node.text().unwrap_or_default();
            let is_code = within(&node, |node| is(node, "script") || is(node, "style"));
            if is_code || !text.chars().any(char::is_alphabetic) {
                continue;
            }
            let is_said = within(&node, |node| {
                matches!(node.attribute("lang"), Some("en" | "ja")) && !is(node, "html")
            });
            let is_name = within(&node, |node| node.attribute("translate") == Some("no"));
            assert!(is_said || is_name, "{name}: `{text}` has one language only");
        }
    }
}

#[test]
fn each_language_has_its_counterpart_beside_it() {
    for (name, summary) in all() {
        let page = page(&summary);
        let document = parse(&page);
        let root = document
            .descendants()
            .find(|node| node.attribute("class") == Some("page"))
            .expect("a page");
        for english in root.descendants().filter(|node| node.attribute("lang") == Some("en")) {
            let next = english.next_sibling_element().unwrap_or(english);
            assert_eq!(next.attribute("lang"), Some("ja"), "{name}: after {:?}", english.text());
            assert_eq!(next.tag_name(), english.tag_name(), "{name}");
            assert!(next.text().is_some(), "{name}: nothing in Japanese for {:?}", english.text());
        }
        let count =
            |lang| root.descendants().filter(|node| node.attribute("lang") == Some(lang)).count();
        assert_eq!(count("en"), count("ja"), "{name}");
    }
}

#[test]
fn no_number_that_is_none_reaches_the_page() {
    for (name, summary) in all() {
        let page = page(&summary);
        let document = parse(&page);
        for svg in document.descendants().filter(|node| is(node, "svg")) {
            for node in svg.descendants() {
                for attribute in node.attributes().filter(|attribute| attribute.name() != "class") {
                    for none in ["NaN", "inf", "Inf"] {
                        assert!(!attribute.value().contains(none), "{name}: {attribute:?}");
                    }
                }
            }
        }
        for node in document.descendants().filter(Node::is_text) {
            let text = node.text().unwrap_or_default();
            let is_number = |word: &str| {
                matches!(word.trim_matches(|c: char| !c.is_alphanumeric()), "NaN" | "inf")
            };
            assert!(!text.split_whitespace().any(is_number), "{name}: {text}");
        }
    }
}

#[test]
fn every_picture_has_a_name_a_description_and_its_numbers() {
    for (name, summary) in all() {
        let page = page(&summary);
        let document = parse(&page);
        let images = document.descendants().filter(|node| node.attribute("role") == Some("img"));
        for image in images {
            for key in ["aria-labelledby", "aria-describedby", "viewBox"] {
                assert!(image.has_attribute(key), "{name}: no {key}");
            }
            for child in ["title", "desc"] {
                assert_eq!(
                    image.children().filter(|node| is(node, child)).count(),
                    2,
                    "{name}: {child}"
                );
            }
            let figure = image.ancestors().find(|node| is(node, "figure")).expect("a figure");
            assert!(figure.descendants().any(|node| is(&node, "table")), "{name}: no table");
        }
        let bare = document.descendants().filter(|node| {
            is(node, "svg")
                && node.attribute("role").is_none()
                && node.attribute("aria-hidden").is_none()
        });
        assert_eq!(bare.count(), 0, "{name}: a picture that a screen reader cannot name");
    }
}

#[test]
fn headings_descend_one_step_at_a_time() {
    for (name, summary) in all() {
        let page = page(&summary);
        let document = parse(&page);
        let levels: Vec<u32> = document
            .descendants()
            .filter_map(|node| {
                node.tag_name().name().strip_prefix('h').and_then(|level| level.parse().ok())
            })
            .collect();
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{name}");
        assert_eq!(levels[0], 1, "{name}");
        for pair in levels.windows(2) {
            assert!(pair[1] <= pair[0] + 1, "{name}: h{} after h{}", pair[1], pair[0]);
        }
    }
}

#[test]
fn hostile_names_stay_text() {
    let page = page(&fixtures::hostile());
    let document = parse(&page);
    let scripts: Vec<_> = document.descendants().filter(|node| is(node, "script")).collect();
    assert_eq!(scripts.len(), 1, "only the language switch may run");
    assert!(!scripts[0].text().unwrap_or_default().contains("alert"));
    assert!(page.contains("&lt;script&gt;"), "the name itself is shown");
    for mark in ['\u{202E}', '\u{0}', '\u{7}'] {
        assert!(!page.contains(mark), "{mark:?} reached the page");
    }
    assert!(!page.contains(&"x".repeat(300)), "a name of 10,000 letters was not cut");
}

#[test]
fn the_answer_comes_before_the_plan_and_the_plan_before_the_proof() {
    let page = page(&fixtures::hillstrom());
    let ids = [
        "verdict",
        "plan",
        "average",
        "people",
        "ranking",
        "sizes",
        "spread",
        "budget",
        "rivals",
        "arms",
        "projection",
        "method",
        "data",
    ];
    let places: Vec<usize> = ids
        .iter()
        .map(|id| page.find(&format!(" id=\"{id}\"")).unwrap_or_else(|| panic!("no section {id}")))
        .collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn an_unknowable_study_says_kindly_what_is_missing_and_offers_nothing() {
    let page = page(&fixtures::unknowable());
    assert!(page.contains("Cannot be known from these data"));
    assert!(page.contains("This is not a failure of the people who did the work"));
    assert!(page.contains("What this report leaves out, and why"));
    assert!(page.contains("For now we would offer nothing to anyone."));
    for id in ["ranking", "sizes", "spread", "budget"] {
        assert!(!page.contains(&format!(" id=\"{id}\"")), "an empty section {id}");
    }
}

#[test]
fn a_plan_without_prices_speaks_of_people_not_of_money() {
    let page = page(&fixtures::without_prices());
    assert!(page.contains("What each further offer brings"));
    for money in ["money spent", "Cost a person", ">spent<"] {
        assert!(!page.contains(money), "{money}");
    }
}

#[test]
fn proven_harm_is_not_called_unproven() {
    let mut summary = fixtures::not_proven();
    summary.verdict.code = "proven.harm".to_owned();
    let page = page(&summary);
    assert!(page.contains("Harm is proven"));
    assert!(!page.contains("This does not mean that help does nothing."));
}

#[test]
fn a_summary_of_another_format_is_refused() {
    let mut summary = fixtures::hillstrom();
    summary.format = 2;
    let error = render(&summary).expect_err("format 2 is unknown");
    assert_eq!(error, ReportError::Format { actual: 2, expected: 1 });
    assert!(error.to_string().contains("run the study again"));
}

#[test]
fn a_page_without_any_finding_still_stands() {
    let mut summary = fixtures::unknowable();
    summary.arms.clear();
    summary.balance.clear();
    summary.overlap.clear();
    summary.data.features.clear();
    summary.data.dropped.clear();
    summary.timings.clear();
    summary.plan.held_back.clear();
    summary.settings = serde_json::Value::Null;
    summary.verdict.decided_by = None;
    summary.verdict.decided_by_name = None;
    parse(&page(&summary));
}
