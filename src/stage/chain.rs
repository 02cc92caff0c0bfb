//! Where the blocks of a chain stand that stands alone: five in a row, or three above two where a row would be too small
//! to read.

use crate::ink::sheet::Vec2;

/// A block's size as designed, and the gap between two (style §4).
pub const BLOCK: Vec2 = [284.0, 516.0];
const GAP: f32 = 77.0;
/// How many stand in one row, and in the upper of two.
pub const ROW: usize = 5;
const UPPER: usize = 3;
/// Between two rows, and room for blocks that have sunk.
const ROWS_GAP: f32 = 64.0;
/// How far blocks sink behind a broken one: the first after it, the second, and so on (style §4).
pub const SINKS: [f32; ROW] = [0.0, 26.0, 46.0, 60.0, 70.0];
/// Words are set in a block that is at least so large.
pub const READABLE: f32 = 0.7;

/// How blocks stand in a box: their scale, and how many in a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rows {
    /// The size beside the usual.
    pub scale: f32,
    /// How many stand in the first row.
    pub row: usize,
}

/// The width of so many blocks abreast.
fn wide(count: usize) -> f32 {
    (BLOCK[0] + GAP) * count as f32 - GAP
}

/// The height of so many rows, sunken blocks included.
fn high(rows: usize) -> f32 {
    (BLOCK[1] + ROWS_GAP) * rows as f32 - ROWS_GAP + SINKS[ROW - 1]
}

impl Rows {
    /// The larger of one row and two.
    #[must_use]
    pub fn of(room: Vec2) -> Self {
        let fit = |row: usize, rows: usize| (room[0] / wide(row)).min(room[1] / high(rows)).min(1.0);
        let (one, two) = (fit(ROW, 1), fit(UPPER, 2));
        if one >= two { Self { scale: one, row: ROW } } else { Self { scale: two, row: UPPER } }
    }

    /// The centre of a block, by its place in the row of all, in a box around `centre`.
    #[must_use]
    pub fn at(&self, place: usize, centre: Vec2) -> Vec2 {
        let rows = ROW.div_ceil(self.row);
        let (column, line) = (place % self.row, place / self.row);
        let left = centre[0] - wide(self.row) * 0.5 * self.scale;
        let top = centre[1] - high(rows) * 0.5 * self.scale;
        [
            left + ((BLOCK[0] + GAP) * column as f32 + BLOCK[0] * 0.5) * self.scale,
            top + ((BLOCK[1] + ROWS_GAP) * line as f32 + BLOCK[1] * 0.5) * self.scale,
        ]
    }

    /// Whether a block is joined to the one before it by a bar: not where a new row begins.
    #[must_use]
    pub fn joined(&self, place: usize) -> bool {
        !place.is_multiple_of(self.row)
    }
}

/// How high a box must be for a chain that is so wide to be as large as it can.
#[must_use]
pub fn height(room: f32) -> f32 {
    let one = (room / wide(ROW)).min(1.0);
    if one >= READABLE { high(1) * one } else { high(2) * (room / wide(UPPER)).min(1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_wall_has_one_row_and_a_narrow_one_two() {
        let lying = Rows::of([1728.0, height(1728.0)]);
        assert_eq!((lying.row, lying.scale), (5, 1.0));
        assert_eq!(lying.at(0, [960.0, 541.0])[0], 96.0 + 142.0);
        assert_eq!(lying.at(4, [960.0, 541.0])[0], 1824.0 - 142.0);
        let upright = Rows::of([952.0, height(952.0)]);
        assert_eq!(upright.row, 3);
        assert!(upright.scale > READABLE && !upright.joined(3) && upright.joined(4));
        let rows: Vec<f32> = (0..5).map(|place| upright.at(place, [540.0, 1000.0])[1]).collect();
        assert!(rows[0] == rows[2] && rows[3] == rows[4] && rows[3] > rows[0]);
    }
}
