//! How do many things stand side by side, on a desk and on a phone? The one table of the desk.
//!
//! Where there is no room for columns, each row becomes a card: its first cell is the card's name, and each other
//! cell stands on a line of its own behind its column's name. Style sheets that lay a table out anew take away
//! what it is for those who hear it, so that every part says its role.

use maud::{Markup, html};

use crate::context::Context;
use crate::lang::Text;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Words, names, tags.
    Words,
    /// A number, set to the right.
    Number,
    /// A button, whose column has a name only for those who hear it.
    Button,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column<'a> {
    name: &'a Text,
    holds: Holds,
}

impl<'a> Column<'a> {
    /// A column of words.
    pub(crate) fn words(name: &'a Text) -> Self {
        Self { name, holds: Holds::Words }
    }

    /// A column of numbers.
    pub(crate) fn number(name: &'a Text) -> Self {
        Self { name, holds: Holds::Number }
    }

    /// A column of buttons.
    pub(crate) fn button(name: &'a Text) -> Self {
        Self { name, holds: Holds::Button }
    }
}

/// What stands in one row and one column.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    tone: &'static str,
    inside: Markup,
}

impl Cell {
    /// A cell with a colour: `hot`, `warm` or `good`.
    pub(crate) fn toned(tone: &'static str, inside: Markup) -> Self {
        Self { tone, inside }
    }
}

impl From<Markup> for Cell {
    fn from(inside: Markup) -> Self {
        Self { tone: "", inside }
    }
}

/// A row: the first cell names it.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// What `j` and `k` stop at, if they do.
    pub(crate) item: Option<String>,
    /// One cell a column.
    pub(crate) cells: Vec<Cell>,
}

impl From<Vec<Markup>> for Line {
    fn from(cells: Vec<Markup>) -> Self {
        Self { item: None, cells: cells.into_iter().map(Cell::from).collect() }
    }
}

/// How a table looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Rows become cards on a phone.
    Stacks,
    /// The same, with counts in the middle of their columns, two in a line of a card.
    Matrix,
    /// Two or three short columns, which stay beside one another everywhere.
    Stays,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Self::Stacks => "stacks",
            Self::Matrix => "stacks matrix",
            Self::Stays => "stays",
        }
    }
}

/// A table with the name that those who hear it are told.
pub(crate) fn table(
    cx: &Context,
    name: &Text,
    look: Look,
    (columns, lines): (&[Column<'_>], &[Line]),
) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(cx.t(name)) {
            table.(look.class()) role="table" aria-label=(cx.t(name)) {
                thead role="rowgroup" { tr role="row" {
                    @for column in columns { th.n[column.holds == Holds::Number] scope="col" role="columnheader" {
                        span.hidden-visually[column.holds == Holds::Button] { (cx.t(column.name)) }
                    } }
                } }
                tbody role="rowgroup" { @for line in lines {
                    tr role="row" data-item=[line.item.as_deref()] {
                        @for (i, (column, cell)) in columns.iter().zip(&line.cells).enumerate() {
                            (cell_of(cx, (i == 0, *column), cell))
                        }
                    }
                } }
            }
        }
    }
}

fn cell_of(cx: &Context, (is_first, column): (bool, Column<'_>), cell: &Cell) -> Markup {
    let is_number = column.holds == Holds::Number;
    // A button says itself what it does.
    let label = (column.holds != Holds::Button).then(|| cx.t(column.name));
    html! {
        @if is_first {
            th.n[is_number] scope="row" role="rowheader" data-label=[label.filter(|_| is_number)] { div { (cell.inside) } }
        } @else {
            td.n[is_number].(cell.tone) role="cell" data-label=[label] { div { (cell.inside) } }
        }
    }
}
