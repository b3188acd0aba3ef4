//! Small pictures of block characters.

/// Cells of a bar to each side of zero.
const HALF_WIDTH: usize = 18;

/// Eighths of a block, filling from the left.
const EIGHTHS: [&str; 9] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"];

/// Returns bars for `values` on one scale around a common zero line.
///
/// Positive bars grow right in eighths of a cell. Negative ones grow left in whole and half cells,
/// since there are no blocks that fill from the right in eighths. Where no value is negative, the left
/// half is left out.
pub(crate) fn around_zero(values: &[f64]) -> Vec<String> {
    let largest = values.iter().fold(0.0_f64, |max, value| max.max(value.abs()));
    let has_negative = values.iter().any(|&value| value < 0.0);
    values.iter().map(|&value| one(value, largest, has_negative)).collect()
}

fn one(value: f64, largest: f64, has_left_half: bool) -> String {
    let cells = if largest > 0.0 { value.abs() / largest * HALF_WIDTH as f64 } else { 0.0 };
    if value < 0.0 {
        let halves = (cells * 2.0).round() as usize;
        let blocks = "█".repeat(halves / 2);
        let half = if halves % 2 == 1 { "▐" } else { "" };
        let blank = " ".repeat(HALF_WIDTH - halves / 2 - halves % 2);
        return format!("{blank}{half}{blocks}│{}", " ".repeat(HALF_WIDTH));
    }
    let eighths = (cells * 8.0).round() as usize;
    let blank_left = if has_left_half { " ".repeat(HALF_WIDTH) } else { String::new() };
    let blank_right = " ".repeat(HALF_WIDTH - eighths.div_ceil(8));
    format!("{blank_left}│{}{}{blank_right}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bar_has_the_same_width_and_the_zero_line_stands_still() {
        let bars = around_zero(&[1.0, 0.37, 0.0, -0.21, -1.0]);
        for bar in &bars {
            assert_eq!(bar.chars().count(), 2 * HALF_WIDTH + 1, "{bar}");
            assert_eq!(bar.chars().position(|c| c == '│'), Some(HALF_WIDTH), "{bar}");
        }
    }

    #[test]
    fn nothing_at_all_is_an_empty_bar() {
        assert_eq!(around_zero(&[0.0]), [format!("│{}", " ".repeat(HALF_WIDTH))]);
    }
}
