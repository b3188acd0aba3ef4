//! How does a picture come to be?
//!
//! A picture is SVG made here, without a plotting library: those at hand draw at fixed sizes and say
//! nothing to a screen reader. Every picture is drawn on a sheet [`WIDTH`] units wide, narrow enough
//! to be read on a phone and to stand two abreast on a desk. Meaning never rests on colour alone: a
//! [`Tone`] has a shape, a fill pattern and a colour.

mod bars;
mod curve;
mod figure;
mod frame;
mod histogram;
mod intervals;
mod love;
mod ranked;
mod scale;
mod scatter;
mod svg;

pub(crate) use bars::{Bar, LEANING_WIDTH, Part, bars, leaning_bar, stack};
pub(crate) use curve::{BandPoint, CurveSpec, Flag, curve};
pub(crate) use figure::{Figure, Table};
pub(crate) use frame::Axis;
pub(crate) use histogram::{histogram, mirrored};
pub(crate) use intervals::{GLYPH_WIDTH, IntervalRow, interval_glyph, intervals};
pub(crate) use love::{LARGE, LoveRow, love};
pub(crate) use ranked::ranked;
pub(crate) use scatter::{ScatterPoint, scatter};
pub(crate) use svg::{Svg, Tone, fit, patterns};

/// Width of every picture, in its own units.
pub(crate) const WIDTH: f64 = 380.0;
