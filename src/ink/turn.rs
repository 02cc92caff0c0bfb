//! How a picture lies on the glass: a monitor that hangs upright is still one that lies, to the machine.

/// By how many quarters, clockwise, the picture is turned on the glass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn(u8);

impl Turn {
    /// A turn by so many degrees; nothing for one that is no whole number of quarters.
    ///
    /// ```
    /// use peerscape::ink::turn::Turn;
    ///
    /// let turn = Turn::by(90).expect("a quarter");
    /// assert_eq!(turn.size([1920, 1080]), [1080, 1920]);
    /// assert_eq!(turn.to_glass([0.0, 0.0], [1080.0, 1920.0]), [1920.0, 0.0]);
    /// assert_eq!(Turn::by(45), None);
    /// ```
    #[must_use]
    pub fn by(degrees: u32) -> Option<Self> {
        (degrees < 360 && degrees.is_multiple_of(90)).then_some(Self((degrees / 90) as u8))
    }

    /// The size of the picture on glass of a size, and the other way round.
    #[must_use]
    pub fn size<T: Copy>(self, [width, height]: [T; 2]) -> [T; 2] {
        if self.0 % 2 == 1 { [height, width] } else { [width, height] }
    }

    /// Where a place of a picture of this size lies on the glass.
    #[must_use]
    pub fn to_glass(self, [x, y]: [f32; 2], [width, height]: [f32; 2]) -> [f32; 2] {
        match self.0 {
            0 => [x, y],
            1 => [height - y, x],
            2 => [width - x, height - y],
            _ => [y, width - x],
        }
    }

    /// Which place of a picture of this size lies there on the glass.
    #[must_use]
    pub fn to_picture(self, at: [f32; 2], size: [f32; 2]) -> [f32; 2] {
        // What turns it back turns the glass, which is as large as the picture turned.
        Self((4 - self.0) % 4).to_glass(at, self.size(size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_quarters_are_none_and_every_place_comes_back() {
        let size = [1080.0, 1920.0];
        for degrees in [0, 90, 180, 270] {
            let turn = Turn::by(degrees).expect("a quarter");
            for at in [[0.0, 0.0], [1080.0, 1920.0], [10.0, 700.0]] {
                let glass = turn.to_glass(at, size);
                assert_eq!(turn.to_picture(glass, size), at, "{degrees}");
                let [w, h] = turn.size(size);
                assert!((0.0..=w).contains(&glass[0]) && (0.0..=h).contains(&glass[1]), "on the glass: {glass:?}");
            }
        }
        // Turned clockwise, the top left corner goes round by the right.
        let corner = |degrees| Turn::by(degrees).map(|turn| turn.to_glass([0.0, 0.0], size));
        let round = [[0.0, 0.0], [1920.0, 0.0], [1080.0, 1920.0], [0.0, 1080.0]];
        assert_eq!([0, 90, 180, 270].map(corner), round.map(Some));
    }
}
