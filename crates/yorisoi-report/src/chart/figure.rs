//! How does a picture stand on the page: with its name, its explanation and its numbers?

use maud::{Markup, Render, html};

use super::Svg;
use crate::text::{Name, Text};
use crate::words;

/// A table of numbers. The first column of every row names it.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// What each column holds.
    pub(crate) head: Vec<Text>,
    /// Cells, row by row.
    pub(crate) rows: Vec<Vec<Markup>>,
}

impl Table {
    /// An empty table with these columns.
    pub(crate) fn new(head: Vec<Text>) -> Self {
        Self { head, rows: Vec::new() }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: &[&dyn Render]) {
        self.rows.push(cells.iter().map(Render::render).collect());
    }
}

impl Render for Table {
    fn render(&self) -> Markup {
        html! {
            div.scroll tabindex="0" {
                table {
                    thead { tr { @for head in &self.head { th scope="col" { (head) } } } }
                    tbody {
                        @for row in &self.rows {
                            tr {
                                @for (i, cell) in row.iter().enumerate() {
                                    @if i == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A picture on the page.
#[derive(Debug)]
pub(crate) struct Figure {
    /// What kind of picture it is, and its number among those; together unique on the page.
    pub(crate) id: (&'static str, usize),
    /// Its name.
    pub(crate) title: Text,
    /// The arm it is about, if it is about one.
    pub(crate) arm: Option<Name>,
    /// How to read it.
    pub(crate) note: Text,
    /// The drawing.
    pub(crate) drawing: Svg,
    /// The numbers behind it.
    pub(crate) table: Table,
}

impl Figure {
    /// Returns the figure's markup. How to read it is said once, beside the first of its kind; the
    /// others refer to that.
    pub(crate) fn markup(self) -> Markup {
        let (kind, i) = self.id;
        let id = format!("fig-{kind}-{i}");
        let (title_id, note_id) = (format!("{id}-title"), format!("fig-{kind}-0-note"));
        let full_title = match &self.arm {
            Some(arm) => words::page::of_arm(&self.title, &arm.inline()),
            None => self.title.clone(),
        };
        html! {
            figure id=(id) {
                figcaption id=(title_id) {
                    (self.title)
                    @if let Some(arm) = &self.arm { span.under { (arm) } }
                }
                (self.drawing.image((&title_id, &full_title), (&note_id, &self.note)))
                div.beside {
                    @if i == 0 { p.note id=(note_id) { (self.note) } }
                    details { summary { (words::page::NUMBERS) } (self.table) }
                }
            }
        }
    }
}
