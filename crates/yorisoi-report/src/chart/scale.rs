//! Where on the sheet does a number lie, and which numbers deserve a tick?

/// A linear map from numbers to places; numbers beyond the domain lie on its edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    domain: (f64, f64),
    range: (f64, f64),
}

impl Scale {
    /// A scale onto `range`.
    pub(crate) fn new(domain: Domain, range: (f64, f64)) -> Self {
        Self { domain: (domain.low, domain.high), range }
    }

    /// Returns the place of a number. A number that is not finite has none.
    pub(crate) fn at(&self, value: f64) -> f64 {
        if !value.is_finite() {
            return f64::NAN;
        }
        let (low, high) = self.domain;
        let share = (value.clamp(low, high) - low) / (high - low);
        self.range.0 + share * (self.range.1 - self.range.0)
    }
}

/// A finite interval of numbers with some width.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Domain {
    /// Lower end.
    pub(crate) low: f64,
    /// Upper end.
    pub(crate) high: f64,
}

impl Domain {
    /// The smallest domain with all finite numbers, widened where they are all alike.
    pub(crate) fn covering(values: impl IntoIterator<Item = f64>) -> Self {
        // Far outside what any study finds; a difference of two such numbers is still finite.
        const FARTHEST: f64 = 1e150;
        let finite = values.into_iter().filter(|value| value.is_finite());
        let ends = finite.fold(None, |ends: Option<(f64, f64)>, value| {
            let value = value.clamp(-FARTHEST, FARTHEST);
            let (low, high) = ends.unwrap_or((value, value));
            Some((low.min(value), high.max(value)))
        });
        let (low, high) = ends.unwrap_or((0.0, 1.0));
        let least = (low.abs().max(high.abs()) * 1e-9).max(f64::MIN_POSITIVE * 1e20);
        if high - low > least {
            return Self { low, high };
        }
        let half = if low.abs() > least { low.abs() * 0.5 } else { 1.0 };
        Self { low: low - half, high: high + half }
    }

    /// Adds a margin of this share of the width on both sides.
    pub(crate) fn padded(self, share: f64) -> Self {
        let margin = (self.high - self.low) * share;
        Self { low: self.low - margin, high: self.high + margin }
    }

    /// Returns round numbers inside the domain, about `about` of them.
    pub(crate) fn ticks(self, about: usize) -> Vec<f64> {
        let (digit, power) = self.step(about);
        let step = digit * 10.0_f64.powf(power);
        let first = (self.low / step - 1e-6).ceil();
        let last = (self.high / step + 1e-6).floor();
        if !first.is_finite() || !last.is_finite() || last - first > 50.0 {
            return Vec::new();
        }
        (0..=(last - first) as usize).map(|i| (first + i as f64) * step).collect()
    }

    /// Returns how many decimals the ticks need.
    pub(crate) fn tick_decimals(self, about: usize) -> usize {
        (-self.step(about).1).clamp(0.0, 9.0) as usize
    }

    /// The distance between ticks as 1, 2 or 5 and a power of ten.
    fn step(self, about: usize) -> (f64, f64) {
        // A hair less, so that a width of exactly ten steps is not pushed to the next one.
        let rough = (self.high - self.low) / about.max(1) as f64 * 0.999;
        let power = rough.log10().floor();
        let digits = rough / 10.0_f64.powf(power);
        match [1.0, 2.0, 5.0].into_iter().find(|digit| *digit >= digits) {
            Some(digit) => (digit, power),
            None => (1.0, power + 1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_numbers_inside_the_domain() {
        let ticks = Domain { low: -0.03, high: 0.11 }.ticks(5);
        let written: Vec<String> = ticks.iter().map(|tick| format!("{tick:.2}")).collect();
        assert_eq!(written, ["0.00", "0.05", "0.10"]);
        let decimals = Domain { low: -0.03, high: 0.11 }.tick_decimals(5);
        assert_eq!(decimals, 2);
    }

    #[test]
    fn ticks_and_decimals_agree_for_every_width() {
        // A tick printed with its decimals must read back as itself: else two ticks could look alike.
        for step in 0..400 {
            let width = 1e-6 * 1.07_f64.powi(step);
            let domain = Domain { low: -0.31 * width, high: 0.69 * width };
            let (ticks, decimals) = (domain.ticks(5), domain.tick_decimals(5));
            assert!((2..=12).contains(&ticks.len()), "{width}: {ticks:?}");
            for tick in ticks {
                let read: f64 = format!("{tick:.decimals$}").parse().expect("a printed number");
                assert!((read - tick).abs() < 1e-6 * width, "{tick} prints as {read}");
            }
        }
    }

    #[test]
    fn a_domain_always_has_width() {
        let cases: [&[f64]; 6] =
            [&[], &[3.0], &[0.0, 0.0], &[f64::NAN], &[f64::INFINITY, 1.0], &[1e300, -1e300]];
        for values in cases {
            let domain = Domain::covering(values.iter().copied());
            assert!(domain.high > domain.low, "{values:?}");
            assert!((domain.high - domain.low).is_finite(), "{values:?}");
        }
    }

    #[test]
    fn a_number_beyond_the_domain_lies_on_its_edge() {
        let scale = Scale::new(Domain { low: 0.0, high: 1.0 }, (10.0, 20.0));
        let placed =
            [scale.at(-5.0), scale.at(0.5), scale.at(7.0)].map(|place| place.round() as i32);
        assert_eq!(placed, [10, 15, 20]);
        assert!(scale.at(f64::NAN).is_nan() && scale.at(f64::INFINITY).is_nan());
    }
}
